"""Statements on single answers that reviewers look at: rejected, sent back, counted again, final."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- the answer


class Handed(NamedTuple):
    """An answer as it was handed in."""

    value: str
    submitted_at: int
    work_ms: int
    gold_correct: bool | None
    agreed: float | None
    rejected: bool
    due_at: int | None
    """While its pay is on hold, or waits for the end of a rejection."""


_HANDED = """
    SELECT value, submitted_at, work_ms, gold_correct, agreed, rejected, due_at FROM answer
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker
"""
HANDED = Statement(_HANDED, Handed, postgresql=_HANDED + " FOR NO KEY UPDATE")
"""Locked, so that its pay does not become payable meanwhile."""

COUNT_NO_MORE = change("""
    UPDATE answer SET rejected = TRUE, agreed = NULL, weight = NULL
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND NOT rejected
""")
COUNT_AGAIN = change("""
    UPDATE answer SET rejected = FALSE
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND rejected
""")

RESIZE = change("""
    UPDATE task SET answers = answers + :n, wanted = wanted + :n WHERE project_id = :project AND id = :task
""")
"""An answer more or less, and its place with it: where nobody is asked any more."""

# --------------------------------------------------------------------------- the assignment

REJECT = change("""
    UPDATE assignment SET state = 'rejected'
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = 'answered'
""")
RESTORE = change("""
    UPDATE assignment SET state = 'answered'
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = 'rejected'
""")
SEND_BACK = change("""
    UPDATE assignment
    SET state = 'offered', offered_at = :now, lease_ends = :lease_ends, undone = undone + 1, undone_at = :now,
        pay = :pay, budget_id = :budget, delivered_at = NULL, first_tap_at = NULL, submitted_at = NULL,
        changes = 0, edits = 0, instructions = 0, media = 0, retries = 0, sitting = 0, in_sitting = 0, hour = NULL
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = :state
""")
"""A lease as it was offered, before anything was seen of it: how the first answer was made is in the worker's habits,
and stays there."""

# --------------------------------------------------------------------------- the enrolment

REVIEWED = change("""
    UPDATE enrolment SET last_task = NULL
    WHERE project_id = :project AND worker_id = :worker AND last_task = :task
""")
"""What has been reviewed cannot be taken back."""
UNANSWERED = change("""
    UPDATE enrolment
    SET answered = answered - 1, today = CASE WHEN day = :day AND today > 0 THEN today - 1 ELSE today END,
        last_task = CASE WHEN last_task = :task THEN NULL ELSE last_task END
    WHERE project_id = :project AND worker_id = :worker
""")
BEGIN = change("""
    UPDATE enrolment SET waiting_task = COALESCE(open_task, waiting_task), open_task = :task
    WHERE project_id = :project AND worker_id = :worker AND (open_task IS NULL OR open_task <> :task)
""")

# --------------------------------------------------------------------------- the case

ENDS = change("UPDATE review_case SET ends_at = :ends_at WHERE id = :case_id")
ANSWERED = change("""
    UPDATE review_case SET answered_at = :now, ends_at = NULL WHERE id = :case_id AND answered_at IS NULL
""")


class There(NamedTuple):
    """That there is such a row."""

    yes: int


SENT_BACK = Statement(
    """
    SELECT 1 FROM review_case
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND what = 'answer' AND state = 'decided'
    LIMIT 1
    """,
    There,
)
"""Whether an answer of theirs to this task has been reviewed before."""


class Unseen(NamedTuple):
    """An answer that no reviewer has looked at."""

    task: int
    value: str


UNSEEN = Statement(
    """
    SELECT a.task_id, n.value FROM assignment a
    JOIN answer n ON n.project_id = a.project_id AND n.task_id = a.task_id AND n.worker_id = a.worker_id
    WHERE a.project_id = :project AND a.worker_id = :worker AND a.state = 'answered' AND NOT EXISTS (
        SELECT 1 FROM review_case c
        WHERE c.project_id = a.project_id AND c.task_id = a.task_id AND c.worker_id = a.worker_id
            AND c.what = 'answer' AND c.state <> 'withdrawn')
    """,
    Unseen,
)
"""Of one worker in a project, in any order: reads all answers of the project, for somebody in charge now and then."""
