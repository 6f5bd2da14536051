"""A group of reviewers: a dispute with keys, a count of the votes without what they say, all of them with the verdict.

Each press is the vote of who presses, by the same rules as in private; nothing is shown of who answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers.flow import Desk
from handlers.parts import review as parts
from handlers.talk import Command, Heard, Key, Line, Press, Screen, Style
from tasks.access import may
from tasks.privacy.audit import Act, Actor, record
from tasks.review import dispute, together
from tasks.review.dispute import FAULTS
from tasks.review.errors import DecidedMeanwhileError, ReviewError, WithdrawnError
from tasks.review.reveal import Revealed
from tasks.review.together import Before
from tasks.store import Tx
from tasks.words import Join, Words, _, _n, error_words

_STALE = _("Go on with the newest message here: that key belongs to an earlier one.")


@dataclass(frozen=True, slots=True)
class Room:
    """A group: whether reviewers vote in it, in which language, on which case."""

    reviews: bool = False
    language: str = ""
    case: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Who speaks there, by their own conversation with the bot; ``id`` 0 for somebody it does not know."""

    id: int
    role: str
    language: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One event in a group, inside its transaction."""

    tx: Tx
    desk: Desk
    who: Member
    room: Room
    now: int
    channel: str = ""
    group: str = ""
    """The group's id on its channel."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes of it: ``edit`` changes the message that stands there, ``post`` is a new one below it."""

    room: Room
    toast: Words = ""
    edit: Screen | None = None
    post: Screen | None = None


def hear(visit: Visit, heard: Heard, key: Key | None) -> Answer | None:
    """The answer to an event in a group; None where there is nothing to say. ``key`` is None for a stale press."""
    if isinstance(heard, Command) and heard.name == "review":
        return _command(visit, heard.argument.strip().lower())
    if isinstance(heard, Press):
        return _press(visit, key)
    return None


def _recorded(visit: Visit, *, reviews: bool) -> None:
    figures = {"before": visit.room.reviews, "after": reviews, "group": visit.group}
    record(visit.tx, Actor(visit.who.id, visit.channel), Act("group", figures=figures), visit.now)


def _command(visit: Visit, argument: str) -> Answer | None:
    room = visit.room
    if argument == "here" and may(visit.who.role, "administer"):
        _recorded(visit, reviews=True)
        return _following(visit, Room(reviews=True, language=visit.who.language or "en"), 0)
    if argument == "stop" and room.reviews and may(visit.who.role, "administer"):
        _recorded(visit, reviews=False)
        said = Screen([Line(_("Reviewers vote here no longer. What they voted stays."), Style.STRONG)])
        return Answer(replace(room, reviews=False, case=None), post=said)
    if room.reviews and not argument and may(visit.who.role, "review"):
        return _following(visit, room, (room.case or 1) - 1)
    return None


def _press(visit: Visit, key: Key | None) -> Answer:
    if not visit.who.id:
        return Answer(visit.room, _("Write to me in a private chat first: then I know whose vote it is."))
    if not may(visit.who.role, "review"):
        return Answer(visit.room, _("Only reviewers vote here."))
    if key is None or not visit.room.reviews:
        return Answer(visit.room, _STALE)
    return _PRESSES[key.to](visit, key.value)


# --------------------------------------------------------------------------- presses


def _vote(visit: Visit, pressed: Mapping[str, Any]) -> Answer:
    case, value, since = int(pressed["case"]), pressed["value"], int(pressed["since"])
    found = together.this(visit.tx, visit.desk.catalog, case)
    if found is None:
        return Answer(visit.room, _STALE)
    try:
        outcome = together.cast(visit.tx, found.known, visit.who.id, case, value, since, visit.now)
    except (DecidedMeanwhileError, WithdrawnError) as error:
        return _ended(visit, case, error_words(error))
    except ReviewError as error:
        return Answer(visit.room, error_words(error))
    said = Join(("✓ ", dispute.words(found.known.spec, value)))
    if outcome.state in {"decided", "senior"}:
        return _ended(visit, case, said)
    now = together.this(visit.tx, visit.desk.catalog, case) or found
    taken = _("{vote}. Tap another key to change it, until the verdict.", vote=said)
    return Answer(visit.room, taken, edit=screen(now, since))


