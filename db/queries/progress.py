"""Statements on how a project has gone: each one pass over its rows that comes back as a few sums."""

from typing import NamedTuple

from db.statement import Statement

# --------------------------------------------------------------------------- by the hour (hours since 1970, UTC)


class Hour(NamedTuple):
    """What was answered in one hour."""

    hour: int
    answers: int
    gold_seen: int
    gold_right: int
    judged: int
    """Answers whose item has been settled since,"""
    agreed: float
    """and how near they came to what it was settled with, summed."""


class Settled(NamedTuple):
    """How many items were settled in one hour."""

    hour: int
    tasks: int


class Spent(NamedTuple):
    """What one hour cost, in minor units; below 0 where more was taken back than earned."""

    hour: int
    amount: int


HOURS = Statement(
    """
    SELECT submitted_at / 3600000 AS hour, COUNT(*),
           COUNT(gold_correct), SUM(CASE WHEN gold_correct THEN 1 ELSE 0 END),
           COUNT(agreed), COALESCE(SUM(agreed), 0)
    FROM answer WHERE project_id = :project AND NOT rejected GROUP BY 1 ORDER BY 1
    """,
    Hour,
)
SETTLED = Statement(
    """
    SELECT settled_at / 3600000 AS hour, COUNT(*) FROM task
    WHERE project_id = :project AND split = 'work' AND status <> 'open' AND settled_at IS NOT NULL
    GROUP BY 1 ORDER BY 1
    """,
    Settled,
)
SPENT = Statement(
    """
    SELECT at / 3600000 AS hour, CAST(SUM(CASE WHEN reason = 'reversal' THEN -amount ELSE amount END) AS BIGINT)
    FROM posting WHERE project_id = :project AND reason IN ('answer', 'vote', 'bonus', 'reversal')
    GROUP BY 1 ORDER BY 1
    """,
    Spent,
)

# --------------------------------------------------------------------------- what was answered, and by whom


class Mixed(NamedTuple):
    """How many items were settled with one label (JSON)."""

    label: str
    tasks: int


class Known(NamedTuple):
    """A worker's record, as the enrolment keeps it; ``confusion`` as ``db.tables.work.Enrolment`` describes it."""

    worker: int
    joined_at: int | None
    answered: int
    seen: float
    correct: float
    confusion: bytes | None


class Speed(NamedTuple):
    """How long a worker takes for an answer (milliseconds), a long break not counted in full."""

    worker: int
    work_ms: float


class Launched(NamedTuple):
    """When the project was launched."""

    launched_at: int | None


MIX = Statement(
    """
    SELECT label, COUNT(*) FROM task
    WHERE project_id = :project AND split = 'work' AND status IN ('agreed', 'decided') AND label IS NOT NULL
    GROUP BY label ORDER BY 2 DESC, 1 LIMIT :most
    """,
    Mixed,
)
KNOWN = Statement(
    """
    SELECT e.worker_id, p.joined_at, e.answered, e.seen, e.correct, e.confusion
    FROM enrolment e LEFT JOIN person p ON p.id = e.worker_id
    WHERE e.project_id = :project AND e.answered > 0 ORDER BY e.answered DESC, e.worker_id
    """,
    Known,
)
SPEED = Statement(
    """
    SELECT worker_id, AVG(CASE WHEN work_ms < 600000 THEN work_ms ELSE 600000 END) FROM answer
    WHERE project_id = :project AND task_id = task_id / :every * :every GROUP BY worker_id
    """,
    Speed,
)
"""Of every so many tasks: enough to know, and a large project takes no longer."""
LAUNCHED = Statement("SELECT launched_at FROM project WHERE id = :project", Launched)
