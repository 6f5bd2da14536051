"""A broadcast that is under way or over: one message that counts up, its keys, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.flow import Visit, again, show
from handlers.talk import Key, Line, Screen, Show, Start, State, Style, Turn
from tasks.outreach import broadcast, told
from tasks.outreach.broadcast import OVER, Standing
from tasks.words import Join, Moment, Share, Words, _, _n

_BAR = 10
_LETTERS = "AB"
_SLOW = 0.1
"""Messages a second: below it a rate says nothing to anybody."""


def running(visit: Visit, number: int, toast: Words | None = None) -> Turn:
    """How it goes."""
    stands = broadcast.standing(visit.tx, number)
    return show(_state(number), Screen(lines(visit, stands), _keys(stands)), toast)


def progressed(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """It has moved on: seen by whoever looks at it just now."""
    if visit.flow != "broadcast" or visit.memory != _state(outcome["number"]).memory:
        return Turn(None, [])
    return running(visit, outcome["number"])


def _state(number: int) -> State:
    return State("broadcast", {"number": number, "place": "running"})


def lines(visit: Visit, stands: Standing) -> Sequence[Line]:
    """State, bar, how many, how fast."""
    head = _("Broadcast {number} · {state}", number=stands.number, state=told.state(stands))
    if stands.began_at is None:
        chosen = [Line(_n("{n} person so far", "{n} people so far", stands.total), Style.STRONG)]
        return [Line(head, Style.HEAD), *(chosen if stands.starts_at else []), *map(Line, _first_words(visit, stands))]
    tried = stands.total - stands.left
    share = tried / stands.total if stands.total else 0.0
    full = round(share * _BAR)
    said: list[Words] = [_n("{sent} of {n} sent", "{sent} of {n} sent", stands.total, sent=stands.sent)]
    said += _apart(stands)
    found = [
        Line(head, Style.HEAD),
        Line(Join(("▓" * full + "░" * (_BAR - full) + " ", _("{share}", share=Share(share))), ""), Style.STRONG),
        Line(Join(said, " · ")),
    ]
    if stands.draft.places is not None:
        found.append(Line(_("{taken} of {places} places taken", taken=stands.taken, places=stands.draft.places)))
    return [*found, *map(Line, _pace(visit, stands)), *map(Line, _first_words(visit, stands))]


def _apart(stands: Standing) -> Sequence[Words]:
    """What of it was not sent."""
    said: list[Words] = []
    if stands.failed:
        said.append(_n("{n} failed", "{n} failed", stands.failed))
    if stands.blocked:
        said.append(_n("{n} has blocked the bot", "{n} have blocked the bot", stands.blocked))
    if stands.dropped:
        said.append(_n("{n} not sent any more", "{n} not sent any more", stands.dropped))
    if stands.left:
        said.append(_n("{n} left", "{n} left", stands.left))
    return said


def _pace(visit: Visit, stands: Standing) -> Sequence[Words]:
    rate, to_go = stands.rate(visit.now), stands.to_go(visit.now)
    if stands.state in OVER and stands.ended_at:
        return [_("over since {when}", when=Moment(stands.ended_at))]
    if stands.state != "running" or not rate or to_go is None:
        return [told.timing(stands.draft.timing)] if stands.left or stands.state == "choosing" else []
    if stands.draft.timing.wave or rate < _SLOW:
        return [told.timing(stands.draft.timing), _("about {span} to go", span=timedelta(seconds=to_go))]
    return [_("{rate} a second · about {span} to go", rate=f"{rate:.1f}", span=timedelta(seconds=to_go))]


def _first_words(visit: Visit, stands: Standing) -> Sequence[Words]:
    """The beginning of what it says, to know it by."""
    words = told.beginning(stands.draft.content, visit.who.language)
    return [_("“{words}”", words=words)] if words else []


def _keys(stands: Standing) -> Sequence[Sequence[Key]]:
    number = stands.number
    cancel = Key(_("Call it off"), "broadcast.cancelling", number)
    forward: Mapping[str, Sequence[Key]] = {
        "choosing": [Key(_("Pause"), "broadcast.pause", number), cancel],
        "running": [Key(_("Pause"), "broadcast.pause", number), cancel],
        "paused": [Key(_("Go on"), "broadcast.resume", number), cancel],
    }
    outcome = [Key(_("What came of it"), "broadcast.outcome", number)] if stands.began_at else []
    look = Key(_("Look again"), "broadcast.open", number)
    rows = [forward.get(stands.state, []), outcome, [look, Key(_("All broadcasts"), "broadcast.home")]]
    return [row for row in rows if row]


# --------------------------------------------------------------------------- what its keys do


def pause(visit: Visit, number: int) -> Turn:
    """Hold it."""
    broadcast.pause(visit.tx, visit.actor, number, visit.now)
    return running(visit, number, _("It is paused: nobody else gets it for now."))


def resume(visit: Visit, number: int) -> Turn:
    """Go on."""
    broadcast.resume(visit.tx, visit.actor, number, visit.now)
    return running(visit, number, _("It goes on."))


def cancelling(visit: Visit, number: int) -> Turn:
    """Asks once more."""
    stands = broadcast.standing(visit.tx, number)
    text = [
        Line(_("Call it off?"), Style.STRONG),
        Line(_n("{n} person has it already. Nobody else gets it, and it cannot go on.",
                "{n} people have it already. Nobody else gets it, and it cannot go on.", stands.sent)),
    ]  # fmt: skip
    keys = [[Key(_("Back"), "broadcast.open", number)], [Key(_("Call it off"), "broadcast.cancel", number)]]
    return show(State("broadcast", {"number": number, "place": "cancelling"}), Screen(text, keys))


def cancel(visit: Visit, number: int) -> Turn:
    """Send no more of it, ever."""
    broadcast.cancel(visit.tx, visit.actor, number, visit.now)
    return running(visit, number, _("It is called off."))


# --------------------------------------------------------------------------- what came of it


def outcome(_visit: Visit, number: int) -> Turn:
    """It is counted outside of the turn."""
    screen = Screen([Line(_("Counting what came of it …"))], [[Key(_("Back"), "broadcast.open", number)]])
    state = State("broadcast", {"number": number, "place": "outcome"})
    return Turn(state, [Show(screen), Start("broadcast_outcome", {"number": number})])


def come(visit: Visit, found: Mapping[str, Any]) -> Turn:
    """What came of it, for whoever waits for it."""
    if visit.flow != "broadcast" or visit.memory.get("place") != "outcome":
        return Turn(None, [])
    if "variants" not in found:
        return again(_("Please try again in a moment: something on our side did not work."))
    number, compared = found["number"], found["variants"]
    text = [Line(_("Broadcast {number} · what came of it", number=number), Style.HEAD)]
    for at, one in enumerate(compared):
        text.append(Line(_came(one) if len(compared) == 1 else Join((f"{_LETTERS[at]}: ", _came(one)))))
    if len(compared) > 1:
        text.append(Line(_better(found["better"]), Style.STRONG))
    text += map(Line, _missed(found["missed"]))
    state = State("broadcast", {"number": number, "place": "outcome"})
    return show(state, Screen(text, [[Key(_("Back"), "broadcast.open", number)]]))


def _came(one: Mapping[str, Any]) -> Words:
    """Of one text: sent, began, and between what and what the share really lies."""
    if not one["sent"]:
        return _("Nobody has got it yet.")
    return _n(
        "{sent} got it, {n} began to work since: {share} (likely {low} to {high})",
        "{sent} got it, {n} began to work since: {share} (likely {low} to {high})",
        one["began"],
        sent=one["sent"],
        share=Share(one["share"]),
        low=Share(one["low"]),
        high=Share(one["high"]),
    )


def _better(at: int | None) -> Words:
    if at is None:
        return _("The two may be as good: the difference can be chance.")
    return _("{letter} brought more people to work, and that is hardly chance.", letter=_LETTERS[at])


def _missed(missed: Sequence[Sequence[Any]]) -> Sequence[Words]:
    """Whom it did not reach, by why."""
    found: Counter[str] = Counter()
    for state, why, n in missed:
        found[told.why_missed(state, why)] += n
    return [told.missed(why, n) for why, n in found.most_common()]
