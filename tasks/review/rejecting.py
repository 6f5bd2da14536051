"""What becomes of one answer: rejected, sent back to be done again, counted again, or rejected for good.

A rejected answer is work that was done: it stays in its author's habits, in their number of answers, in their caps of
a day, and in the time the project took. It counts in nothing that is believed: not in the task, not in anybody's
record. What is done again takes the place of the first answer in all of these but the habits: how it was made was
seen. See docs/decisions/single-answers.md.

Rows are locked in one order: the worker, the assignment, the task, enrolments, the tally, accounts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from db.errors import told
from db.queries import answers, person, qualification, work
from db.queries.answers import Handed
from db.queries.cases import Case
from db.queries.work import Lease, TaskRow
from db.session import Tx
from tasks.assignment import promising
from tasks.assignment.sweep import end_leases
from tasks.behaviour.events import happened
from tasks.calendar import until
from tasks.consensus import credit, settle
from tasks.consensus.settle import Change
from tasks.money import earning
from tasks.money.earning import Pay
from tasks.money.purse import Purse
from tasks.projects.catalog import Known
from tasks.review.errors import ReviewError
from tasks.review.reasons import share_paid
from tasks.rules.reviewed import reviewed

_DAY_MS = 86_400_000


class GoneError(ReviewError):
    """The answer was taken back, done again or rejected meanwhile."""

    message = told("Go on with the next one: this answer has changed meanwhile.")


class CannotRedoError(ReviewError):
    """Nobody can do it again: the project is closed, or its task is decided."""

    message = told("Accept or reject it: this item takes no new answer any more.")


class NoPlaceError(ReviewError):
    """A rejected answer that cannot be done again: its place is others', or the project is not live."""

    message = told("Choose “All right” or “I disagree”: this item takes no new answer just now.")


class TooLateToChooseError(ReviewError):
    """The time to say something about it is over, or something was said."""

    message = told("Go on with your work: there is nothing to choose here any more.")


# --------------------------------------------------------------------------- what a reviewer says


def hold(tx: Tx, known: Known, task: int, worker: int) -> None:
    """Lock the worker and the assignment: for a turn of somebody else, before it locks the task."""
    tx.one(qualification.LOCK_PERSON, person=worker)
    tx.one(work.LEASE, project=known.id, task=task, worker=worker)


def accept(tx: Tx, known: Known, task: int, worker: int, now: int) -> None:
    """It is good: its pay is on hold no longer, and it cannot be taken back any more. Raises GoneError."""
    answer = _answer(tx, known, task, worker, "answered")
    tx.run(answers.REVIEWED, **answer.key)
    reviewed(tx, known.id, worker, accepted=True)
    if pay := answer.on_hold():
        earning.release(tx, answer.purse, pay, now)


def reject(tx: Tx, known: Known, task: int, worker: int, case_id: int, now: int) -> None:
    """It counts no longer. Pay on hold stays so until the rejection is final; pay that is payable stays the worker's.

    The case keeps until when it can be appealed against. Raises GoneError.
    """
    answer = _answer(tx, known, task, worker, "answered")
    tx.run(answers.REJECT, **answer.key)
    change = _uncount_gold(tx, answer) if answer.lease.gold else settle.reject(tx, known, worker, task, answer.row, now)
    tx.run(answers.REVIEWED, **answer.key)
    reviewed(tx, known.id, worker, accepted=False)
    settle.tally(tx, known.id, change, **answer.gold(-1))
    said = tx.one(person.ZONE, person=worker)
    ends = until(said.zone if said else "", now, known.spec.review.appeal_within_ms)
    tx.run(answers.ENDS, case_id=case_id, ends_at=ends)


def redo(tx: Tx, known: Known, task: int, worker: int, case_id: int, now: int) -> None:
    """The answer is sent back: its place stays the worker's for as long as the project says, and so does its pay.

    It is no mark against anybody: what is handed in then is reviewed. Raises GoneError, CannotRedoError.
    """
    answer = _answer(tx, known, task, worker, "answered")
    if known.state == "closed" or (answer.row.status == "decided" and not answer.lease.gold):
        raise CannotRedoError
    ends = now + known.spec.review.redo_within_ms
    if answer.lease.gold:
        change = _uncount_gold(tx, answer)
        tx.run(work.WITHDRAW, **answer.key)
    else:
        change = settle.withdraw(tx, known, worker, task, answer.row, now)
    _send_back(tx, answer, change, ends, now, **answer.gold(-1))
    tx.run(answers.ENDS, case_id=case_id, ends_at=ends)
    if tx.one(person.ERASED, person=worker):
        end_leases(tx, worker)  # nobody would do it again: it goes to others at once


# --------------------------------------------------------------------------- what becomes of it


def restore(tx: Tx, known: Known, case: Case, now: int) -> None:
    """An appeal is granted: the answer counts again, and is paid. Nothing where it is not rejected any more.

    ``case`` is the rejection, or the appeal against it.
    """
    worker = case.worker or 0
    hold(tx, known, case.task, worker)
    tx.run(answers.ENDS, case_id=case.about or case.id, ends_at=None)
    try:
        answer = _answer(tx, known, case.task, worker, "rejected")
    except GoneError:
        return
    tx.run(answers.RESTORE, **answer.key)
    change = (
        _count_gold(tx, answer) if answer.lease.gold else settle.restore(tx, known, worker, case.task, answer.row, now)
    )
    reviewed(tx, known.id, worker, accepted=False, undone=True)
    reviewed(tx, known.id, worker, accepted=True)
    settle.tally(tx, known.id, change, **answer.gold(1))
    if pay := answer.on_hold():
        earning.release(tx, answer.purse, pay, now)


