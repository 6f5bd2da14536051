"""Habits counted anew from the raw rows: what the incremental ones must be equal to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from db.session import Tx
from db.statement import Statement
from tasks.behaviour import tempo
from tasks.behaviour.habits import SLOTS, Habits, read


class Raw(NamedTuple):
    """An assignment that was handed in or skipped, and what became of it."""

    worker: int
    state: str
    changes: int
    edits: int
    instructions: int
    media: int
    retries: int
    hour: int | None
    sitting: int
    in_sitting: int
    item: str
    value: str | None
    work_ms: int | None


class Took(NamedTuple):
    """How often somebody took something back."""

    worker: int
    undone: int


_RAW = """
    SELECT a.worker_id, a.state, a.changes, a.edits, a.instructions, a.media, a.retries, a.hour, a.sitting,
           a.in_sitting, t.item, n.value, n.work_ms
    FROM assignment a JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
    LEFT JOIN answer n ON n.project_id = a.project_id AND n.task_id = a.task_id AND n.worker_id = a.worker_id
    WHERE a.project_id = :project AND a.state IN ('answered', 'rejected', 'skipped')
"""
RAW = Statement(_RAW, Raw)
RAW_ONE = Statement(_RAW + " AND a.task_id = :task AND a.worker_id = :worker", Raw)
UNDONE = Statement("SELECT worker_id, SUM(undone) FROM assignment WHERE project_id = :project GROUP BY worker_id", Took)
EVENTS = Statement(
    "SELECT worker_id, COUNT(*) FROM event WHERE project_id = :project AND what = 'undo' GROUP BY worker_id", Took
)
SENT_BACK = Statement(
    "SELECT worker_id, COUNT(*) FROM event WHERE project_id = :project AND what = 'redo' GROUP BY worker_id", Took
)
ANSWERED = frozenset({"answered", "rejected"})
_SUMMED = ("changes", "instructions", "media", "retries")


def recounted(rows: list[Raw], options: tuple[str, ...]) -> Mapping[str, object]:
    """What one worker's rows add up to; ``options`` are the labels."""
    answers = [row for row in rows if row.state in ANSWERED]
    reading = [tempo.reading_ms(json.loads(row.item)["caption"]) for row in answers]
    times = [[0] * tempo.BUCKETS for _ in range(tempo.LENGTHS)]
    for row, millis in zip(answers, reading, strict=True):
        times[tempo.length(millis)][tempo.bucket(row.work_ms or 0)] += 1
    slots = Counter(options.index(json.loads(row.value or "")) for row in answers)
    hours = Counter(row.hour for row in answers if row.hour is not None)
    return {
        "answers": len(answers),
        "skips": len(rows) - len(answers),
        "fast": sum((row.work_ms or 0) < tempo.least_ms(ms) for row, ms in zip(answers, reading, strict=True)),
        "changed": sum(row.changes > 0 for row in answers),
        "edits": sum(row.edits for row in answers),
        **{name: sum(getattr(row, name) for row in rows) for name in _SUMMED},
        "times": times,
        "mix": [slots[n] for n in range(SLOTS)],
        "hours": [hours[n] for n in range(24)],
        "stands": (rows[-1].sitting, rows[-1].in_sitting) if rows else (0, 0),
        "run": _run([row.value for row in answers]),
    }


def made(tx: Tx, project: int, task: int, worker: int) -> Raw | None:
    """How an answer was made, before its row begins anew."""
    return tx.one(RAW_ONE, project=project, task=task, worker=worker)


def told(habits: Habits) -> Mapping[str, object]:
    """The same of the incremental ones."""
    counts = ("answers", "skips", "fast", "changed", "edits", *_SUMMED)
    return {
        **{name: getattr(habits.counts, name) for name in counts},
        "times": habits.times,
        "mix": habits.mix,
        "hours": habits.hours,
        "stands": (habits.now.sitting, habits.now.place),
        "run": (habits.run, habits.now.mark),
    }


def _run(values: list[str | None]) -> tuple[int, int]:
    n = 0
    for value in reversed(values):
        if value != values[-1]:
            break
        n += 1
    return (n, crc32(values[-1].encode()) if values and values[-1] else 0)


def misremembered(tx: Tx, project: int, options: tuple[str, ...], gone: Sequence[Raw] = ()) -> list[str]:
    """Workers whose habits are not what their rows, and what was sent back, add up to."""
    rows, wrong = [*tx.all(RAW, project=project), *gone], []
    rows.sort(key=lambda row: (row.worker, row.sitting, row.in_sitting))
    undone, events, sent = (
        Counter({row.worker: row.undone for row in tx.all(of, project=project)}) for of in (UNDONE, EVENTS, SENT_BACK)
    )
    for worker in sorted({row.worker for row in rows} | set(undone)):
        expected = recounted([row for row in rows if row.worker == worker], options)
        habits = read(tx, project, worker)
        if told(habits) != expected:
            wrong.append(f"habits of {worker}: {told(habits)} instead of {expected}")
        if not habits.counts.undone == undone[worker] - sent[worker] == events[worker]:
            wrong.append(f"undone by {worker}: {habits.counts.undone}, {undone}, {events}")
    return wrong
