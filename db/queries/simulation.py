"""Statements that read out what a simulated crowd has come to."""

from typing import NamedTuple

from db.statement import Statement


class Row(NamedTuple):
    """A task, what it is for, and its known answer."""

    task: int
    split: str
    gold: str | None


ROWS = Statement("SELECT id, split, gold FROM task WHERE project_id = :project ORDER BY id", Row)


class Ended(NamedTuple):
    """Where somebody has ended. ``checked``: their answers that others' answers stand beside."""

    person: int
    gate: int
    answered: int
    skipped: int
    gold_seen: int
    gold_correct: int
    checked: int
    doubt: float
    doubted: int
    checks: int


ENDED = Statement(
    """
    SELECT p.id, p.gate, COALESCE(e.answered, 0), COALESCE(e.skipped, 0), COALESCE(e.gold_seen, 0),
           COALESCE(e.gold_correct, 0), COALESCE(c.n, 0), COALESCE(e.doubt, 0),
           CASE WHEN e.doubts IS NULL THEN 0 ELSE 1 END, COALESCE(e.checks, 1)
    FROM person p LEFT JOIN enrolment e ON e.worker_id = p.id AND e.project_id = :project
    LEFT JOIN (
        SELECT n.worker_id AS worker, COUNT(*) AS n
        FROM answer n JOIN task t ON t.project_id = n.project_id AND t.id = n.task_id
        WHERE n.project_id = :project AND t.split = 'work' AND t.answers > 1 GROUP BY n.worker_id) c ON c.worker = p.id
    ORDER BY p.id
    """,
    Ended,
)


class Counted(NamedTuple):
    """How often something was done to somebody."""

    person: int
    what: str
    n: int


DONE = Statement(
    """
    SELECT person_id, what, COUNT(*) FROM audit
    WHERE person_id IS NOT NULL AND rule <> '' GROUP BY person_id, what ORDER BY person_id, what
    """,
    Counted,
)
PROPOSED = Statement(
    "SELECT person_id, what, COUNT(*) FROM proposal GROUP BY person_id, what ORDER BY person_id, what", Counted
)


class Alike(NamedTuple):
    """Two people who are shown as suspiciously alike."""

    one: int
    other: int


ALIKE = Statement("SELECT worker_id, other_id FROM alike WHERE project_id = :project AND strength >= :least", Alike)


class Result(NamedTuple):
    """What a task has come to."""

    task: int
    status: str
    label: str | None
    answers: int


RESULTS = Statement(
    "SELECT id, status, label, answers FROM task WHERE project_id = :project AND split = 'work' ORDER BY id", Result
)


class Spent(NamedTuple):
    """Answers that were given in a project, and the time they took (milliseconds)."""

    answers: int
    work_ms: int


SPENT = Statement("SELECT COUNT(*), COALESCE(SUM(work_ms), 0) FROM answer WHERE project_id = :project", Spent)
