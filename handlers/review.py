"""Reviewing: what waits for votes; a dispute with its candidates; what became of one's votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.admin.teaching import HOME as TEACH
from handlers.admin.teaching import key_of, teachable
from handlers.ask import ASKS, Drafted
from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts import review as parts
from handlers.talk import Said, State, Turn
from tasks.access import may
from tasks.kinds import AnswerError
from tasks.projects.catalog import Known
from tasks.review import dispute, reveal, seats, voting
from tasks.review.errors import BudgetSpentError, ReviewError
from tasks.review.seats import Seated
from tasks.words import Join, Words, _, error_words

_ON_A_PAGE = 8

Memory = Mapping[str, Any]


def review(visit: Visit, _argument: str = "") -> Turn:
    """The dispute in hand, or all that waits."""
    held = seats.mine(visit.tx, visit.desk.catalog, visit.who)
    if held is not None and held.case.what == "dispute":
        on_screen = visit.flow == "review" and visit.memory.get("case") == held.case.id
        return _back(visit, None) if on_screen else _start(visit, held.known.id)
    return home(visit)


def home(visit: Visit, _value: object = None, toast: Words | None = None, last: Memory | None = None) -> Turn:
    """What waits for this person; ``last`` is a vote that can be changed still."""
    held = seats.mine(visit.tx, visit.desk.catalog, visit.who)
    waits = seats.waiting(visit.tx, visit.desk.catalog, visit.who, visit.now)
    senior = len(reveal.seniors(visit.tx, visit.desk.catalog, visit.who, _ON_A_PAGE))
    new = reveal.unseen(visit.tx, visit.who)
    voted = new or len(reveal.became(visit.tx, visit.desk.catalog, visit.who, 1))
    in_hand = (held.known, held.case.what) if held else None
    screen = parts.home(waits, in_hand, senior, new, voted, _last_words(visit, last))
    if teachable(visit):
        screen = replace(screen, keys=[*screen.keys[:-1], [TEACH], *screen.keys[-1:]])
    return show(State("review", {"last": last} if last else {}), screen, toast)


def _last_words(visit: Visit, last: Memory | None) -> Words | None:
    known = visit.desk.catalog.get(visit.tx, last["project"]) if last else None
    return dispute.words(known.spec, last["vote"]) if known and last else None


# --------------------------------------------------------------------------- the next one


def _start(visit: Visit, project: int) -> Turn:
    return _next(visit, project, {})


def _next(visit: Visit, project: int, memory: Memory, toast: Words | None = None) -> Turn:
    """The next dispute of the project, or what else waits."""
    known = visit.desk.catalog.get(visit.tx, project)
    try:
        seat = seats.take(visit.tx, known, visit.who, "dispute", visit.now, visit.desk.rng)
    except BudgetSpentError as error:
        return home(visit, toast=Join([*([toast] if toast else []), error_words(error)], " "))
    if seat is None:
        return home(visit, toast=toast or _("That was all here for now."), last=memory.get("last"))
    fresh = {"project": project, "case": seat.case.id, "last": memory.get("last")}
    return _shown(visit, seat, fresh, toast)


def _shown(visit: Visit, seat: Seated, memory: Memory, toast: Words | None = None) -> Turn:
    found = dispute.shown(visit.tx, seat.known, seat.case, visit.who.id)
    alone = (
        may(visit.who.role, "administer")
        and not memory.get("changing")
        and not memory.get("alone")
        and not seat.planted
    )
    last = _last_words(visit, memory.get("last"))
    return show(State("review", memory), parts.dispute(seat.known, found, memory, last, alone=alone), toast)


def _current(visit: Visit, memory: Memory, toast: Words | None = None) -> Turn:
    """What is in hand once more, as the memory has it."""
    if memory.get("alone"):
        return _alone_again(visit, memory, toast)
    if memory.get("changing"):
        return _changing(visit, memory, toast)
    held = seats.mine(visit.tx, visit.desk.catalog, visit.who)
    if held is None or held.case.id != memory.get("case"):
        return _next(visit, int(memory["project"]), memory, toast)
    return _shown(visit, held, memory, toast)


def _skip(visit: Visit, _value: object) -> Turn:
    seats.skip(visit.tx, visit.who, int(visit.memory["case"]))
    return _next(visit, int(visit.memory["project"]), visit.memory, _("Skipped"))


# --------------------------------------------------------------------------- voting


def _vote(visit: Visit, value: Mapping[str, Any]) -> Turn:
    """A choice was made: it is a vote, or the decision of somebody who decides alone."""
    memory = visit.memory
    known = _known(visit)
    chosen = dispute.check(known, value)
    if memory.get("alone"):
        return show(State("review", {**memory, "chosen": chosen, "mode": "why"}), parts.why(known, chosen))
    case, note = int(memory["case"]), str(memory.get("note", ""))
    try:
        voting.vote(visit.tx, known, visit.who.id, case, chosen, note, visit.now)
    except ReviewError as error:
        return _next(visit, known.id, {}, error_words(error))
    last = {"case": case, "project": known.id, "vote": chosen}
    return _next(visit, known.id, {"last": last}, Join(("✓ ", dispute.words(known.spec, chosen))))


def _other(visit: Visit, _value: object) -> Turn:
    return _asked(visit, {**visit.memory, "mode": "other", "draft": None, "page": 0})


def _asked(visit: Visit, memory: Memory) -> Turn:
    known, found = _known(visit), _found(visit)
    return show(State("review", memory), parts.other(known, found, memory))


def _page(visit: Visit, page: int) -> Turn:
    return _asked(visit, {**visit.memory, "page": page})


def _answer(visit: Visit, value: Any) -> Turn:
    """A key of the kind's own was pressed."""
    known = _known(visit)
    taken = ASKS[known.spec.kind].pressed(known.spec, visit.memory.get("draft"), value)
    if isinstance(taken, Drafted):
        return _asked(visit, {**visit.memory, "draft": taken.draft})
    return _vote(visit, {"answer": taken.raw})


