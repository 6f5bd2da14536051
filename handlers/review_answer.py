"""Looking at one answer after the other: accept, correct, ask to do it again, reject with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.ask import ASKS, Drafted, HandIn
from handlers.flow import Flow, Visit, again, show
from handlers.parts import case as parts
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks.projects.catalog import Known
from tasks.review import answers, seats, voting
from tasks.review.answers import Shown
from tasks.review.errors import BudgetSpentError, ReviewError
from tasks.review.reasons import reasons
from tasks.review.seats import Seated
from tasks.words import Join, Local, Words, _, _n, error_words

_BACK = Key(_("Back"), "review_answer.back")
_DONE: Mapping[str, Words] = {
    "accept": _("✓ Accepted"),
    "repair": _("✓ Accepted as corrected"),
    "redo": _("✓ Sent back to be done again"),
    "reject": _("✓ Rejected: the worker is told why"),
}
_ASKED: Mapping[str, Words] = {
    "redo": _("What is to be done better?"),
    "reject": _("Why is it rejected?"),
}

Memory = Mapping[str, Any]


# --------------------------------------------------------------------------- the next one


def _start(visit: Visit, project: int, toast: Words | None = None) -> Turn:
    """The next answer of a project."""
    known = visit.desk.catalog.get(visit.tx, project)
    try:
        seat = seats.take(visit.tx, known, visit.who, "answer", visit.now, visit.desk.rng)
    except BudgetSpentError as error:
        return _none(known, error_words(error), toast)
    if seat is None:
        return _none(known, _("No answer waits for you here just now."), toast)
    return _shown(visit, seat, {"project": project, "case": seat.case.id}, toast)


def _none(known: Known, why: Words, toast: Words | None) -> Turn:
    lines = [Line(Local(known.spec.title), Style.HEAD), Line(why, Style.STRONG)]
    return show(State("review_answer"), Screen(lines, [[parts.TO_REVIEWS]]), toast)


def _shown(visit: Visit, seat: Seated, memory: Memory, toast: Words | None = None) -> Turn:
    """What is in hand, as the memory has it: the answer, its correction, or the reasons."""
    found = answers.shown(visit.tx, seat.known, seat.case)
    screen = _SCREENS[memory.get("mode") or ""](seat.known, found, memory)
    return show(State("review_answer", memory), screen, toast)


def _current(visit: Visit, memory: Memory, toast: Words | None = None) -> Turn:
    held = seats.mine(visit.tx, visit.desk.catalog, visit.who)
    if held is None or held.case.id != memory.get("case"):
        return _start(visit, int(memory["project"]), toast)
    return _shown(visit, held, memory, toast)


def _skip(visit: Visit, _value: object) -> Turn:
    seats.skip(visit.tx, visit.who, int(visit.memory["case"]))
    return _start(visit, int(visit.memory["project"]), _("Skipped"))


# --------------------------------------------------------------------------- screens


def _answer_screen(known: Known, found: Shown, memory: Memory) -> Screen:
    """The answer, without a name, and what can be said of it."""
    lines = [*_head(known, found), *parts.note(str(memory.get("note", "")))]
    change = [[Key(_("Correct it"), "review_answer.repair")]] if found.can_change else []
    again_ = [Key(_("Ask to do it again"), "review_answer.why", "redo")] if found.can_change else []
    rows = [
        [Key(_("Accept"), "review_answer.accept")],
        *change,
        [*again_, Key(_("Reject"), "review_answer.why", "reject")],
        [Key(_("Skip"), "review_answer.skip"), parts.TO_REVIEWS],
        *parts.reading(known, found.pictures, found.item, found.given, "review_answer.read"),
    ]
    return Screen(lines, rows, parts.picture(known, found.pictures, found.item))


def _repair_screen(known: Known, found: Shown, memory: Memory) -> Screen:
    """The right answer, asked as workers are asked."""
    ask, draft = ASKS[known.spec.kind], memory.get("draft")
    rows = ask.rows(known.spec, draft, int(memory.get("page", 0)))
    keys = [[replace(key, to=key.to.replace("work.", "review_answer.", 1)) for key in row] for row in rows]
    lines = [*_head(known, found), Line(_("What is the right answer?"), Style.STRONG), *ask.lines(known.spec, draft)]
    return Screen(lines, [*keys, [_BACK]], parts.picture(known, found.pictures, found.item))


def _sure_screen(known: Known, found: Shown, memory: Memory) -> Screen:
    """The correction once more: it cannot be taken back."""
    lines = [
        *_head(known, found),
        Line(_("Corrected: {answer}", answer=parts.answer(known, memory["corrected"])), Style.STRONG),
        Line(_("The worker is paid in full; the item gets the corrected answer.")),
    ]
    rows = [[Key(_("Accept as corrected"), "review_answer.corrected"), _BACK]]
    return Screen(lines, rows, parts.picture(known, found.pictures, found.item))


def _why_screen(known: Known, found: Shown, memory: Memory) -> Screen:
    """The project's reasons, to be ticked."""
    what, ticked = memory["what"], memory.get("ticked", [])
    keys = [
        [Key(Join(("☑ " if why.key in ticked else "☐ ", why.words)), "review_answer.tick", why.key)]
        for why in reasons(known)
    ]
    done = _n("Reject ({n})", "Reject ({n})", len(ticked)) if what == "reject" else None
    done = done or _n("Send back ({n})", "Send back ({n})", len(ticked))
    lines = [*_head(known, found), Line(_ASKED[what], Style.STRONG), *parts.note(str(memory.get("note", "")))]
    rows = [*keys, [Key(done, "review_answer.say")], [_BACK]]
    return Screen(lines, rows, parts.picture(known, found.pictures, found.item))