def _ended(visit: Visit, case: int, toast: Words) -> Answer:
    """What became of it stays, and the next one comes below."""
    found = together.this(visit.tx, visit.desk.catalog, case)
    edit = _revealed(visit, found) if found else None
    return replace(_following(visit, visit.room, case), toast=toast, edit=edit)


def _faults(visit: Visit, pressed: Mapping[str, Any]) -> Answer:
    found = together.this(visit.tx, visit.desk.catalog, int(pressed["case"]))
    return Answer(visit.room, edit=at_fault(found, int(pressed["since"]))) if found else Answer(visit.room, _STALE)


def _back(visit: Visit, pressed: Mapping[str, Any]) -> Answer:
    found = together.this(visit.tx, visit.desk.catalog, int(pressed["case"]))
    return Answer(visit.room, edit=screen(found, int(pressed["since"]))) if found else Answer(visit.room, _STALE)


def _another(visit: Visit, after: int) -> Answer:
    found = _following(visit, visit.room, after)
    return Answer(found.room, edit=found.post)


_PRESSES: Mapping[str, Callable[[Visit, Any], Answer]] = {
    "group.vote": _vote,
    "group.faults": _faults,
    "group.back": _back,
    "group.another": _another,
}


# --------------------------------------------------------------------------- screens


def _following(visit: Visit, room: Room, after: int) -> Answer:
    found = together.following(visit.tx, visit.desk.catalog, after)
    if found is None:
        return Answer(replace(room, case=None), post=_nothing())
    return Answer(replace(room, case=found.case.id), post=screen(found, visit.now))


def _nothing() -> Screen:
    lines = [
        Line(_("Nothing to vote on just now."), Style.STRONG),
        Line(_("Items that the crowd cannot agree on come here.")),
    ]
    return Screen(lines, [[Key(_("Look again"), "group.another", 0)]])


def screen(found: Before, since: int) -> Screen:
    """The dispute, and how many votes are in."""
    screen = parts.dispute(found.known, found.shown, {}, None, alone=False)
    here = {"case": found.case.id, "since": since}
    candidates = [
        [replace(key, to="group.vote", value={**here, "value": key.value}) for key in row]
        for row in screen.keys[: len(found.shown.candidates)]
    ]
    more = [Key(_("The item is at fault"), "group.faults", here), Key(_("Another one"), "group.another", found.case.id)]
    return replace(screen, lines=[*screen.lines[:-1], _count(found)], keys=[*candidates, more])


def _count(found: Before) -> Line:
    said = _n("{votes} of {n} vote", "{votes} of {n} votes", found.case.wanted, votes=found.case.votes)
    return Line(said, Style.FAINT)


def at_fault(found: Before, since: int) -> Screen:
    """What can be wrong with the item, for all to see; the way back is a key."""
    here = {"case": found.case.id, "since": since}
    keys = [[Key(said, "group.vote", {**here, "value": {"fault": reason}})] for reason, said in FAULTS.items()]
    screen = parts.fault(found.known, found.shown)
    return replace(screen, lines=[*screen.lines, _count(found)], keys=[*keys, [Key(_("Back"), "group.back", here)]])


def _revealed(visit: Visit, found: Before) -> Screen:
    """The verdict with all votes, or why there is none; no keys."""
    case, shown = found.case, found.shown
    if case.verdict:
        votes = together.votes(visit.tx, case)
        return replace(parts.revealed(Revealed(found.known, case, shown.item, shown.pictures, votes)), keys=[])
    said = _("This one needs no decision any more.")
    if case.state == "senior":
        said = _("Votes do not decide this one: an admin does, in private.")
    asked = parts.dispute(found.known, shown, {}, None, alone=False)
    return replace(asked, lines=[*asked.lines[:-1], Line(said, Style.STRONG)], keys=[])
