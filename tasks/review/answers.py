"""Reviews of single answers: what can be said of one, what it brings about, and how its author is told.

See docs/decisions/single-answers.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.errors import told
from db.queries import review, weighing, work
from db.queries.cases import Case
from db.queries.work import TaskRow
from db.session import Tx
from tasks import cases
from tasks.kinds import KINDS, Answer
from tasks.notices import tell_together
from tasks.projects.catalog import Known
from tasks.review import records, rejecting, verdict
from tasks.review.errors import ReviewError, UnknownChoiceError
from tasks.review.reasons import chosen
from tasks.words import Words, _n

Value = Mapping[str, Any]


class NoReasonChosenError(ReviewError):
    """An answer is rejected or sent back for nothing."""

    message = told("Tick at least one reason: the worker is told it.")


class CannotCorrectError(ReviewError):
    """The task is decided: no other answer can be put in place of this one."""

    message = told("Accept or reject it: what this item comes to is decided already.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reviewer sees of an answer; nobody's name anywhere."""

    item: Mapping[str, str]
    pictures: Mapping[str, str]
    """Column to media content."""
    given: Answer
    can_change: bool
    """Whether it can be corrected, or asked to be done again."""


def shown(tx: Tx, known: Known, case: Case) -> Shown:
    """A single answer for a reviewer."""
    row = tx.one(work.TASK, project=known.id, task=case.task)
    assert row is not None  # noqa: S101 - tasks are never removed
    can_change = known.state != "closed" and not _decided(row)
    return Shown(json.loads(row.item), json.loads(row.pictures), json.loads(case.given or "null"), can_change)


def check(known: Known, value: Any) -> Value:
    """A choice in canonical form: accept, repair, redo or reject, as ``ReviewCase.verdict`` has them.

    Raises ReviewError, AnswerError.
    """
    if not isinstance(value, Mapping) or len(value) != 1:
        raise UnknownChoiceError
    ((what, said),) = value.items()
    if what == "accept":
        return {"accept": True}
    if what == "repair":
        return {"repair": KINDS[known.spec.kind].check(known.spec.question_for_kind(), said)}
    if what not in {"redo", "reject"} or not isinstance(said, Sequence):
        raise UnknownChoiceError
    keys = [why.key for why in chosen(known, map(str, said))]
    if not keys:
        raise NoReasonChosenError
    return {what: keys}


def refuse(tx: Tx, known: Known, case: Case, value: Value) -> None:
    """Before anything is written: whether this can be said of the answer as things stand.

    The task is locked. Raises GoneError, CannotRedoError, CannotCorrectError.
    """
    lease = tx.one(work.LEASE, project=known.id, task=case.task, worker=case.worker)
    row = tx.one(work.TASK_LOCKED, project=known.id, task=case.task)
    if lease is None or row is None or lease.state != "answered":
        raise rejecting.GoneError
    if "redo" in value and (known.state == "closed" or _decided(row)):
        raise rejecting.CannotRedoError
    if "repair" in value and _decided(row):
        raise CannotCorrectError


def settle(
    tx: Tx,
    known: Known,
    case: Case,
    value: Value,
    why: str,  # noqa: ARG001 - it stands in the case, where the worker reads it
    confidence: float,
    by: int | None,  # noqa: ARG001 - the door's shape
    now: int,
) -> None:
    """Bring about what a reviewer said of one answer."""
    worker = case.worker or 0
    if "redo" in value:
        rejecting.redo(tx, known, case.task, worker, case.id, now)
    elif "reject" in value:
        rejecting.reject(tx, known, case.task, worker, case.id, now)
        for vote in tx.all(review.VOTES, case_id=case.id):
            records.rejected(tx, vote.reviewer)
    else:
        rejecting.accept(tx, known, case.task, worker, now)
        _decide(tx, known, case, value, confidence, now)
        return
    tell_together(tx, worker, "answers", _digest, now)


def _decided(row: TaskRow) -> bool:
    """Whether nothing that is said of an answer changes what the task comes to.

    What was known from the start may be done again, but not what became a hidden check: it was work before.
    """
    return row.status == "decided" and row.method != "gold"


def _decide(tx: Tx, known: Known, case: Case, value: Value, confidence: float, now: int) -> None:
    """What was corrected is the answer; and so is what was accepted, where nobody else is asked."""
    given = json.loads(case.given or "null")
    label = value.get("repair", given)
    row = tx.one(work.TASK_LOCKED, project=known.id, task=case.task)
    alone = known.spec.overlap.max == 1
    if row is None or row.split != "work" or row.status == "decided" or not ("repair" in value or alone):
        return
    method = "accepted" if label == given else "repaired"
    answers = tx.all(weighing.COUNTED, project=known.id, task=case.task)
    cases.withdraw(tx, known.id, case.task, "dispute", now)
    before = verdict.credit_taken_back(tx, known, case.task, row)
    verdict.label_with(tx, known, case.task, before, answers, label, confidence, method, now)
    verdict.count(tx, known, case.task, row)


def _digest(n: int, _so_far: Words | None) -> Words:
    """The notice to a worker with one answer more."""
    return _n(
        "A reviewer has sent back {n} answer of yours. /returned shows why, and what you can do.",
        "Reviewers have sent back {n} answers of yours. /returned shows why, and what you can do.",
        n,
    )
