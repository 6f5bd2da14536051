"""Votes, and the verdicts that come of them. Rows are locked in one order: people, task, case, votes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.errors import TurnAgainError
from db.queries import cases as raised
from db.queries import review, work
from db.queries.cases import Case
from db.queries.review import Mine
from db.session import Tx
from tasks.access import may
from tasks.money import earning
from tasks.people import Who
from tasks.projects.catalog import Known
from tasks.review import dispute, outcomes, records, seats
from tasks.review.errors import (
    DecidedMeanwhileError,
    LongNoteError,
    NoNoteError,
    NoSeatError,
    NotYourCaseError,
    ReviewError,
    SeatLostError,
    WithdrawnError,
)

MOST_OF_NOTE = 500
"""Characters."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the case: ``state`` open | senior | decided, and the verdict if there is one."""

    state: str
    verdict: Mapping[str, Any] | None = None


def vote(tx: Tx, known: Known, reviewer: int, case_id: int, value: Any, note: str, now: int) -> Outcome:
    """Store a vote, pay it, and decide the case if enough are in; or change a vote until the verdict.

    Raises ReviewError, or the InputError of a choice that does not fit.
    """
    case = _locked(tx, known, case_id)
    chosen = outcomes.CHECK[case.what](known, value)
    note = checked_note(note)
    mine = tx.one(review.OF_CASE, case_id=case_id, reviewer=reviewer)
    if mine is None:
        raise NotYourCaseError
    if mine.planted:
        return _planted(tx, known, case, mine, chosen, note, now)
    refuse_ended(case)
    if case.what in outcomes.REFUSE:
        outcomes.REFUSE[case.what](tx, known, case, chosen)
    if mine.state == "voted":
        kept = json.dumps(chosen, ensure_ascii=False)
        tx.run(review.CHANGE_VOTE, case_id=case_id, reviewer=reviewer, value=kept, note=note)
    else:
        case = _cast(tx, known, case, mine, chosen, note, now)
    return _counted(tx, known, case, now)


def vote_at_once(tx: Tx, known: Known, reviewer: int, case_id: int, value: Any, since: int, now: int) -> Outcome:
    """The same without a seat, which is taken with the vote: in a group all see the case, ``since`` then.

    Raises ReviewError, or the InputError of a choice that does not fit.
    """
    case = _locked(tx, known, case_id)
    refuse_ended(case)
    if tx.one(review.OF_CASE, case_id=case_id, reviewer=reviewer) is None:
        fits = tx.one(review.FITS, case_id=case_id, reviewer=reviewer)
        if fits is None or not fits.n:
            raise NotYourCaseError
        if not seats.again(tx, known, reviewer, case, since):
            raise NoSeatError
    return vote(tx, known, reviewer, case_id, value, "", now)


def decide(tx: Tx, known: Known, who: Who, case_id: int, value: Any, why: str, now: int) -> Outcome:
    """Decide a dispute alone, as an admin or, where votes did not, as a senior reviewer. Raises ReviewError."""
    case = _locked(tx, known, case_id, decides=True)
    chosen = outcomes.CHECK[case.what](known, value)
    why = checked_reason(why)
    if not may_decide(tx, who, case):
        raise NotYourCaseError
    refuse_ended(case)
    outcomes.decide(tx, known, case, chosen, why, 1.0, who.id, now)
    return Outcome("decided", chosen)


def may_decide(tx: Tx, who: Who, case: Case) -> bool:
    """Whether this person decides a dispute alone."""
    if case.what != "dispute":
        return False
    if may(who.role, "administer"):
        held = tx.one(review.HELD, project=case.project, task=case.task, person=who.id)
        return held is not None and not held.n
    senior = who.role == "reviewer" and case.state == "senior" and records.record(tx, who.id).senior
    fits = tx.one(review.FITS, case_id=case.id, reviewer=who.id) if senior else None
    return fits is not None and fits.n == 1


def _locked(tx: Tx, known: Known, case_id: int, *, decides: bool = False) -> Case:
    """The case with its task locked, and before it everybody whom a verdict would concern.

    Raises TurnAgainError where another vote has come meanwhile, so that this one may decide.
    """
    found = tx.one(raised.CASE, case_id=case_id)
    if found is None or found.project != known.id:
        raise NotYourCaseError
    decides = decides or _last(found)
    if decides:
        tx.all(review.LOCK_CONCERNED, project=known.id, task=found.task, case_id=case_id)
    tx.one(work.TASK_LOCKED, project=known.id, task=found.task)
    case = tx.one(raised.CASE_LOCKED, case_id=case_id)
    assert case is not None  # noqa: S101 - cases are never removed
    if _last(case) and not decides:
        raise TurnAgainError
    return case


def _last(case: Case) -> bool:
    """Whether the next vote may decide it."""
    return case.state in {"open", "senior"} and case.votes + 1 >= case.wanted


