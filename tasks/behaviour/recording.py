"""What a turn records of how an assignment is worked on: the event itself, and what it adds to the worker's habits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from db.queries import behaviour
from db.queries.work import Lease
from db.session import Tx
from tasks.behaviour import days, tempo
from tasks.behaviour.events import happened
from tasks.behaviour.habits import SLOTS, Habits, Made, held, keep, read
from tasks.calendar import zone_of
from tasks.kinds import KINDS, Answer
from tasks.projects.catalog import Known


@dataclass(frozen=True, slots=True)
class Where:
    """By which channel something was handed in, and the person's time zone (IANA), where they have said it."""

    channel: str = ""
    zone: str = ""


NOWHERE = Where()
"""In tests, and where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the assignment keeps of the moment it was handed in."""

    channel: str
    sitting: int
    in_sitting: int
    hour: int | None


def offered(tx: Tx, known: Known, worker: int, task: int, now: int) -> None:
    """A lease has been given."""
    happened(tx, known.id, task, worker, now, "offered")


def dropped(tx: Tx, known: Known, worker: int, leases: int) -> None:
    """So many leases of theirs ended without a word, and cannot be had again."""
    habits = read(tx, known.id, worker)
    habits.dropped(leases)
    keep(tx, known.id, worker, habits)


def touched(
    tx: Tx, known: Known, worker: int, task: int, now: int, changed: tuple[Any, Any] | None, **counts: int
) -> None:
    """A tap before anything is handed in. ``counts``: changes, instructions, media; ``changed``: from what to what."""
    row = tx.one(
        behaviour.TOUCH,
        project=known.id,
        task=task,
        worker=worker,
        now=now,
        **({"changes": 0, "instructions": 0, "media": 0} | counts),
    )
    if row is None:
        return
    if row.first_tap_at == now:
        happened(tx, known.id, task, worker, now, "tap")
    if changed is not None:
        happened(tx, known.id, task, worker, now, "change", changed)
    if counts.get("instructions"):
        happened(tx, known.id, task, worker, now, "instructions")
    if counts.get("media"):
        happened(tx, known.id, task, worker, now, "media")


def answered(
    tx: Tx, known: Known, worker: int, task: int, lease: Lease, item: str, value: Answer, millis: int, now: int,
    where: Where,
) -> Stamp:  # fmt: skip
    """An answer is handed in, ``millis`` after its item was shown. ``item`` is the task's own, as JSON."""
    habits, hour = held(tx, known.id, worker, lease.kept), _hour(now, where.zone)
    habits.answered(_answer(known, lease, item, value, millis, now, hour, edits=lease.edits + (lease.undone > 0)))
    keep(tx, known.id, worker, habits)
    days.answered(tx, worker, now, where.zone)
    happened(tx, known.id, task, worker, now, "edit" if lease.undone else "submit")
    return _stamp(habits, where, hour)


def skipped(
    tx: Tx, known: Known, worker: int, task: int, lease: Lease, reason: str, now: int, where: Where, *, report: bool
) -> Stamp:
    """A task is given back, or reported."""
    habits, hour = held(tx, known.id, worker, lease.kept), _hour(now, where.zone)
    habits.skipped(_made(lease, now))
    keep(tx, known.id, worker, habits)
    happened(tx, known.id, task, worker, now, "report" if report else "skip", reason)
    return _stamp(habits, where, hour)


def unanswered(
    tx: Tx, known: Known, worker: int, task: int, lease: Lease, item: str, value: Answer, millis: int, now: int
) -> None:
    """The last answer is taken back; the lease as it was until now."""
    habits = held(tx, known.id, worker, lease.kept)
    habits.unanswered(_answer(known, lease, item, value, millis, now, lease.hour, edits=lease.edits))
    keep(tx, known.id, worker, habits)
    days.taken_back(tx, worker, lease.submitted_at)
    happened(tx, known.id, task, worker, now, "undo", value)


def unskipped(tx: Tx, known: Known, worker: int, task: int, lease: Lease, now: int) -> None:
    """The last skip or report is taken back."""
    habits = held(tx, known.id, worker, lease.kept)
    habits.unskipped(_made(lease, now))
    keep(tx, known.id, worker, habits)
    happened(tx, known.id, task, worker, now, "undo", {"report" if lease.reported else "skip": lease.reason})


def retried(tx: Tx, project: int, task: int, worker: int, at: int) -> None:
    """A message of theirs came twice while they had this task open: a poor network, or an impatient tap."""
    if tx.run(behaviour.RETRIED, project=project, task=task, worker=worker):
        happened(tx, project, task, worker, at, "retry")


def _stamp(habits: Habits, where: Where, hour: int | None) -> Stamp:
    return Stamp(where.channel, habits.now.sitting, habits.now.place, hour)


def _made(lease: Lease, now: int) -> Made:
    return Made(now, changes=lease.changes, instructions=lease.instructions, media=lease.media, retries=lease.retries)


def _answer(
    known: Known, lease: Lease, item: str, value: Answer, millis: int, now: int, hour: int | None, edits: int
) -> Made:
    kind, mark = KINDS[known.spec.kind], crc32(json.dumps(value, ensure_ascii=False).encode())
    options = kind.options(known.spec.question_for_kind()) if kind.belief == "one" else ()
    reading = tempo.reading_ms(_text(known, item))
    return Made(
        now,
        millis,
        tempo.length(reading),
        millis < tempo.least_ms(reading),
        (options.index(value) if options else mark) % SLOTS,
        mark,
        hour,
        lease.changes,
        edits,
        lease.instructions,
        lease.media,
        lease.retries,
    )


def _text(known: Known, item: str) -> str:
    column = known.spec.show.text
    return str(json.loads(item).get(column) or "") if column else ""


def _hour(now: int, zone: str) -> int | None:
    return datetime.fromtimestamp(now / 1000, zone_of(zone)).hour if zone else None
