"""Statements of consensus: a task's answers with their authors' records, what is made of them, who is credited."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- answers


class Counted(NamedTuple):
    """An answer and what is known of who gave it."""

    worker: int
    value: str
    gold_correct: bool | None
    agreed: float | None
    seen: float
    correct: float
    confusion: bytes | None
    doubt: float
    work_ms: int
    further: int
    """Answers that the task gets in any case beyond this one."""
    due_at: int | None
    """While its pay is on hold."""


COUNTED = Statement(
    """
    SELECT a.worker_id, a.value, a.gold_correct, a.agreed, e.seen, e.correct, e.confusion, e.doubt, a.work_ms,
           a.further, a.due_at
    FROM answer a JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
    WHERE a.project_id = :project AND a.task_id = :task AND NOT a.rejected
    ORDER BY a.submitted_at, a.worker_id
    """,
    Counted,
)

_COUNTED_ONE = """
    SELECT a.worker_id, a.value, a.gold_correct, a.agreed, e.seen, e.correct, e.confusion, e.doubt, a.work_ms,
           a.further, a.due_at
    FROM answer a JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
    WHERE a.project_id = :project AND a.task_id = :task AND a.worker_id = :worker
"""
COUNTED_ONE = Statement(_COUNTED_ONE, Counted, postgresql=_COUNTED_ONE + " FOR NO KEY UPDATE OF a")
"""Locked, so that its pay does not become payable meanwhile."""


class Pair(NamedTuple):
    """Two people whose answers are suspiciously alike."""

    worker: int
    other: int
    strength: float


ALIKE = Statement(
    """
    SELECT x.worker_id, x.other_id, x.strength
    FROM answer a CROSS JOIN answer b CROSS JOIN alike x
    WHERE a.project_id = :project AND a.task_id = :task
      AND b.project_id = a.project_id AND b.task_id = :task AND b.worker_id > a.worker_id
      AND x.project_id = a.project_id AND x.worker_id = a.worker_id AND x.other_id = b.worker_id
    """,
    Pair,
)
"""Pairs of whom both answered a task. CROSS JOIN keeps SQLite to this order, the cheap one."""

WEIGH = change("""
    UPDATE task
    SET answers = :answers, wanted = :wanted, slots = slots + :slots, status = :status, label = :label,
        confidence = :confidence, posterior = :posterior, method = :method, settled_at = :settled_at, worth = :worth
    WHERE project_id = :project AND id = :task
""")

JUDGED = change("""
    UPDATE answer SET agreed = :agreed, weight = :weight
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker
""")

# --------------------------------------------------------------------------- records


class Held(NamedTuple):
    """A worker's record."""

    worker: int
    seen: float
    correct: float
    confusion: bytes | None
    recent: bytes | None
    """Their last judgements of this kind: gold or settled (``tasks.quality.lately``)."""


_RECORD = """
    SELECT worker_id, seen, correct, confusion, recent_gold
    FROM enrolment WHERE project_id = :project AND worker_id = :worker
"""
RECORD = Statement(_RECORD, Held, postgresql=_RECORD + " FOR NO KEY UPDATE")

_RECORDS = """
    SELECT e.worker_id, e.seen, e.correct, e.confusion, e.recent_agreed
    FROM answer a JOIN enrolment e ON e.project_id = a.project_id AND e.worker_id = a.worker_id
    WHERE a.project_id = :project AND a.task_id = :task ORDER BY e.worker_id
"""
RECORDS = Statement(_RECORDS, Held, postgresql=_RECORDS + " FOR NO KEY UPDATE OF e")
"""Of all who answered a task, locked in the order of their numbers: else turns would wait for each other."""

CREDIT = change("""
    UPDATE enrolment
    SET seen = :seen, correct = :correct, confusion = :confusion, recent_agreed = :recent,
        settled = CASE WHEN settled + :n > 0 THEN settled + :n ELSE 0 END
    WHERE project_id = :project AND worker_id = :worker
""")

CREDIT_GOLD = change("""
    UPDATE enrolment
    SET seen = :seen, correct = :correct, confusion = :confusion,
        recent_gold = :recent, gold_seen = gold_seen + :n, gold_correct = gold_correct + :right
    WHERE project_id = :project AND worker_id = :worker
""")