def refuse_ended(case: Case) -> None:
    """Raises DecidedMeanwhileError, WithdrawnError."""
    ended: Mapping[str, type[ReviewError]] = {"decided": DecidedMeanwhileError, "withdrawn": WithdrawnError}
    if case.state in ended:
        raise ended[case.state]


# --------------------------------------------------------------------------- casting


def _cast(tx: Tx, known: Known, case: Case, mine: Mine, chosen: Mapping[str, Any], note: str, now: int) -> Case:
    """Store the vote and pay it; the case as it stands then. Raises SeatLostError, BudgetSpentError."""
    if mine.state != "offered":
        fits = tx.one(review.FITS, case_id=case.id, reviewer=mine.reviewer)
        if mine.state != "expired" or fits is None or not fits.n:
            raise NotYourCaseError
        if not seats.again(tx, known, mine.reviewer, case, mine.offered_at):  # since then they have read it
            raise SeatLostError
        mine = tx.one(review.OF_CASE, case_id=case.id, reviewer=mine.reviewer) or mine
    held = tx.one(review.HELD, project=known.id, task=case.task, person=mine.reviewer)
    if held and held.n:  # dealt to them meanwhile: nobody decides on what they answer
        raise NotYourCaseError
    _store(tx, known, case, mine, chosen, note, now)
    tx.run(review.COUNT_VOTE, case_id=case.id)
    return tx.one(raised.CASE, case_id=case.id) or case


def _store(tx: Tx, known: Known, case: Case, mine: Mine, chosen: Mapping[str, Any], note: str, now: int) -> None:
    kept, took = json.dumps(chosen, ensure_ascii=False), max(0, now - mine.offered_at)
    tx.run(review.VOTE, case_id=case.id, reviewer=mine.reviewer, value=kept, note=note, now=now, work_ms=took)
    records.voted(tx, mine.reviewer, fast=took < _least_ms(tx, known, case), now=now)
    if known.purse is not None and mine.budget is not None:
        earning.vote(tx, known.purse, case.id, mine.reviewer, mine.pay, mine.budget, case.task, now)


def _least_ms(tx: Tx, known: Known, case: Case) -> int:
    row = tx.one(work.TASK, project=known.id, task=case.task)
    text = dispute.text_of(known, json.loads(row.item)) if row else ""
    return records.least_ms(*records.read_by(known, text), case.given or "", case.words)


def _planted(tx: Tx, known: Known, case: Case, mine: Mine, chosen: Mapping[str, Any], note: str, now: int) -> Outcome:
    """A vote on a case that is decided: it is paid, counts for the reviewer's record, and for nothing else."""
    agreed = outcomes.same(known, case.what, chosen, json.loads(case.verdict or "{}"))
    if mine.state == "voted":
        before = outcomes.same(known, case.what, json.loads(mine.value or "{}"), json.loads(case.verdict or "{}"))
        kept = json.dumps(chosen, ensure_ascii=False)
        tx.run(review.CHANGE_VOTE, case_id=case.id, reviewer=mine.reviewer, value=kept, note=note)
        if before != agreed:
            records.corrected(tx, mine.reviewer, agreed=agreed)
    elif mine.state in {"offered", "expired"}:
        if mine.state == "expired":  # the seat is nobody else's, as most are
            seats.again(tx, known, mine.reviewer, case, mine.offered_at, planted=True)
            mine = tx.one(review.OF_CASE, case_id=case.id, reviewer=mine.reviewer) or mine
        _store(tx, known, case, mine, chosen, note, now)
        records.checked(tx, mine.reviewer, agreed=agreed, now=now)
    else:
        raise NotYourCaseError
    tx.run(review.PLANTED_VOTE, case_id=case.id, reviewer=mine.reviewer, as_decided=agreed)
    return Outcome("open")


def checked_reason(why: str) -> str:
    """The reason of a decision as it is told. Raises NoNoteError."""
    why = " ".join(why.split())
    if len(why) > MOST_OF_NOTE or not any(map(str.isalnum, why)):
        raise NoNoteError(most=MOST_OF_NOTE)
    return why


def checked_note(note: str) -> str:
    """The note to a vote as it is kept. Raises LongNoteError."""
    note = note.strip()
    if len(note) > MOST_OF_NOTE:
        raise LongNoteError(most=MOST_OF_NOTE)
    return note


# --------------------------------------------------------------------------- deciding


def _counted(tx: Tx, known: Known, case: Case, now: int) -> Outcome:
    """What the votes come to now."""
    votes = tx.all(review.VOTES, case_id=case.id)
    found = outcomes.decision(known, case, votes)
    if found.state == "decided" and found.value is not None:
        outcomes.decide(tx, known, case, found.value, found.why, found.confidence, None, now)
        return Outcome("decided", found.value)
    if found.state == "more":
        tx.run(review.ASK_ONE_MORE, case_id=case.id)
    elif found.state == "senior":
        tx.run(review.ASK_SENIOR, case_id=case.id)
        return Outcome("senior")
    return Outcome(case.state)
