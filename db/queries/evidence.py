"""Statements that show how one task's label came about."""

from typing import NamedTuple

from db.statement import Statement


class Shown(NamedTuple):
    """A task with all that was made of it."""

    id: int
    item: str
    pictures: str
    split: str
    prior: str | None
    status: str
    wanted: int
    answers: int
    label: str | None
    confidence: float | None
    posterior: str | None
    method: str


TASK = Statement(
    """
    SELECT id, item, pictures, split, prior, status, wanted, answers, label, confidence, posterior, method
    FROM task WHERE project_id = :project AND row = :row
    """,
    Shown,
)


class Voice(NamedTuple):
    """An answer, who gave it, and what it counted for when the task was settled."""

    worker: int
    joined_at: int | None
    value: str
    weight: float | None


VOICES = Statement(
    """
    SELECT a.worker_id, p.joined_at, a.value, a.weight
    FROM answer a LEFT JOIN person p ON p.id = a.worker_id
    WHERE a.project_id = :project AND a.task_id = :task AND NOT a.rejected
    ORDER BY a.submitted_at, a.worker_id LIMIT 200
    """,
    Voice,
)
