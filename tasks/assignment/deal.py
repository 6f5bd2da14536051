"""Next task in constant time: the leased one, a returned one, the next in the shuffled order, or a gold task."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal, cast

from db.queries import work
from db.queries.candidates import OF_REVIEWERS, OF_WORKERS, Candidates, Entry
from db.queries.work import Enrolled, Lease
from db.session import Tx
from db.statement import Nothing, Statement
from tasks.assignment import gold
from tasks.assignment.errors import BudgetSpentError
from tasks.assignment.promising import Promise, again, promised, release
from tasks.behaviour import recording
from tasks.consensus.information import worth_of_first
from tasks.kept import unpack
from tasks.kinds import KINDS
from tasks.projects.catalog import Known, progress
from tasks.words import Words

_DAY_MS = 86_400_000
_RETURNED_WINDOW, _WINDOWS = 16, 32
"""Entries looked at in one statement, and statements at the most for one task."""
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """A task that a worker holds a lease on."""

    project: int
    task: int
    item: Mapping[str, str]
    pictures: Mapping[str, str]
    """Column to media content."""
    answered: int
    """How many answers the worker has given in this project."""
    can_undo: bool


@dataclass(frozen=True, slots=True)
class NoWork:
    """Why there is none.

    ``done`` (nothing left for this worker), ``day``, ``share`` (caps), ``closed``, ``paused``, ``budget`` (spent).
    """

    reason: Literal["done", "day", "share", "closed", "paused", "budget"]
    answered: int
    until: int | None = None
    """When a pause ends."""
    why: Words = ""
    """What the pause is for."""


def offer(tx: Tx, known: Known, worker: int, now: int, rng: random.Random) -> Offer | NoWork:
    """The worker's current task in this project, or a new one with a lease from ``now``."""
    enrolled = enrolment(tx, known, worker, now)
    if enrolled.open_task is not None and _resume(tx, known, worker, enrolled.open_task, now):
        return _asked(tx, known, enrolled, enrolled.open_task)
    if enrolled.waiting_task is not None and _resume(tx, known, worker, enrolled.waiting_task, now):
        _lost(tx, known, worker, enrolled.open_task)
        _save(tx, known, worker, enrolled, enrolled.waiting_task)
        return _asked(tx, known, enrolled, enrolled.waiting_task)
    if none := _stopped(tx, known, enrolled, now):
        return none
    dealt = _deal(tx, known, worker, enrolled, now, rng)
    return NoWork(dealt, enrolled.answered) if isinstance(dealt, str) else _asked(tx, known, enrolled, dealt)


def holds(tx: Tx, known: Known, worker: int, now: int) -> bool:
    """Whether a task of this project is in their hands."""
    row = tx.one(work.ENROLLED, project=known.id, worker=worker)
    task = row.open_task if row else None
    lease = None if task is None else tx.one(work.LEASE, project=known.id, task=task, worker=worker)
    return lease is not None and lease.state == "offered" and lease.lease_ends > now


def enrolment(tx: Tx, known: Known, worker: int, now: int) -> Enrolled:
    """The worker's enrolment, made at the first visit."""
    row = tx.one(work.ENROLLED, project=known.id, worker=worker)
    if row is None:
        tx.run(work.ENROL, project=known.id, worker=worker, now=now)
        row = tx.one(work.ENROLLED, project=known.id, worker=worker)
    assert row is not None  # noqa: S101 - it was just made
    return row


def _asked(tx: Tx, known: Known, enrolled: Enrolled, task: int) -> Offer:
    row = tx.one(work.TASK, project=known.id, task=task)
    assert row is not None  # noqa: S101 - tasks are never removed
    item: dict[str, Any] = json.loads(row.item)
    pictures = json.loads(row.pictures) if row.pictures != "{}" else {}
    return Offer(known.id, task, item, pictures, enrolled.answered, enrolled.last_task is not None)


def _resume(tx: Tx, known: Known, worker: int, task: int, now: int) -> bool:
    """Whether the lease still stands, or can be had again because the slot is free."""
    key = {"project": known.id, "task": task, "worker": worker}
    lease = tx.one(work.LEASE, **key)
    if lease is None or lease.state not in {"offered", "expired"} or known.state == "closed":
        return False
    if lease.state == "offered" and lease.lease_ends > now:
        return True
    promise = (
        Promise(lease.pay, lease.budget) if lease.state == "offered" else _regained(tx, known, worker, task, lease, now)
    )
    if promise is None:
        return False
    until = now + known.spec.limits.lease_ms
    return bool(tx.run(work.EXTEND, state=lease.state, lease_ends=until, pay=promise.pay, budget=promise.budget, **key))


