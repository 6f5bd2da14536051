"""A broadcast that is being written: what it looks like, whom it reaches and when; from here it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.flow import Visit, show
from handlers.parts.sample import sample
from handlers.talk import Action, Key, Line, Sample, Screen, Show, Start, State, Style, Toast, Turn
from tasks import approval, asked
from tasks.outreach import broadcast, told
from tasks.outreach.broadcast import Draft, MeanwhileError, Standing
from tasks.outreach.content import Content
from tasks.outreach.letter import letter
from tasks.words import Join, Words, _, _n, error_words

FLOW = "broadcast"
UNSENT = broadcast.UNSENT

_COUNTS_MS = 3_600_000
"""So long a count is good: whether a second admin is asked rests on it."""

Memory = Mapping[str, Any]


# --------------------------------------------------------------------------- what is remembered of it


def remember(visit: Visit, stands: Standing, place: str, writes: Sequence[Any] = ()) -> State:
    """The conversation stands at ``place`` of this draft and waits for ``writes``; what was counted stays with it.

    What was seen of it stays what it was until it is shown anew.
    """
    wanted = audience_mark(stands.draft)
    counted = visit.memory.get("counted", {})
    seen = _seen(visit, stands.number) or broadcast.mark(stands.draft)
    memory: dict[str, Any] = {"number": stands.number, "seen": seen, "place": place}
    if counted.get("of") == wanted:
        memory["counted"] = counted
    unknown = visit.memory.get("unknown", {})
    if unknown.get("of") == wanted:
        memory["unknown"] = unknown
    if writes:
        memory["writes"] = list(writes)
    return State(FLOW, memory)


def _seen(visit: Visit, number: int) -> str:
    """How it looked when they last saw it; empty where they have not."""
    return str(visit.memory.get("seen", "")) if visit.memory.get("number") == number else ""


def _sees(visit: Visit, number: int, draft: Draft) -> None:
    """They see it as it is."""
    visit.memory = {**visit.memory, "number": number, "seen": broadcast.mark(draft)}


def audience_mark(draft: Draft) -> str:
    """What decides how many people it is."""
    return broadcast.mark(Draft(Content(()), draft.audience, project=draft.project))


def counted(visit: Visit, draft: Draft) -> Memory | None:
    """How many people it is, where it has been counted of late."""
    found: Memory = visit.memory.get("counted", {})
    fresh = found.get("at", 0) > visit.now - _COUNTS_MS
    return found if fresh and found.get("of") == audience_mark(draft) else None


def kept_of(outcome: Memory, now: int) -> Memory:
    """What is remembered of a count: of people their numbers alone."""
    kept = {name: outcome[name] for name in ("of", "total", "by_language", "asleep", "wakes", "unreachable")}
    return {**kept, "sample": [one["id"] for one in outcome["sample"]], "at": now}


def count(visit: Visit, stands: Standing) -> Sequence[Start]:
    """Have it counted, where it has not been."""
    if counted(visit, stands.draft):
        return ()
    arguments = {
        "audience": stands.draft.audience.pack(),
        "project": stands.draft.project,
        "number": stands.number,
        "of": audience_mark(stands.draft),
    }
    return (Start("audience", arguments),)


# --------------------------------------------------------------------------- changing it


def changed(visit: Visit, number: int, alter: Callable[[Draft], Draft], then: Callable[[], Turn]) -> Turn:
    """Change it if it still is what was seen; else it is shown anew, with a word."""
    stands = broadcast.standing(visit.tx, number)
    altered = alter(stands.draft)
    try:
        broadcast.change(visit.tx, visit.actor, number, altered, visit.now, seen=_seen(visit, number))
    except MeanwhileError:
        return shown(visit, number)
    _sees(visit, number, altered)
    return then()


# --------------------------------------------------------------------------- the screen


def shown(visit: Visit, number: int, toast: Words | None = None, *, looks: bool = False) -> Turn:
    """The draft; with ``looks`` below what people will see, as they will see it.

    Whole, and with a word, where somebody else has changed it since they saw it.
    """
    stands = broadcast.standing(visit.tx, number)
    if _seen(visit, number) not in {"", broadcast.mark(stands.draft)}:
        toast, looks = error_words(MeanwhileError()), True
    _sees(visit, number, stands.draft)
    state = remember(visit, stands, "draft")
    actions: list[Action] = [Toast(toast)] if toast else []
    if looks:
        actions += samples(visit, stands)
    screen = Screen(_lines(visit, stands), _keys(visit, stands))
    return Turn(state, [*actions, Show(screen, fresh=looks), *count(visit, stands)])


def samples(visit: Visit, stands: Standing) -> Sequence[Sample]:
    """What people will see: a message for each text and language."""
    said = letter(visit.tx, visit.desk.catalog, stands.number)
    assert said is not None  # noqa: S101 - it has just been read
    return [
        sample(said, variant, language or visit.who.language or "en")
        for variant, text in enumerate(said.content.variants)
        for language in text
    ]


def _lines(visit: Visit, stands: Standing) -> Sequence[Line]:
    draft, found = stands.draft, counted(visit, stands.draft)
    waits = stands.state == "waiting"
    head = _("Broadcast {number} · waits for a second admin", number=stands.number) if waits else _(
        "Broadcast {number} · not sent yet", number=stands.number
    )  # fmt: skip
    lines = [Line(head, Style.HEAD), Line(reach(found), Style.STRONG)]
    if found and not found["total"]:
        lines.append(Line(_("Choose more people: loosen what narrows it.")))
    lines.append(Line(_("Who: {who}", who=Join(told.audience(visit.tx, visit.desk.catalog, draft.audience), " · "))))
    lines.append(Line(_("When: {when}", when=told.timing(draft.timing))))
    lines += map(Line, about(visit, draft))
    if found:
        texts = draft.content.variants[0] if draft.content.variants else {}
        lines += [Line(words) for words in told.fallbacks(texts, found["by_language"])]
        if found["unreachable"]:
            lines.append(Line(told.unreachable(found["unreachable"]), Style.FAINT))
    return lines


def about(visit: Visit, draft: Draft) -> Sequence[Words]:
    """Its project, its places, whether it compares two texts."""
    said: list[Words] = []
    if draft.project is not None:
        said.append(_("Project: {title}", title=told.title(visit.tx, visit.desk.catalog, draft.project)))
    if draft.places is not None:
        said.append(_n("{n} place, counted down on the message", "{n} places, counted down on the message",
                       draft.places))  # fmt: skip
        if draft.project is not None and not visit.desk.catalog.get(visit.tx, draft.project).spec.audience.invited:
            said.append(_("The project is open to others, too: places only count who comes by this message."))
    if len(draft.content.variants) > 1:
        said.append(_("Two texts: each is sent to one half."))
    return said


def reach(found: Memory | None) -> Words:
    """To how many people, in which languages, how many are asleep."""
    if found is None:
        return _("Counting whom it reaches …")
    return told.reach(found["total"], found["by_language"], found["asleep"], found["wakes"])


def _keys(visit: Visit, stands: Standing) -> Sequence[Sequence[Key]]:
    number, found = stands.number, counted(visit, stands.draft)
    when, who = Key(_("When"), "broadcast.when", number), Key(_("Who"), "broadcast.who", number)
    if found and not found["total"]:
        first = [[who, when]]
    elif stands.state == "waiting":
        first = [[Key(_("Look again"), "broadcast.open", number)], [when, who]]
    else:
        first = [[Key(_("Send"), "broadcast.send", number)], [when, who]]
    return [
        *first,
        [Key(_("Edit"), "broadcast.edit", number), Key(_("Try it on me"), "broadcast.attempt", number)],
        [Key(_("See it again"), "broadcast.look", number), Key(_("Drop it"), "broadcast.dropping", number)],
        [Key(_("All broadcasts"), "broadcast.home")],
    ]


# --------------------------------------------------------------------------- what its keys do


def look(visit: Visit, number: int) -> Turn:
    """What people will see, once more."""
    return shown(visit, number, looks=True)


def send(visit: Visit, number: int, running: Callable[[Visit, int], Turn]) -> Turn:
    """Begin, or ask a second admin where it goes to very many people; ``running`` shows one that is under way."""
    stands, seen = broadcast.standing(visit.tx, number), _seen(visit, number)
    found = counted(visit, stands.draft)
    if found is None:
        return shown(visit, number, _("One moment: it is being counted whom it reaches."))
    if not found["total"]:
        return shown(visit, number, _("Choose more people first: it would reach nobody."))
    broadcast.check(visit.tx, visit.desk.catalog, stands.draft, list(visit.desk.languages), visit.now)
    try:
        if approval.over(visit.desk.limits, people=found["total"]):
            return _ask(visit, number, found["total"], seen)
        broadcast.send(visit.tx, visit.desk.catalog, visit.actor, number, visit.now, seen=seen)
    except MeanwhileError:
        return shown(visit, number)
    return running(visit, number)


def _ask(visit: Visit, number: int, people: int, seen: str) -> Turn:
    broadcast.wait(visit.tx, number, seen=seen)
    draft = broadcast.standing(visit.tx, number).draft
    wanted = approval.Ask("broadcast", asked.of_broadcast(number, draft, people), people)
    approval.ask(visit.tx, visit.actor, wanted, visit.now)
    return shown(visit, number, _("Another admin is asked to confirm it: /approvals shows it to them."))


def attempt(visit: Visit, number: int) -> Turn:
    """The message to whoever tries it, and to nobody else, in their language."""
    said = letter(visit.tx, visit.desk.catalog, number)
    variants = range(len(said.content.variants)) if said else ()
    tried = [sample(said, variant, visit.who.language or "en") for variant in variants if said]
    turn = shown(visit, number, _("Only you have got it."), looks=False)
    return Turn(turn.state, [*tried, *(_below(action) for action in turn.actions)])


def _below(action: Action) -> Action:
    return replace(action, fresh=True) if isinstance(action, Show) else action


def dropping(visit: Visit, number: int) -> Turn:
    """Asks once more."""
    stands = broadcast.standing(visit.tx, number)
    lines = [
        Line(_("Drop this broadcast?"), Style.STRONG),
        Line(_("Nobody has got it. What was written is gone then.")),
    ]
    keys = [[Key(_("Keep it"), "broadcast.open", number)], [Key(_("Drop it"), "broadcast.drop", number)]]
    return show(remember(visit, stands, "dropping"), Screen(lines, keys))
