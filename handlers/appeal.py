"""Appeals as reviewers decide them: the item, the answer, why it was sent back, and what its author writes; blind."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.flow import Flow, Visit, again, show
from handlers.parts import case
from handlers.talk import Key, Line, Picture, Said, Screen, State, Style, Turn
from tasks.review import appeals, seats, voting
from tasks.review.appeals import Shown
from tasks.review.errors import ReviewError
from tasks.review.seats import Seated
from tasks.words import Join, Local, Words, _, error_words


def _take(visit: Visit, project: int, toast: Words | None = None) -> Turn:
    """The next appeal of a project."""
    known = visit.desk.catalog.get(visit.tx, project)
    seat = seats.take(visit.tx, known, visit.who, "appeal", visit.now, visit.desk.rng)
    if seat is None:
        lines = [Line(Local(known.spec.title), Style.HEAD), Line(_("No appeal waits for you here."), Style.STRONG)]
        return show(State("appeal_review"), Screen(lines, [[case.TO_REVIEWS]]), toast)
    return _shown(visit, seat, "", toast)


def _shown(visit: Visit, seat: Seated, note: str, toast: Words | None = None) -> Turn:
    found = appeals.shown(visit.tx, seat.known, seat.case)
    memory = {"project": seat.known.id, "case": seat.case.id, "note": note}
    lines = [*_item(seat, found), *_sides(found), *_note(note)]
    rows = [
        [Key(_("The answer is fine"), "appeal_review.vote", value=True)],
        [Key(_("The rejection stands"), "appeal_review.vote", value=False)],
        [Key(_("Skip"), "appeal_review.skip"), case.TO_REVIEWS],
        *case.reading(seat.known, found.pictures, found.item, _given(seat), "appeal_review.read"),
    ]
    content = found.pictures.get(seat.known.spec.show.image or "")
    picture = Picture(content, found.item.get(seat.known.spec.show.text or "", "")) if content else None
    return show(State("appeal_review", memory), Screen(lines, rows, picture), toast)


def _given(seat: Seated) -> Any:
    return json.loads(seat.case.given or "null")


def _read(visit: Visit, page: int) -> Turn:
    """All in full; back to the appeal with the note."""
    seat = seats.mine(visit.tx, visit.desk.catalog, visit.who)
    if seat is None or seat.case.id != visit.memory.get("case"):
        return _take(visit, int(visit.memory["project"]))
    texts = case.full(seat.known, appeals.shown(visit.tx, seat.known, seat.case).item, _given(seat))
    back = Key(_("Back"), "appeal_review.back")
    return show(State("appeal_review", visit.memory), case.read(texts, page, "appeal_review.read", back))


def _back(visit: Visit, _value: object) -> Turn:
    seat = seats.mine(visit.tx, visit.desk.catalog, visit.who)
    if seat is None or seat.case.id != visit.memory.get("case"):
        return _take(visit, int(visit.memory["project"]))
    return _shown(visit, seat, str(visit.memory.get("note", "")))


def _item(seat: Seated, found: Shown) -> list[Line]:
    spec = seat.known.spec
    text = found.item.get(spec.show.text or "", "")
    answer = case.answer(seat.known, _given(seat))
    return [
        Line(Join((Local(spec.title), " · ", _("An appeal"))), Style.HEAD),
        *([Line(text, Style.QUOTE)] if text else []),
        Line(Local(spec.question or spec.title), Style.STRONG),
        Line(_("The answer: {answer}", answer=answer)),
        Line(_("Is it fine after all?"), Style.STRONG),
    ]


def _sides(found: Shown) -> list[Line]:
    """Why it was sent back, and what its author says."""
    lines = [Line(_("Sent back: {reasons}", reasons=Join(found.why, "; ")))] if found.why else []
    if found.note:
        lines.append(Line(_("The reviewer writes: {note}", note=found.note)))
    return [*lines, Line(_("Its author writes:")), Line(found.words, Style.QUOTE)]


def _note(note: str) -> list[Line]:
    if note:
        return [Line(_("Your note: {note}", note=note))]
    return [Line(_("To say why, write it as a message first: its author and the first reviewer read it."), Style.FAINT)]


def _vote(visit: Visit, granted: object) -> Turn:
    known = visit.desk.catalog.get(visit.tx, int(visit.memory["project"]))
    note = str(visit.memory.get("note", ""))
    try:
        voting.vote(visit.tx, known, visit.who.id, int(visit.memory["case"]), {"granted": granted}, note, visit.now)
    except ReviewError as error:
        return _take(visit, known.id, error_words(error))
    return _take(visit, known.id, _("✓ The answer is fine") if granted else _("✓ The rejection stands"))


def _skip(visit: Visit, _value: object) -> Turn:
    seats.skip(visit.tx, visit.who, int(visit.memory["case"]))
    return _take(visit, int(visit.memory["project"]), _("Skipped"))


def _said(visit: Visit, said: Said) -> Turn:
    """A note to the vote that follows."""
    seat = seats.mine(visit.tx, visit.desk.catalog, visit.who)
    if seat is None or seat.case.id != visit.memory.get("case"):
        return again(_("Please tap one of the keys below the message."))
    return _shown(visit, seat, voting.checked_note(said.text), _("Noted: now tap your answer."))


def _presses() -> Mapping[str, Any]:
    heard: Sequence[Any] = (_take, _vote, _skip, _read, _back)
    return {hear.__name__.removeprefix("_"): hear for hear in heard}


APPEAL_REVIEW = Flow("appeal_review", permit="review", presses=_presses(), said=_said)
