"""Working: instructions, item after item, skip, report, undo, pause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.ask import ASKS, Ask, Drafted, HandIn
from handlers.flow import Flow, Visit, again, show
from handlers.menu import become_reviewer
from handlers.parts import firings
from handlers.parts import task as parts
from handlers.parts.qualify import shut
from handlers.qualify import arrive, enter
from handlers.talk import Key, Original, Picture, Said, Show, State, Turn
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, Offer, holds, offer
from tasks.assignment.errors import AssignmentError
from tasks.behaviour.recording import Where
from tasks.money.wallet import earned_since
from tasks.profile import to_be_said
from tasks.projects.catalog import Known
from tasks.qualification import review_quiz
from tasks.qualification.door import still
from tasks.rules.look import look
from tasks.words import Join, Money, Words, _, error_words

_SITTING = 20


def _known(visit: Visit) -> Known:
    return visit.desk.catalog.get(visit.tx, int(visit.memory["project"]))


def _where(visit: Visit) -> Where:
    return Where(visit.who.channel, visit.who.zone)


def _ask(known: Known) -> Ask:
    return ASKS[known.spec.kind]


# --------------------------------------------------------------------------- into a project


def choose(visit: Visit, project: int) -> Turn:
    """To the door of a project."""
    return arrive(visit, visit.desk.catalog.get(visit.tx, project))


def _begin(visit: Visit, _value: object) -> Turn:
    return _next(visit, _known(visit), {"project": visit.memory["project"], **_sits_down(visit)})


def _sits_down(visit: Visit) -> Mapping[str, Any]:
    """The counts of a sitting that begins."""
    return {"done": 0, "checked": 0, "right": 0, "since": visit.now}


def resume(visit: Visit, known: Known, toast: Words | None = None) -> Turn:
    """To the item in hand, past the door: what somebody has begun they may finish."""
    found = offer(visit.tx, known, visit.who.id, visit.now, visit.desk.rng)
    memory = {"project": known.id, **_sits_down(visit)}
    if isinstance(found, NoWork):
        return show(State("work", memory), parts.no_work(known, found), toast)
    return _item(visit, known, {**memory, "task": found.task, "draft": None, "page": 0}, found, toast)


def _take_up(visit: Visit, project: int) -> Turn:
    """To the item that they left open, its sitting as it was; to the door where it is theirs no more."""
    known = visit.desk.catalog.get(visit.tx, project)
    if visit.flow == "work" and visit.memory.get("project") == known.id and visit.memory.get("task") is not None:
        return _current(visit, visit.memory)
    return resume(visit, known) if holds(visit.tx, known, visit.who.id, visit.now) else arrive(visit, known)


def _next(visit: Visit, known: Known, memory: Mapping[str, Any], toast: Words | None = None) -> Turn:
    """The next item, the end of a sitting, or why there is none."""
    if memory.get("done", 0) >= _SITTING:
        return _rest(visit, known, memory, toast)
    here = still(visit.tx, known, visit.who, visit.now)
    if here.state not in {"open", "closed"}:
        return enter(visit, known, here, toast)
    if here.state == "closed" and known.state == "live":
        return show(State("work", {**memory, "task": None}), shut(known, here), toast)
    found = offer(visit.tx, known, visit.who.id, visit.now, visit.desk.rng)
    if isinstance(found, NoWork):
        return show(State("work", {**memory, "task": None}), parts.no_work(known, found), toast)
    memory = {**memory, "task": found.task, "draft": None, "page": 0}
    return _item(visit, known, memory, found, toast)


def _item(visit: Visit, known: Known, memory: Mapping[str, Any], found: Offer, toast: Words | None = None) -> Turn:
    undo = _undo_words(known, memory) if found.can_undo else None
    screen = parts.item(known, _ask(known), found, memory, _SITTING, undo, visit.who.id)
    return show(State("work", memory), screen, toast)


def _undo_words(known: Known, memory: Mapping[str, Any]) -> Words:
    last = memory.get("last")
    if last is None:
        return _("↶ Undo")
    if last == parts.SKIPPED:
        return _("↶ Undo the skip")
    if last == parts.REPORTED:
        return _("↶ Undo the report")
    return _("↶ Undo “{answer}”", answer=_ask(known).words(known.spec, last))


def _current(visit: Visit, memory: Mapping[str, Any], toast: Words | None = None) -> Turn:
    """The item in hand once more, as the memory has it."""
    known = _known(visit)
    found = offer(visit.tx, known, visit.who.id, visit.now, visit.desk.rng)
    if isinstance(found, NoWork) or found.task != memory.get("task"):
        return _next(visit, known, memory, toast)
    return _item(visit, known, memory, found, toast)


def _looked(visit: Visit, known: Known, memory: Mapping[str, Any], toast: Words) -> Turn:
    """What comes next, once the rules have looked at what was done: they may stop it, or have something to say."""
    done = look(visit.tx, visit.desk.rules, known, visit.who.id, visit.now)
    return firings.told(known, _next(visit, known, memory, toast), done)


def _earned(visit: Visit, known: Known, memory: Mapping[str, Any]) -> Money | None:
    """What the answers of this sitting have earned; None where that is nothing."""
    reward, since = known.spec.reward, memory.get("since")
    if reward is None or since is None or not memory.get("done"):
        return None
    found = earned_since(visit.tx, visit.who.id, known.id, reward.currency, since)
    return found if found.minor else None


def _rest(visit: Visit, known: Known, memory: Mapping[str, Any], toast: Words | None = None) -> Turn:
    screen = parts.sitting(memory, _earned(visit, known, memory))
    if review_quiz.offered(visit.tx, known, visit.who, visit.now):
        screen = replace(screen, keys=[*screen.keys, [become_reviewer(known)]])
    if memory.get("done", 0) >= _SITTING and to_be_said(visit.tx, visit.who, _SITTING):
        screen = replace(screen, keys=[*screen.keys, [Key(_("Say what time it is for you"), "profile.clock", 0)]])
    return show(State("work", {**memory, "task": None}), screen, toast)


# --------------------------------------------------------------------------- answering


def _answer(visit: Visit, value: Any) -> Turn:
    known = _known(visit)
    return _take(visit, known, _ask(known).pressed(known.spec, visit.memory.get("draft"), value))


def _said(visit: Visit, said: Said) -> Turn:
    known = _known(visit)
    if visit.memory.get("task") is None:
        return again(_("Please tap one of the keys below the message."))
    taken = _ask(known).said(known.spec, visit.memory.get("draft"), said.text)
    if taken is None:
        return again(_("Please answer with a tap on one of the keys: this question needs no text."))
    return _take(visit, known, taken)


def _take(visit: Visit, known: Known, taken: HandIn | Drafted) -> Turn:
    task = int(visit.memory["task"])
    if isinstance(taken, Drafted):
        changed = (visit.memory.get("draft"), taken.draft)
        answering.touch(visit.tx, known, visit.who.id, task, visit.now, changes=taken.changes, changed=changed)
        return _current(visit, {**visit.memory, "draft": taken.draft})
    try:
        stored = answering.submit(visit.tx, known, visit.who.id, task, taken.raw, visit.now, _where(visit))
    except AssignmentError as error:
        return _next(visit, known, visit.memory, error_words(error))
    memory = {
        **visit.memory,
        "last": stored.value,
        "done": visit.memory.get("done", 0) + 1,
        "checked": visit.memory.get("checked", 0) + int(stored.right is not None),
        "right": visit.memory.get("right", 0) + int(stored.right is True),
        "was": stored.right,
    }
    said = Join(("✓ ", _ask(known).words(known.spec, stored.value)))
    if stored.right is not None:  # the rules look after the next one: at once would tell which items are checks
        return _next(visit, known, memory, said)
    return _looked(visit, known, memory, said)


def _page(visit: Visit, page: int) -> Turn:
    return _current(visit, {**visit.memory, "page": page})


def _back(visit: Visit, _value: object) -> Turn:
    return _current(visit, visit.memory)


def _undo(visit: Visit, _value: object) -> Turn:
    known = _known(visit)
    memory = {**visit.memory, "last": None, "draft": None}
    try:
        task = answering.undo(visit.tx, known, visit.who.id, visit.now)
    except AssignmentError as error:
        return _next(visit, known, memory, error_words(error))
    if visit.memory.get("last") not in (None, parts.SKIPPED, parts.REPORTED):
        memory |= _without_last(visit.memory)
    return _current(visit, {**memory, "task": task}, _("Taken back: answer again."))


def _without_last(memory: Mapping[str, Any]) -> Mapping[str, Any]:
    """The counts of this sitting without its last answer: a check that counted twice would be known by it."""
    was = memory.get("was")
    counts = {"done": 1, "checked": int(was is not None), "right": int(was is True)}
    return {"was": None, **{name: max(0, memory.get(name, 0) - count) for name, count in counts.items()}}


# --------------------------------------------------------------------------- skip, report, more


def _skip(visit: Visit, _value: object) -> Turn:
    return show(State("work", visit.memory), parts.reasons(_("Why skip it?"), parts.SKIP_REASONS, "work.skipped"))


def _report(visit: Visit, _value: object) -> Turn:
    return show(
        State("work", visit.memory), parts.reasons(_("What is wrong with it?"), parts.REPORT_REASONS, "work.reported")
    )


def _skipped(visit: Visit, reason: str) -> Turn:
    return _give_back(visit, reason, _("Skipped"), report=False)


def _reported(visit: Visit, reason: str) -> Turn:
    return _give_back(visit, reason, _("Thank you, it will be looked at"), report=True)


def _give_back(visit: Visit, reason: str, toast: Words, *, report: bool) -> Turn:
    known = _known(visit)
    try:
        task = int(visit.memory["task"])
        answering.skip(visit.tx, known, visit.who.id, task, reason, visit.now, _where(visit), report=report)
    except AssignmentError as error:
        return _next(visit, known, visit.memory, error_words(error))
    return _looked(visit, known, {**visit.memory, "last": parts.REPORTED if report else parts.SKIPPED}, toast)


def _more(visit: Visit, _value: object) -> Turn:
    return show(State("work", visit.memory), parts.more(_known(visit)))


def _instructions(visit: Visit, _value: object) -> Turn:
    known = _known(visit)
    answering.touch(visit.tx, known, visit.who.id, int(visit.memory["task"]), visit.now, instructions=1)
    return show(State("work", visit.memory), parts.instructions(known, begin=False))


def _whole(visit: Visit, _value: object) -> Turn:
    """The picture as a file, and the item below it."""
    known = _known(visit)
    found = offer(visit.tx, known, visit.who.id, visit.now, visit.desk.rng)
    turn = _current(visit, visit.memory)
    if isinstance(found, NoWork) or found.task != visit.memory.get("task"):
        return turn
    content = found.pictures.get(known.spec.show.image or "")
    if not content or not parts.shows_whole(known):
        return turn
    answering.touch(visit.tx, known, visit.who.id, found.task, visit.now, media=1)
    below = [replace(action, fresh=True) if isinstance(action, Show) else action for action in turn.actions]
    return replace(turn, actions=[Original(Picture(content), _("Picture")), *below])


def _stop(visit: Visit, _value: object) -> Turn:
    return _rest(visit, _known(visit), visit.memory)


def _go_on(visit: Visit, _value: object) -> Turn:
    return _next(visit, _known(visit), {**visit.memory, **_sits_down(visit), "was": None})


def pause(visit: Visit) -> Turn | None:
    """The end of this sitting; None for somebody who has no item in hand."""
    return _stop(visit, None) if visit.flow == "work" and visit.memory.get("task") is not None else None


def _presses() -> Mapping[str, Any]:
    heard: Sequence[Any] = (
        choose, _take_up, _begin, _answer, _page, _back, _undo, _skip, _skipped, _report, _reported, _more, _whole,
        _instructions, _stop, _go_on,
    )  # fmt: skip
    return {hear.__name__.removeprefix("_"): hear for hear in heard}


WORK = Flow("work", consented=True, presses=_presses(), said=_said)