def _read(visit: Visit, page: int) -> Turn:
    return show(State("review", visit.memory), parts.read(_known(visit), _found(visit), page))


def _fault(visit: Visit, _value: object) -> Turn:
    return show(State("review", {**visit.memory, "mode": "fault"}), parts.fault(_known(visit), _found(visit)))


def _back(visit: Visit, _value: object) -> Turn:
    return _current(visit, {**visit.memory, "mode": None, "draft": None, "chosen": None})


def _said(visit: Visit, said: Said) -> Turn:
    """Another answer in words, the reason of a decision, or the note to the vote that follows."""
    memory = visit.memory
    if memory.get("case") is None:
        return again(_("Please tap one of the keys below the message."))
    if memory.get("mode") == "other":
        return _written(visit, said.text)
    if memory.get("mode") == "why":
        return _reason(visit, said.text)
    note = voting.checked_note(said.text)
    return _current(visit, {**memory, "mode": None, "note": note}, _("Noted: now tap your vote."))


def _written(visit: Visit, text: str) -> Turn:
    known = _known(visit)
    try:
        taken = ASKS[known.spec.kind].said(known.spec, visit.memory.get("draft"), text)
    except AnswerError as error:
        return again(error_words(error))
    if taken is None:
        return again(_("Please answer with a tap on one of the keys: this question needs no text."))
    if isinstance(taken, Drafted):
        return _asked(visit, {**visit.memory, "draft": taken.draft})
    return _vote(visit, {"answer": taken.raw})


# --------------------------------------------------------------------------- the last vote again


def _change(visit: Visit, _value: object) -> Turn:
    """The last vote once more: it can be changed until the verdict."""
    last = visit.memory.get("last") or {}
    try:
        seat, note = reveal.own(visit.tx, visit.desk.catalog, visit.who, int(last.get("case", 0)))
    except ReviewError as error:
        return home(visit, toast=error_words(error))
    memory = {"project": seat.known.id, "case": seat.case.id, "note": note, "changing": True}
    return _shown(visit, seat, memory, _("Vote again: until the verdict you can change your mind."))