def _regained(tx: Tx, known: Known, worker: int, task: int, lease: Lease, now: int) -> Promise | None:
    """Slot and promise for a lease that ended; None where its slot is another's or the budget is spent."""
    if not lease.gold and not tx.run(work.TAKE_SLOT, project=known.id, task=task):
        return None
    promise = again(tx, known, worker, lease, now)
    if promise is None and not lease.gold:
        tx.run(work.GIVE_SLOT, project=known.id, task=task)
    return promise


def _stopped(tx: Tx, known: Known, enrolled: Enrolled, now: int) -> NoWork | None:
    """Why nothing new is dealt; what somebody holds already they may finish."""
    if known.state != "live":
        return NoWork("closed", enrolled.answered)
    if enrolled.paused_until is not None and enrolled.paused_until > now:
        return NoWork("paused", enrolled.answered, enrolled.paused_until, _why(enrolled.paused_for))
    reason = _capped(tx, known, enrolled, now)
    return NoWork(reason, enrolled.answered) if reason else None


def _why(kept: str | None) -> Words:
    return cast("Words", unpack(json.loads(kept))) if kept else ""


def _capped(tx: Tx, known: Known, enrolled: Enrolled, now: int) -> Literal["day", "share"] | None:
    limits = known.spec.limits
    if limits.per_day is not None and enrolled.day == now // _DAY_MS and enrolled.today >= limits.per_day:
        return "day"
    if limits.share is not None:
        most = max(1, int(limits.share * progress(tx, known.id).tasks))
        if enrolled.answered >= most:
            return "share"
    return None


def _deal(
    tx: Tx, known: Known, worker: int, enrolled: Enrolled, now: int, rng: random.Random
) -> int | Literal["done", "budget"]:
    """A task that is leased now. Accounts are locked last: what it pays is promised once there is one."""
    try:
        dealt = _gold(tx, known, worker, enrolled, now, rng) or _work(tx, known, worker, enrolled, now)
    except BudgetSpentError:
        return "budget"
    _lost(tx, known, worker, enrolled.open_task, enrolled.waiting_task)
    task, then = dealt
    _save(tx, known, worker, then, task)
    return "done" if task is None else task


def _gold(
    tx: Tx, known: Known, worker: int, enrolled: Enrolled, now: int, rng: random.Random
) -> tuple[int, Enrolled] | None:
    """A gold task, if one is due and there is work beside it; and the cursors after it."""
    if not gold.due(known, enrolled, rng):
        return None
    enrolled, beside = _choices(tx, known, worker, enrolled)
    found = gold.ahead(tx, known, worker, enrolled, rng) if beside else None
    if found is None or not _lease(tx, known, worker, found[0], now, enrolled, gold=True):
        return None
    return found


def _work(tx: Tx, known: Known, worker: int, enrolled: Enrolled, now: int) -> tuple[int | None, Enrolled]:
    """A task with a free slot, None where there is none; and the cursors after it."""
    for _ in range(_TRIES):
        enrolled, choices = _choices(tx, known, worker, enrolled)
        for choice in choices:
            if not tx.run(choice.take, project=known.id, task=choice.task):
                continue
            if _lease(tx, known, worker, choice.task, now, enrolled, gold=False):
                return choice.task, choice.then
            tx.run(work.GIVE_SLOT, project=known.id, task=choice.task)
        if not choices:
            break
    return None, enrolled


@dataclass(frozen=True, slots=True)
class _Choice:
    """A task that may be dealt, where the worker's cursors are then, and how its slot is taken."""

    task: int
    worth: float
    then: Enrolled
    take: Statement[Nothing] = work.TAKE_UNLOCKED_SLOT


def _choices(tx: Tx, known: Known, worker: int, enrolled: Enrolled) -> tuple[Enrolled, list[_Choice]]:
    """What may be dealt next, the best first; and the enrolment with its cursors past what can never fit.

    Until it is sure, the task whose next answer is worth most comes first; of equal ones, and where all get the same
    number of answers, what was returned.
    """
    first = worth_of_first(KINDS[known.spec.kind], known.spec.question_for_kind(), known.crowd)
    enrolled, entries = _returned(tx, known, worker, enrolled)
    choices = [_chosen(enrolled, entries, entry, first) for entry in entries]
    if not choices or not known.spec.overlap.fixed:
        choices += _ahead(tx, known, worker, enrolled, first)
    if not known.spec.overlap.fixed:
        choices.sort(key=lambda choice: -choice.worth)
    return enrolled, choices or _left_behind(tx, known, worker, enrolled)