def _head(known: Known, found: Shown) -> list[Line]:
    return [
        *parts.item(known, found.item, _("An answer")),
        Line(_("The answer:"), Style.FAINT),
        Line(parts.answer(known, found.given), Style.QUOTE),
    ]


def _read_screen(known: Known, found: Shown, memory: Memory) -> Screen:
    """All in full."""
    return parts.read(parts.full(known, found.item, found.given), int(memory["page"]), "review_answer.read", _BACK)


_SCREENS = {
    "": _answer_screen,
    "repair": _repair_screen,
    "sure": _sure_screen,
    "why": _why_screen,
    "read": _read_screen,
}


# --------------------------------------------------------------------------- deciding


def _accept(visit: Visit, _value: object) -> Turn:
    return _decide(visit, {"accept": True})


def _say(visit: Visit, _value: object) -> Turn:
    return _decide(visit, {str(visit.memory["what"]): visit.memory.get("ticked", [])})


def _corrected(visit: Visit, _value: object) -> Turn:
    return _decide(visit, {"repair": visit.memory["corrected"]})


def _decide(visit: Visit, value: Mapping[str, Any]) -> Turn:
    memory = visit.memory
    known = _known(visit)
    try:
        answers.check(known, value)
    except ReviewError as error:
        return _current(visit, memory, error_words(error))
    try:
        voting.vote(visit.tx, known, visit.who.id, int(memory["case"]), value, str(memory.get("note", "")), visit.now)
    except ReviewError as error:
        return _current(visit, {**memory, "mode": None, "ticked": []}, error_words(error))
    return _start(visit, known.id, _DONE[next(iter(value))])


def _why(visit: Visit, what: str) -> Turn:
    return _current(visit, {**visit.memory, "mode": "why", "what": what, "ticked": []})


def _tick(visit: Visit, key: str) -> Turn:
    ticked = list(visit.memory.get("ticked", []))
    ticked = [one for one in ticked if one != key] if key in ticked else [*ticked, key]
    return _current(visit, {**visit.memory, "ticked": ticked})


def _read(visit: Visit, page: int) -> Turn:
    return _current(visit, {**visit.memory, "mode": "read", "page": page})


def _back(visit: Visit, _value: object) -> Turn:
    return _current(visit, {**visit.memory, "mode": None, "draft": None, "ticked": []})


# --------------------------------------------------------------------------- correcting


def _repair(visit: Visit, _value: object) -> Turn:
    return _current(visit, {**visit.memory, "mode": "repair", "draft": None, "page": 0})


def _page(visit: Visit, page: int) -> Turn:
    return _current(visit, {**visit.memory, "page": page})


def _answer(visit: Visit, value: Any) -> Turn:
    """A key of the kind's own was pressed."""
    spec = _known(visit).spec
    return _put(visit, ASKS[spec.kind].pressed(spec, visit.memory.get("draft"), value))


def _put(visit: Visit, taken: HandIn | Drafted) -> Turn:
    if isinstance(taken, Drafted):
        return _current(visit, {**visit.memory, "draft": taken.draft})
    value = answers.check(_known(visit), {"repair": taken.raw})
    return _current(visit, {**visit.memory, "mode": "sure", "corrected": value["repair"]})


def _said(visit: Visit, said: Said) -> Turn:
    """The right answer in words, or the note to what is said next."""
    memory = visit.memory
    if memory.get("case") is None:
        return again(_("Please tap one of the keys below the message."))
    if memory.get("mode") != "repair":
        note = voting.checked_note(said.text)
        mode = None if memory.get("mode") == "read" else memory.get("mode")
        return _current(visit, {**memory, "mode": mode, "note": note}, _("Noted: now tap your answer."))
    spec = _known(visit).spec
    taken = ASKS[spec.kind].said(spec, memory.get("draft"), said.text)
    if taken is None:
        return again(_("Please answer with a tap on one of the keys: this question needs no text."))
    return _put(visit, taken)


def _known(visit: Visit) -> Known:
    return visit.desk.catalog.get(visit.tx, int(visit.memory["project"]))


def _presses() -> Mapping[str, Any]:
    heard: Sequence[Any] = (
        _start, _skip, _accept, _say, _corrected, _why, _tick, _read, _back, _repair, _page, _answer,
    )  # fmt: skip
    return {hear.__name__.removeprefix("_"): hear for hear in heard}


REVIEW_ANSWER = Flow("review_answer", permit="review", presses=_presses(), said=_said)