def _changing(visit: Visit, memory: Memory, toast: Words | None = None) -> Turn:
    try:
        seat, _note = reveal.own(visit.tx, visit.desk.catalog, visit.who, int(memory["case"]))
    except ReviewError as error:
        return _next(visit, int(memory["project"]), {}, error_words(error))
    return _shown(visit, seat, memory, toast)


def _leave(visit: Visit, _value: object) -> Turn:
    if visit.memory.get("alone"):
        return home(visit)
    return _next(visit, int(visit.memory["project"]), {})


# --------------------------------------------------------------------------- deciding alone


def _senior(visit: Visit, _value: object = None, toast: Words | None = None) -> Turn:
    """The oldest that votes have not decided."""
    found = reveal.seniors(visit.tx, visit.desk.catalog, visit.who, 1)
    if not found:
        return home(visit, toast=toast or _("That was all here for now."))
    return _alone(visit, found[0].case.id, toast)


def _alone(visit: Visit, case: int, toast: Words | None = None) -> Turn:
    return _alone_again(visit, {"case": case, "alone": True}, toast)


def _alone_again(visit: Visit, memory: Memory, toast: Words | None = None) -> Turn:
    try:
        found = reveal.alone(visit.tx, visit.desk.catalog, visit.who, int(memory["case"]))
    except ReviewError as error:
        return home(visit, toast=error_words(error))
    known = found.known
    shown = dispute.shown(visit.tx, known, found.case, visit.who.id)
    memory = {**memory, "project": known.id}
    return show(State("review", memory), parts.alone(known, shown, memory, found.votes), toast)


def _reason(visit: Visit, text: str) -> Turn:
    reason = voting.checked_reason(text)
    memory = {**visit.memory, "reason": reason}
    return show(State("review", memory), parts.confirm(_known(visit), memory["chosen"], reason))


def _decide(visit: Visit, _value: object) -> Turn:
    known, memory = _known(visit), visit.memory
    case, chosen, reason = int(memory["case"]), memory["chosen"], str(memory.get("reason", ""))
    try:
        voting.decide(visit.tx, known, visit.who, case, chosen, reason, visit.now)
    except ReviewError as error:
        return home(visit, toast=error_words(error))
    return _senior(visit, toast=Join(("✓ ", dispute.words(known.spec, chosen))))


# --------------------------------------------------------------------------- what became of it


def _decided(visit: Visit, _value: object) -> Turn:
    found = reveal.became(visit.tx, visit.desk.catalog, visit.who, _ON_A_PAGE)
    return show(State("review"), parts.decided(found))


def _revealed(visit: Visit, case: int) -> Turn:
    try:
        found = reveal.look(visit.tx, visit.desk.catalog, visit.who, case)
    except ReviewError as error:
        return home(visit, toast=error_words(error))
    screen = parts.revealed(found)
    if found.verdict and "answer" in found.verdict:
        screen = replace(screen, keys=[*screen.keys, [key_of(visit, case)]])
    return show(State("review"), screen)


def _known(visit: Visit) -> Known:
    return visit.desk.catalog.get(visit.tx, int(visit.memory["project"]))


def _found(visit: Visit) -> dispute.Shown:
    case = seats.case(visit.tx, int(visit.memory["case"]))
    return dispute.shown(visit.tx, _known(visit), case, visit.who.id)


def _presses() -> Mapping[str, Any]:
    heard: Sequence[Any] = (
        home, _start, _skip, _vote, _other, _page, _answer, _read, _fault, _back, _change, _leave, _senior, _alone,
        _decide, _decided, _revealed,
    )  # fmt: skip
    return {hear.__name__.removeprefix("_"): hear for hear in heard}


REVIEW = Flow(
    "review",
    permit="review",
    commands={"review": Menu(review, _("Review: votes, answers, appeals"), permit="review")},
    presses=_presses(),
    said=_said,
)
