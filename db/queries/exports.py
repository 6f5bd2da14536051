"""Statements of exports: long reads in the order of the tasks."""

from typing import NamedTuple

from db.statement import Statement


class Number(NamedTuple):
    """One number."""

    n: int


class ItemRow(NamedTuple):
    """An item alone."""

    item: str


class ResultRow(NamedTuple):
    """A task with what the crowd made of it."""

    row: str
    item: str
    label: str | None
    confidence: float | None
    answers: int
    status: str
    method: str


class AnswerRow(NamedTuple):
    """An answer and who gave it."""

    row: str
    worker: int
    joined_at: int | None
    value: str
    submitted_at: int
    work_ms: int
    gold_correct: bool | None
    rejected: bool


class BehaviourRow(NamedTuple):
    """An assignment, with every time and count."""

    row: str
    worker: int
    joined_at: int | None
    state: str
    position: int
    offered_at: int
    delivered_at: int | None
    first_tap_at: int | None
    changes: int
    instructions: int
    undone: int
    undone_at: int | None
    submitted_at: int | None
    skipped_at: int | None
    reason: str
    reported: bool
    channel: str
    sitting: int
    in_sitting: int
    hour: int | None
    media: int
    edits: int
    retries: int


_SHOWN = "FROM task WHERE project_id = :project AND split IN ('work', 'gold')"

ITEMS = Statement(f"SELECT item {_SHOWN}", ItemRow)
RESULTS = Statement(
    f"SELECT row, item, label, confidence, answers, status, method {_SHOWN} ORDER BY id",
    ResultRow,
)
COUNT_RESULTS = Statement(f"SELECT COUNT(*) {_SHOWN}", Number)

ANSWERS = Statement(
    """
    SELECT t.row, a.worker_id, p.joined_at, a.value, a.submitted_at, a.work_ms, a.gold_correct, a.rejected
    FROM answer a
    JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
    LEFT JOIN person p ON p.id = a.worker_id
    WHERE a.project_id = :project ORDER BY a.project_id, a.task_id, a.worker_id
    """,
    AnswerRow,
)
COUNT_ANSWERS = Statement("SELECT COUNT(*) FROM answer WHERE project_id = :project", Number)

BEHAVIOUR = Statement(
    """
    SELECT t.row, a.worker_id, p.joined_at, a.state, a.position, a.offered_at, a.delivered_at, a.first_tap_at,
           a.changes, a.instructions, a.undone, a.undone_at, a.submitted_at, a.skipped_at, a.reason, a.reported,
           a.channel, a.sitting, a.in_sitting, a.hour, a.media, a.edits, a.retries
    FROM assignment a
    JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
    LEFT JOIN person p ON p.id = a.worker_id
    WHERE a.project_id = :project ORDER BY a.project_id, a.task_id, a.worker_id
    """,
    BehaviourRow,
)
COUNT_BEHAVIOUR = Statement("SELECT COUNT(*) FROM assignment WHERE project_id = :project", Number)


class JudgedRow(NamedTuple):
    """A task and how its label came about."""

    row: str
    posterior: str | None
    label: str | None
    confidence: float | None
    answers: int
    status: str
    method: str


class WeighedRow(NamedTuple):
    """An answer and what it counted for."""

    row: str
    worker: int
    joined_at: int | None
    value: str
    weight: float | None


JUDGED = Statement(
    f"SELECT row, posterior, label, confidence, answers, status, method {_SHOWN} AND answers > 0 ORDER BY id",
    JudgedRow,
)
WEIGHED = Statement(
    """
    SELECT t.row, a.worker_id, p.joined_at, a.value, a.weight
    FROM answer a
    JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
    LEFT JOIN person p ON p.id = a.worker_id
    WHERE a.project_id = :project AND NOT a.rejected ORDER BY a.project_id, a.task_id, a.worker_id
    """,
    WeighedRow,
)
COUNT_QUALITY = COUNT_ANSWERS
"""Near enough for a bar: most rows are answers, and labels of the tasks that they answer."""