def finish(tx: Tx, known: Known, case: Case, now: int) -> None:
    """A rejection is final: of the pay on hold the share that its reasons leave is paid.

    Nothing is left to do for a redo: its lease has ended with its time.
    """
    worker = case.worker or 0
    hold(tx, known, case.task, worker)
    tx.run(answers.ENDS, case_id=case.id, ends_at=None)
    verdict = json.loads(case.verdict or "{}")
    if "reject" not in verdict:
        return
    try:
        answer = _answer(tx, known, case.task, worker, "rejected")
    except GoneError:
        return
    if pay := answer.on_hold():
        earning.part(tx, answer.purse, pay, share_paid(known, verdict["reject"]), now)


def do_again(tx: Tx, known: Known, case: Case, now: int) -> None:
    """The worker accepts the rejection and takes the item once more. Raises NoPlaceError, TooLateToChooseError."""
    try:
        answer = _answer(tx, known, case.task, case.worker or 0, "rejected")
    except GoneError:
        raise TooLateToChooseError from None
    if case.ends_at is None or case.ends_at < now:
        raise TooLateToChooseError
    if known.state != "live" or not (answer.lease.gold or tx.run(work.TAKE_SLOT, project=known.id, task=case.task)):
        raise NoPlaceError
    tx.run(answers.ANSWERED, case_id=case.id, now=now)
    tx.run(work.WITHDRAW, **answer.key)
    _send_back(tx, answer, Change(), now + known.spec.review.redo_within_ms, now)
    tx.run(answers.BEGIN, **answer.key)


def start_redo(tx: Tx, known: Known, case: Case, now: int) -> None:
    """What was sent back becomes the worker's current item. Raises TooLateToChooseError."""
    key = {"project": known.id, "task": case.task, "worker": case.worker or 0}
    lease = tx.one(work.LEASE, **key)
    if lease is None or lease.state != "offered" or case.ends_at is None or case.ends_at < now:
        raise TooLateToChooseError
    tx.run(answers.ANSWERED, case_id=case.id, now=now)
    tx.run(answers.BEGIN, **key)


# --------------------------------------------------------------------------- the parts


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer with its assignment and its task, as they were locked."""

    known: Known
    task: int
    worker: int
    lease: Lease
    row: TaskRow
    given: Handed

    @property
    def key(self) -> dict[str, int]:
        return {"project": self.known.id, "task": self.task, "worker": self.worker}

    @property
    def purse(self) -> Purse:
        assert self.known.purse is not None  # noqa: S101 - something is on hold
        return self.known.purse

    def on_hold(self) -> Pay | None:
        """Its pay, where that is on hold; also while a rejection waits for its end."""
        if self.given.due_at is None or self.known.purse is None:
            return None
        return promising.of(self.known, self.task, self.worker, self.lease)

    def gold(self, sign: int) -> dict[str, int]:
        """What it is in the project's counts of known answers."""
        if not self.lease.gold:
            return {}
        return {"gold_seen": sign, "gold_correct": sign * int(bool(self.given.gold_correct))}


def _answer(tx: Tx, known: Known, task: int, worker: int, state: str) -> _Answer:
    """The answer of an assignment in this state: that, the answer and the task are locked. Raises GoneError."""
    key = {"project": known.id, "task": task}
    lease = tx.one(work.LEASE, worker=worker, **key)
    given = tx.one(answers.HANDED, worker=worker, **key)
    row = tx.one(work.TASK_LOCKED, **key)
    if lease is None or row is None or given is None or lease.state != state:
        raise GoneError
    return _Answer(known, task, worker, lease, row, given)


def _uncount_gold(tx: Tx, answer: _Answer) -> Change:
    tx.run(answers.COUNT_NO_MORE, **answer.key)
    tx.run(work.COUNT_ANSWER, project=answer.known.id, task=answer.task, n=-1)
    _credit_gold(tx, answer, -1)
    return Change()


def _count_gold(tx: Tx, answer: _Answer) -> Change:
    tx.run(answers.COUNT_AGAIN, **answer.key)
    tx.run(work.COUNT_ANSWER, project=answer.known.id, task=answer.task, n=1)
    _credit_gold(tx, answer, 1)
    return Change()


def _credit_gold(tx: Tx, answer: _Answer, sign: int) -> None:
    given, truth = json.loads(answer.given.value), json.loads(answer.row.gold or "null")
    credit.gold(tx, answer.known, answer.worker, given, truth, sign, right=bool(answer.given.gold_correct))


def _send_back(tx: Tx, answer: _Answer, change: Change, ends: int, now: int, **gold: int) -> None:
    """The answer is gone from all counts; its lease begins anew, and what is on hold is promised to it."""
    lease, given = answer.lease, answer.given
    pay = answer.on_hold()
    kept = {"pay": pay.amount, "budget": pay.budget} if pay else {"pay": 0, "budget": None}
    tx.run(answers.SEND_BACK, state=lease.state, lease_ends=ends, now=now, **kept, **answer.key)
    tx.run(answers.UNANSWERED, day=given.submitted_at // _DAY_MS, **answer.key)
    settle.tally(tx, answer.known.id, change, answers=-1, work_ms=-given.work_ms, **gold)
    happened(tx, answer.known.id, answer.task, answer.worker, now, "redo", json.loads(given.value))
    if pay:
        earning.take_back(tx, answer.purse, pay, now, held=True, promised=True)
