"""Next task in constant time: the leased one, a returned one, the next in the shuffled order, or a gold task."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from db.queries import work
from db.queries.work import Enrolled
from db.session import Tx
from tasks.projects.catalog import Known, progress

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
    """Why there is none: ``done`` (nothing left for this worker), ``day``, ``share`` (caps), ``closed``."""

    reason: Literal["done", "day", "share", "closed"]
    answered: int


def offer(tx: Tx, known: Known, worker: int, now: int, rng: random.Random) -> Offer | NoWork:
    """The worker's current task in this project, or a new one with a lease from ``now``."""
    enrolled = enrolment(tx, known, worker, now)
    if enrolled.open_task is not None and _resume(tx, known, worker, enrolled.open_task, now):
        return _asked(tx, known, enrolled, enrolled.open_task)
    if enrolled.waiting_task is not None and _resume(tx, known, worker, enrolled.waiting_task, now):
        _save(tx, known, worker, enrolled, enrolled.waiting_task)
        return _asked(tx, known, enrolled, enrolled.waiting_task)
    if known.state != "live":
        return NoWork("closed", enrolled.answered)
    if reason := _capped(tx, known, enrolled, now):
        return NoWork(reason, enrolled.answered)
    dealt = _deal(tx, known, worker, enrolled, now, rng)
    if dealt is None:
        return NoWork("done", enrolled.answered)
    return _asked(tx, known, enrolled, dealt)


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
    if lease.state == "expired" and not lease.gold and not tx.run(work.TAKE_SLOT, project=known.id, task=task):
        return False
    return bool(tx.run(work.EXTEND, state=lease.state, lease_ends=now + known.spec.limits.lease_ms, **key))


def _capped(tx: Tx, known: Known, enrolled: Enrolled, now: int) -> Literal["day", "share"] | None:
    limits = known.spec.limits
    if limits.per_day is not None and enrolled.day == now // _DAY_MS and enrolled.today >= limits.per_day:
        return "day"
    if limits.share is not None:
        most = max(1, int(limits.share * progress(tx, known.id).tasks))
        if enrolled.answered >= most:
            return "share"
    return None


def _deal(tx: Tx, known: Known, worker: int, enrolled: Enrolled, now: int, rng: random.Random) -> int | None:
    position = enrolled.answered + enrolled.skipped
    share = known.spec.gold.share
    if share > 0 and rng.random() < share:
        gold = tx.one(work.GOLD_AHEAD, project=known.id, cursor=enrolled.gold_cursor)
        if gold and _lease(tx, known, worker, gold.id, now, position, gold=True):
            _save(tx, known, worker, enrolled._replace(gold_cursor=gold.place), gold.id)
            return gold.id
    for _ in range(_TRIES):
        task, enrolled = _returned(tx, known, worker, enrolled)
        if task is None:
            task, enrolled = _ahead(tx, known, worker, enrolled)
        if task is None:
            task = _left_behind(tx, known, worker)
        if task is None:
            break
        if tx.run(work.TAKE_SLOT, project=known.id, task=task):
            if _lease(tx, known, worker, task, now, position, gold=False):
                _save(tx, known, worker, enrolled, task)
                return task
            tx.run(work.GIVE_SLOT, project=known.id, task=task)
    _save(tx, known, worker, enrolled, None)
    return None


def _returned(tx: Tx, known: Known, worker: int, enrolled: Enrolled) -> tuple[int | None, Enrolled]:
    """From the queue of returned tasks; entries looked at are never looked at again."""
    for _ in range(_WINDOWS):
        entries = tx.all(
            work.RETURNED, project=known.id, worker=worker, cursor=enrolled.returned_cursor, window=_RETURNED_WINDOW
        )
        for entry in entries:
            enrolled = enrolled._replace(returned_cursor=entry.id)
            if entry.fits:
                return entry.task, enrolled
        if len(entries) < _RETURNED_WINDOW:
            break
    return None, enrolled


def _ahead(tx: Tx, known: Known, worker: int, enrolled: Enrolled) -> tuple[int | None, Enrolled]:
    """From the shuffled order. The cursor stops before a task that is only locked by another turn."""
    here = {"project": known.id, "worker": worker, "cursor": enrolled.cursor}
    chosen = first = tx.one(work.AHEAD_UNLOCKED, **here)
    if tx.dialect != "sqlite":
        first = tx.one(work.AHEAD, **here)
    if chosen is None:
        return None, enrolled
    passed = chosen.place if first is None or first.place >= chosen.place else first.place - 1
    return chosen.id, enrolled._replace(cursor=passed)


def _left_behind(tx: Tx, known: Known, worker: int) -> int | None:
    """A last look from the beginning, when nothing is ahead: tasks that a race or a crash left with a slot."""
    found = tx.one(work.LEFT_BEHIND, project=known.id, worker=worker)
    return found.id if found else None


def _lease(tx: Tx, known: Known, worker: int, task: int, now: int, position: int, *, gold: bool) -> bool:
    return bool(
        tx.run(
            work.OFFER,
            project=known.id,
            task=task,
            worker=worker,
            gold=gold,
            position=position,
            now=now,
            lease_ends=now + known.spec.limits.lease_ms,
        )
    )


def _save(tx: Tx, known: Known, worker: int, enrolled: Enrolled, task: int | None) -> None:
    tx.run(
        work.DEALT,
        project=known.id,
        worker=worker,
        cursor=enrolled.cursor,
        gold_cursor=enrolled.gold_cursor,
        returned_cursor=enrolled.returned_cursor,
        task=task,
        waiting=None,
    )
