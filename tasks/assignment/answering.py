"""What comes back from an assignment: an answer, a skip, a report; and the taking back of each.

Rows are locked in one order, or turns would wait for each other: assignment, task, enrolments, tally.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.queries import answers, standing, weighing, work
from db.queries.weighing import Counted
from db.queries.work import Lease, TaskRow
from db.session import Tx
from tasks import cases
from tasks.assignment import checks, promising
from tasks.assignment.errors import (
    AssignmentError,
    BudgetSpentError,
    NothingToUndoError,
    NotYoursError,
    ProjectClosedError,
    TooLateError,
)
from tasks.behaviour import recording
from tasks.behaviour.recording import NOWHERE, Stamp, Where
from tasks.consensus import credit, settle
from tasks.kinds import KINDS, Answer
from tasks.money.ledger import NotEnoughError
from tasks.projects.catalog import Known

_DAY_MS = 86_400_000
_SHARDS = 8
_REPORTS_TO_SET_ASIDE = 2
_LONGEST_WORK_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Submitted:
    """An answer that was stored, in canonical form; ``right`` is set where the task is a gold task."""

    value: Answer
    right: bool | None


def submit(tx: Tx, known: Known, worker: int, task: int, raw: object, now: int, where: Where = NOWHERE) -> Submitted:
    """Store the worker's answer.

    Raises AnswerError, TooLateError (the lease ended and the slot is gone), BudgetSpentError (it ended, and nothing is
    left to promise), NotYoursError, ProjectClosedError; then nothing has changed.
    """
    if known.state == "closed":
        raise ProjectClosedError
    value = KINDS[known.spec.kind].check(known.spec.question_for_kind(), raw)
    lease = _lease(tx, known, worker, task)
    row = tx.one(work.TASK_LOCKED, project=known.id, task=task)
    if row is None or lease.state not in {"offered", "expired"}:
        raise NotYoursError
    if lease.state == "expired":
        lease = _again(tx, known, worker, task, lease, now, TooLateError)
    key = {"project": known.id, "task": task, "worker": worker}
    work_ms = _worked(lease, now)
    stamp = recording.answered(tx, known, worker, task, lease, row.item, value, work_ms, now, where)
    tx.run(
        work.SUBMIT,
        now=now,
        state=lease.state,
        edits=lease.edits + (lease.undone > 0),
        pay=lease.pay,
        budget=lease.budget,
        **_stamped(stamp),
        **key,
    )
    right = None
    if row.gold is not None:
        truth = json.loads(row.gold)
        right = KINDS[known.spec.kind].distance(known.spec.question_for_kind(), value, truth) == 0
    tx.run(
        work.HAND_IN,
        value=json.dumps(value, ensure_ascii=False),
        now=now,
        work_ms=work_ms,
        gold_correct=right,
        further=0 if lease.gold else _further(tx, known, worker, task),
        due=promising.due(known, lease, now),
        **key,
    )
    promising.pay(tx, known, task, worker, lease, now)
    _review(tx, known, worker, task, value, now, sent_back=lease.undone > 0)
    change = settle.Change()
    if lease.gold:
        credit.gold(tx, known, worker, value, truth, 1, right=bool(right))
    if row.status == "open":
        change = settle.weigh(tx, known, task, row, now)
    else:
        tx.run(work.COUNT_ANSWER, project=known.id, task=task, n=1)
    counts = {"answered": 1, "skipped": 0, "in_row": 0}
    tx.run(work.DONE_WITH, project=known.id, worker=worker, task=task, day=now // _DAY_MS, **counts)
    _count(tx, known, worker, 1, work_ms, change, gold=lease.gold, right=bool(right))
    return Submitted(value, right if lease.gold else None)


def skip(
    tx: Tx, known: Known, worker: int, task: int, reason: str, now: int, where: Where = NOWHERE, *, report: bool = False
) -> None:
    """Give the task back; with ``report`` say that the item itself is at fault. Raises NotYoursError."""
    lease = _lease(tx, known, worker, task)
    key = {"project": known.id, "task": task, "worker": worker}
    if lease.state not in {"offered", "expired"}:
        raise NotYoursError
    stamp = recording.skipped(tx, known, worker, task, lease, reason, now, where, report=report)
    tx.run(work.SKIP, now=now, reason=reason, reported=report, state=lease.state, **_stamped(stamp), **key)
    if lease.state == "offered" and not lease.gold:
        give_back(tx, known.id, task)
    promising.release(tx, known, lease)
    set_aside = report and _report(tx, known, task, now)
    counts = {"answered": 0, "skipped": 1, "in_row": int(not report)}
    tx.run(work.DONE_WITH, project=known.id, worker=worker, task=task, day=now // _DAY_MS, **counts)
    if set_aside:
        _tally(tx, known, worker, disputed=1)


def undo(tx: Tx, known: Known, worker: int, now: int) -> int:
    """Take back the last answer, skip or report; the task, leased again.

    Raises NothingToUndoError, BudgetSpentError; then nothing has changed.
    """
    enrolled = tx.one(work.ENROLLED, project=known.id, worker=worker)
    if enrolled is None or enrolled.last_task is None or known.state == "closed":
        raise NothingToUndoError
    task = enrolled.last_task
    lease = _lease(tx, known, worker, task)
    row = tx.one(work.TASK_LOCKED, project=known.id, task=task)
    if row is None or lease.state not in {"answered", "skipped"} or (row.status == "decided" and not lease.gold):
        raise NothingToUndoError
    key = {"project": known.id, "task": task, "worker": worker}
    answered = lease.state == "answered"
    if answered:
        gone, change = _withdraw(tx, known, worker, task, row, lease, now)
        recording.unanswered(tx, known, worker, task, lease, row.item, json.loads(gone.value), gone.work_ms, now)
    else:
        lease = _again(tx, known, worker, task, lease, now, NothingToUndoError)
        recording.unskipped(tx, known, worker, task, lease, now)
    if lease.reported:
        tx.run(work.REPORT, project=known.id, task=task, n=-1)
    tx.run(
        work.TAKE_BACK,
        now=now,
        lease_ends=now + known.spec.limits.lease_ms,
        state=lease.state,
        pay=lease.pay,
        budget=lease.budget,
        **key,
    )
    tx.run(
        work.TAKEN_BACK,
        project=known.id,
        worker=worker,
        task=task,
        day=now // _DAY_MS,
        answered=int(answered),
        skipped=int(not answered),
        in_row=int(not answered and not lease.reported),
    )
    if answered:
        _count(tx, known, worker, -1, gone.work_ms, change, gold=lease.gold, right=bool(gone.gold_correct))
    return task


def touch(
    tx: Tx,
    known: Known,
    worker: int,
    task: int,
    now: int,
    *,
    changes: int = 0,
    instructions: int = 0,
    media: int = 0,
    changed: tuple[Any, Any] | None = None,
) -> None:
    """Record a tap before the answer is handed in; ``changed``: from what to what."""
    counts = {"changes": changes, "instructions": instructions, "media": media}
    recording.touched(tx, known, worker, task, now, changed, **counts)


def give_back(tx: Tx, project: int, task: int) -> None:
    """A slot is free again; whoever passed the task finds it in the queue of returned ones."""
    if tx.run(work.GIVE_SLOT, project=project, task=task):
        tx.run(work.RETURN, project=project, task=task)


def _lease(tx: Tx, known: Known, worker: int, task: int) -> Lease:
    lease = tx.one(work.LEASE_AND_HABITS, project=known.id, task=task, worker=worker)
    if lease is None:
        raise NotYoursError
    return lease


def _again(tx: Tx, known: Known, worker: int, task: int, lease: Lease, now: int, taken: type[AssignmentError]) -> Lease:
    """A lease that had ended, with a slot and a new promise.

    Raises BudgetSpentError, or ``taken`` where the slot is another's; then nothing has changed.
    """
    promise = promising.again(tx, known, worker, lease, now)
    if promise is None:
        raise BudgetSpentError
    if not lease.gold and not tx.run(work.TAKE_SLOT, project=known.id, task=task):
        promising.release(tx, known, promise)
        raise taken
    return lease._replace(pay=promise.pay, budget=promise.budget)


def _stamped(stamp: Stamp) -> dict[str, Any]:
    return {
        "channel": stamp.channel, "sitting": stamp.sitting, "in_sitting": stamp.in_sitting, "hour": stamp.hour,
    }  # fmt: skip


def _review(tx: Tx, known: Known, worker: int, task: int, value: Answer, now: int, *, sent_back: bool) -> None:
    """A reviewer looks at it, if it is drawn, or if one has sent it back before."""
    if sent_back and tx.one(answers.SENT_BACK, project=known.id, task=task, worker=worker):
        cases.ask(tx, known, task, worker, value, "share", now)
    elif cases.share(known):
        row = tx.one(standing.CHECKED, project=known.id, worker=worker)
        if cases.reviewed(known, task, worker, row.checks if row else 1):
            cases.ask(tx, known, task, worker, value, "share", now)


def _further(tx: Tx, known: Known, worker: int, task: int) -> int:
    """How many further answers the task gets in any case when this worker answers it."""
    overlap = known.spec.overlap
    row = None if overlap.fixed else tx.one(standing.CHECKED, project=known.id, worker=worker)
    if row is None:
        return 0
    checked = checks.due(known.id, task, worker, row.checks)
    return checks.further(overlap.min, overlap.max, checked=checked, more=row.further)


def _worked(lease: Lease, now: int) -> int:
    return max(0, min(now - (lease.delivered_at or lease.offered_at), _LONGEST_WORK_MS))


def _withdraw(
    tx: Tx, known: Known, worker: int, task: int, row: TaskRow, lease: Lease, now: int
) -> tuple[Counted, settle.Change]:
    """The answer goes, with all it has brought about; its slot becomes the lease's again."""
    gone = tx.one(weighing.COUNTED_ONE, project=known.id, task=task, worker=worker)
    assert gone is not None  # noqa: S101 - the assignment is answered
    try:
        promising.unpay(tx, known, task, worker, lease, now, held=gone.due_at is not None)
    except NotEnoughError:
        raise NothingToUndoError from None
    cases.withdraw(tx, known.id, task, "answer", now, worker)
    if not lease.gold:
        return gone, settle.withdraw(tx, known, worker, task, row, now)
    truth = json.loads(row.gold or "null")
    credit.gold(tx, known, worker, json.loads(gone.value), truth, -1, right=bool(gone.gold_correct))
    tx.run(work.WITHDRAW, project=known.id, task=task, worker=worker)
    tx.run(work.COUNT_ANSWER, project=known.id, task=task, n=-1)
    return gone, settle.Change()


def _report(tx: Tx, known: Known, task: int, now: int) -> bool:
    """Whether the task is set aside for reviewers: two people found the item itself at fault."""
    tx.run(work.REPORT, project=known.id, task=task, n=1)
    row = tx.one(work.TASK_LOCKED, project=known.id, task=task)
    enough = row is not None and row.reports >= _REPORTS_TO_SET_ASIDE
    return enough and cases.set_aside(tx, known, task, "reported", now)


def _count(
    tx: Tx, known: Known, worker: int, sign: int, work_ms: int, change: settle.Change, *, gold: bool, right: bool
) -> None:
    _tally(
        tx,
        known,
        worker,
        answers=sign,
        work_ms=sign * work_ms,
        agreed=change.agreed,
        disputed=change.disputed,
        gold_seen=sign * int(gold),
        gold_correct=sign * int(right and gold),
    )


def _tally(tx: Tx, known: Known, worker: int, **counts: Any) -> None:
    nothing = {"answers": 0, "agreed": 0, "disputed": 0, "work_ms": 0, "gold_seen": 0, "gold_correct": 0}
    tx.run(work.TALLY, project=known.id, shard=worker % _SHARDS, **(nothing | counts))