def _candidates(enrolled: Enrolled) -> Candidates:
    return OF_REVIEWERS if enrolled.reviews else OF_WORKERS


def _returned(tx: Tx, known: Known, worker: int, enrolled: Enrolled) -> tuple[Enrolled, list[Entry]]:
    """Entries that fit, of the first window that has any; what lies before them is never looked at again."""
    statement = _candidates(enrolled).returned
    for _ in range(_WINDOWS):
        since = enrolled.returned_cursor
        window = tx.all(statement, project=known.id, worker=worker, cursor=since, window=_RETURNED_WINDOW)
        passed = list(takewhile(lambda entry: not entry.fits, window))
        if passed:
            enrolled = enrolled._replace(returned_cursor=passed[-1].id)
        if len(passed) < len(window) or len(window) < _RETURNED_WINDOW:
            return enrolled, [entry for entry in window if entry.fits]
    return enrolled, []


def _chosen(enrolled: Enrolled, entries: Sequence[Entry], entry: Entry, first: float) -> _Choice:
    """An entry of the queue: the cursor passes it only if no other that fits lies before it."""
    then = enrolled._replace(returned_cursor=entry.id) if entry is entries[0] else enrolled
    return _Choice(entry.task, first if entry.worth is None else entry.worth, then)


def _ahead(tx: Tx, known: Known, worker: int, enrolled: Enrolled, first: float) -> list[_Choice]:
    """The next in the shuffled order. The cursor stops before a task that is only locked by another turn."""
    here = {"project": known.id, "worker": worker, "cursor": enrolled.cursor}
    statements = _candidates(enrolled)
    chosen = nearest = tx.one(statements.unlocked, **here)
    if tx.dialect != "sqlite":
        nearest = tx.one(statements.ahead, **here)
    if chosen is None:
        return []
    passed = chosen.place if nearest is None or nearest.place >= chosen.place else nearest.place - 1
    worth = first if chosen.worth is None else chosen.worth
    return [_Choice(chosen.id, worth, enrolled._replace(cursor=passed))]


def _left_behind(tx: Tx, known: Known, worker: int, enrolled: Enrolled) -> list[_Choice]:
    """A last look from the beginning, when nothing is ahead: tasks that a race or a crash left with a slot."""
    found = tx.one(_candidates(enrolled).left_behind, project=known.id, worker=worker)
    return [_Choice(found.id, 0.0, enrolled, work.TAKE_SLOT)] if found else []


def _lease(tx: Tx, known: Known, worker: int, task: int, now: int, enrolled: Enrolled, *, gold: bool) -> bool:
    """Whether the worker has it now. Raises BudgetSpentError; then the slot that was taken for it is free again."""
    promise = promised(tx, known, worker, now)
    if promise is None:
        if not gold:
            tx.run(work.GIVE_SLOT, project=known.id, task=task)
        raise BudgetSpentError
    given = tx.run(
        work.OFFER,
        project=known.id,
        task=task,
        worker=worker,
        gold=gold,
        position=enrolled.answered + enrolled.skipped,
        now=now,
        lease_ends=now + known.spec.limits.lease_ms,
        pay=promise.pay,
        budget=promise.budget,
    )
    if given:
        recording.offered(tx, known, worker, task, now)
    else:
        release(tx, known, promise)
    return bool(given)


def _lost(tx: Tx, known: Known, worker: int, *tasks: int | None) -> None:
    """Tasks that they held, let lapse and cannot have again."""
    lost = sum(task is not None for task in tasks)
    if lost:
        recording.dropped(tx, known, worker, lost)


def _save(tx: Tx, known: Known, worker: int, enrolled: Enrolled, task: int | None) -> None:
    tx.run(
        work.DEALT,
        project=known.id,
        worker=worker,
        cursor=enrolled.cursor,
        gold_cursor=enrolled.gold_cursor,
        gold_from=enrolled.gold_from,
        returned_cursor=enrolled.returned_cursor,
        task=task,
        waiting=None,
    )
