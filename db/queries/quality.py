"""Statements of the batch pass: all that a crowd has said of a project, and what is made of it."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- what was said


class AnsweredTask(NamedTuple):
    """A task that somebody answered."""

    id: int
    row: str
    split: str
    gold: str | None
    prior: str | None
    status: str
    label: str | None
    answers: int


class Given(NamedTuple):
    """An answer that counts."""

    task: int
    worker: int
    value: str
    submitted_at: int
    work_ms: int


class Enrolled(NamedTuple):
    """A worker and their record, as a pass found it."""

    worker: int
    joined_at: int | None
    seen: float
    correct: float
    confusion: bytes | None
    doubt: float
    doubts: str | None


ANSWERED_TASKS = Statement(
    """
    SELECT id, row, split, gold, prior, status, label, answers FROM task
    WHERE project_id = :project AND answers > 0 ORDER BY id
    """,
    AnsweredTask,
)
GIVEN = Statement(
    """
    SELECT task_id, worker_id, value, submitted_at, work_ms FROM answer
    WHERE project_id = :project AND NOT rejected ORDER BY project_id, task_id, worker_id
    """,
    Given,
)
ENROLLED = Statement(
    """
    SELECT e.worker_id, p.joined_at, e.seen, e.correct, e.confusion, e.doubt, e.doubts
    FROM enrolment e JOIN person p ON p.id = e.worker_id
    WHERE e.project_id = :project AND e.answered > 0 ORDER BY e.worker_id
    """,
    Enrolled,
)

# --------------------------------------------------------------------------- what is made of it


class Made(NamedTuple):
    """When a pass last began."""

    made_at: int


MADE = Statement("SELECT made_at FROM crowd WHERE project_id = :project", Made)
BEGIN = change("""
    INSERT INTO crowd (project_id, revision, model, made_at) VALUES (:project, 1, '{}', :now)
    ON CONFLICT (project_id) DO NOTHING
""")
CLAIM = change("UPDATE crowd SET made_at = :now WHERE project_id = :project AND made_at = :then")
"""Whoever changes a row has the pass; another process finds the time changed and leaves it."""
LEARN = change("UPDATE crowd SET revision = revision + 1, model = :model WHERE project_id = :project")

JUDGE = change("""
    UPDATE enrolment SET seen = :seen, correct = :correct, confusion = :confusion, doubt = :doubt, doubts = :doubts
    WHERE project_id = :project AND worker_id = :worker
""")

FORGET_ALIKE = change("DELETE FROM alike WHERE project_id = :project")
FIND_ALIKE = change("""
    INSERT INTO alike (project_id, worker_id, other_id, strength) VALUES (:project, :worker, :other, :strength)
""")


class Wrong(NamedTuple):
    """A settled task that would be answered otherwise today."""

    task: int
    row: str
    label: str
    confidence: float


FORGET_CORRECTIONS = change("DELETE FROM correction WHERE project_id = :project")
FORGET_CORRECTION = change("DELETE FROM correction WHERE project_id = :project AND task_id = :task")
CORRECT = change("""
    INSERT INTO correction (project_id, task_id, label, confidence, made_at)
    VALUES (:project, :task, :label, :confidence, :now)
""")
CORRECTIONS = Statement(
    """
    SELECT c.task_id, t.row, c.label, c.confidence
    FROM correction c JOIN task t ON t.project_id = c.project_id AND t.id = c.task_id
    WHERE c.project_id = :project ORDER BY c.confidence DESC, c.task_id LIMIT :most
    """,
    Wrong,
)


class Number(NamedTuple):
    """One number."""

    n: int


COUNT_CORRECTIONS = Statement("SELECT COUNT(*) FROM correction WHERE project_id = :project", Number)

COUNT_DOUBTED = Statement("SELECT COUNT(*) FROM enrolment WHERE project_id = :project AND doubts IS NOT NULL", Number)


class Row(NamedTuple):
    """The row of a task in the data file."""

    row: str


ROW = Statement("SELECT row FROM task WHERE project_id = :project AND id = :task", Row)


class Waiting(NamedTuple):
    """An open task that has had as many answers as it was first meant to have."""

    id: int


WAITING = Statement(
    """
    SELECT id FROM task
    WHERE project_id = :project AND status = 'open' AND slots > 0 AND slots = wanted - answers AND answers >= :least
      AND id > :after
    ORDER BY id LIMIT :most
    """,
    Waiting,
)
"""Those that nobody is working on this moment."""

FREE_SLOTS = change("""
    UPDATE task SET slots = 0, wanted = answers
    WHERE project_id = :project AND id = :task AND status = 'open' AND slots = wanted - answers
""")
"""Ask nobody more: only where nobody has been asked."""
RETHINK = change("""
    UPDATE task SET label = :label, confidence = :confidence, posterior = :posterior, worth = :worth
    WHERE project_id = :project AND id = :task AND status = 'open'
""")
