"""Statements of the batch pass: all that a crowd has said of a project, and what is made of it."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- what was said


class AnsweredTask(NamedTuple):
    """A task that somebody answered."""

    id: int
    split: str
    gold: str | None
    prior: str | None
    status: str
    method: str
    label: str | None
    confidence: float | None
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
    SELECT id, split, gold, prior, status, method, label, confidence, answers FROM task
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
    FROM enrolment e LEFT JOIN person p ON p.id = e.worker_id
    WHERE e.project_id = :project AND e.answered > 0 ORDER BY e.worker_id
    """,
    Enrolled,
)

# --------------------------------------------------------------------------- what is made of it


class Standing(NamedTuple):
    """Where the passes over a project stand."""

    made_at: int
    busy_until: int
    answers: int
    reopened: int
    corrections: int
    doubted: int


STANDING = Statement(
    "SELECT made_at, busy_until, answers, reopened, corrections, doubted FROM crowd WHERE project_id = :project",
    Standing,
)
BEGIN = change("""
    INSERT INTO crowd (project_id, revision, model, made_at, busy_until, answers, reopened, corrections, doubted)
    VALUES (:project, 1, '{}', 0, 0, 0, 0, 0, 0)
    ON CONFLICT (project_id) DO NOTHING
""")
CLAIM = change("""
    UPDATE crowd SET made_at = :now, busy_until = :until WHERE project_id = :project AND busy_until < :now
""")
"""Whoever changes a row has the pass, until it ends or the time is over."""
LEARN = change("UPDATE crowd SET revision = revision + 1, model = :model WHERE project_id = :project")
FOUND = change("UPDATE crowd SET corrections = :corrections, doubted = :doubted WHERE project_id = :project")
RELEASE = change("UPDATE crowd SET busy_until = 0 WHERE project_id = :project")
FINISH = change("UPDATE crowd SET answers = :answers WHERE project_id = :project")
SPEND = change("UPDATE crowd SET reopened = reopened + 1 WHERE project_id = :project AND reopened < :most")
"""One more of the tasks that may be weighed again by itself; nothing changes where all are spent."""

JUDGE = change("""
    UPDATE enrolment SET seen = :seen, correct = :correct, confusion = :confusion, doubt = :doubt, doubts = :doubts
    WHERE project_id = :project AND worker_id = :worker
""")

FORGET_ALIKE = change("DELETE FROM alike WHERE project_id = :project")
FIND_ALIKE = change("""
    INSERT INTO alike (project_id, worker_id, other_id, strength, shared, same, wrong, chance)
    VALUES (:project, :worker, :other, :strength, :shared, :same, :wrong, :chance)
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


CORRECTION = Statement(
    """
    SELECT c.task_id, t.row, c.label, c.confidence
    FROM correction c JOIN task t ON t.project_id = c.project_id AND t.id = c.task_id
    WHERE c.project_id = :project AND c.task_id = :task
    """,
    Wrong,
)
LESS = change("""
    UPDATE crowd SET corrections = corrections - 1 WHERE project_id = :project AND corrections > 0
""")


class Row(NamedTuple):
    """The row of a task in the data file."""

    row: str


ROW = Statement("SELECT row FROM task WHERE project_id = :project AND id = :task", Row)

FREE_SLOTS = change("""
    UPDATE task SET slots = 0, wanted = answers
    WHERE project_id = :project AND id = :task AND status = 'open' AND slots = wanted - answers
""")
"""Ask nobody more: only where nobody has been asked."""
RETHINK = change("""
    UPDATE task SET label = :label, confidence = :confidence, posterior = :posterior, worth = :worth
    WHERE project_id = :project AND id = :task AND status = 'open'
""")
