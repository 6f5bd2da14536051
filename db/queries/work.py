"""Statements of dealing and answering: leases, slots, cursors, answers. ``(project, task, worker)`` is the key."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- enrolment


class Enrolled(NamedTuple):
    """Where a worker is in a project."""

    cursor: int
    gold_cursor: int
    returned_cursor: int
    open_task: int | None
    waiting_task: int | None
    last_task: int | None
    day: int
    today: int
    answered: int
    skipped: int
    gold_seen: int
    gold_correct: int
    doubt: float
    gold_from: int | None
    checks: int
    more_gold: float
    recent_gold: bytes | None
    paused_until: int | None
    paused_for: str | None
    reviews: bool
    """Whether they have ever taken up a case as a reviewer, anywhere."""


_ENROLLED = """
    SELECT cursor, gold_cursor, returned_cursor, open_task, waiting_task, last_task,
           day, today, answered, skipped, gold_seen, gold_correct, doubt,
           gold_from, checks, more_gold, recent_gold, paused_until, paused_for,
           EXISTS (SELECT 1 FROM vote WHERE reviewer_id = :worker)
    FROM enrolment WHERE project_id = :project AND worker_id = :worker
"""
ENROLLED = Statement(_ENROLLED, Enrolled)


class Joined(NamedTuple):
    """When somebody joined a project."""

    at: int


_LOCK = "SELECT joined_at FROM enrolment WHERE project_id = :project AND worker_id = :worker"
LOCK_ENROLMENT = Statement(_LOCK, Joined, postgresql=_LOCK + " FOR NO KEY UPDATE")

ENROL = change("""
    INSERT INTO enrolment (project_id, worker_id, joined_at, cursor, gold_cursor, returned_cursor,
                           day, today, answered, skipped, seen, correct, gold_seen, gold_correct)
    VALUES (:project, :worker, :now, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    ON CONFLICT (project_id, worker_id) DO NOTHING
""")

DEALT = change("""
    UPDATE enrolment
    SET cursor = :cursor, gold_cursor = :gold_cursor, gold_from = :gold_from, returned_cursor = :returned_cursor,
        open_task = :task, waiting_task = :waiting
    WHERE project_id = :project AND worker_id = :worker
""")

DONE_WITH = change("""
    UPDATE enrolment
    SET open_task = CASE WHEN open_task = :task THEN NULL ELSE open_task END, last_task = :task, day = :day,
        today = CASE WHEN day = :day THEN today ELSE 0 END + :answered,
        answered = answered + :answered, skipped = skipped + :skipped,
        skips_in_row = CASE WHEN :answered = 1 THEN 0 ELSE skips_in_row + :in_row END
    WHERE project_id = :project AND worker_id = :worker
""")

TAKEN_BACK = change("""
    UPDATE enrolment
    SET waiting_task = COALESCE(open_task, waiting_task), open_task = :task, last_task = NULL,
        today = CASE WHEN day = :day THEN today - :answered ELSE today END,
        answered = answered - :answered, skipped = skipped - :skipped,
        skips_in_row = CASE WHEN skips_in_row > 0 THEN skips_in_row - :in_row ELSE 0 END
    WHERE project_id = :project AND worker_id = :worker
""")

LET_GO = change("UPDATE enrolment SET open_task = NULL WHERE project_id = :project AND worker_id = :worker")

RETURN = change("INSERT INTO returned (project_id, task_id) VALUES (:project, :task)")

SWEEP_RETURNED = change("""
    DELETE FROM returned WHERE id IN (
        SELECT r.id FROM returned r JOIN task t ON t.project_id = r.project_id AND t.id = r.task_id
        WHERE t.slots = 0 ORDER BY r.id LIMIT :most)
""")

# --------------------------------------------------------------------------- slots and leases

_TAKE_SLOT = "UPDATE task SET slots = slots - 1 WHERE project_id = :project AND id = :task AND slots > 0"
TAKE_SLOT = change(_TAKE_SLOT)
TAKE_UNLOCKED_SLOT = change(
    _TAKE_SLOT,
    postgresql="""
    UPDATE task SET slots = slots - 1 WHERE project_id = :project AND id = (
        SELECT id FROM task WHERE project_id = :project AND id = :task AND slots > 0 FOR NO KEY UPDATE SKIP LOCKED)
    """,
)
"""The same, unless another turn holds the task this moment: dealing waits for nobody, so nobody waits in a circle."""
GIVE_SLOT = change("""
    UPDATE task SET slots = slots + 1 WHERE project_id = :project AND id = :task AND status = 'open'
""")

OFFER = change("""
    INSERT INTO assignment (project_id, task_id, worker_id, state, gold, position, offered_at, lease_ends,
                            changes, instructions, undone, reason, reported, pay, budget_id)
    VALUES (:project, :task, :worker, 'offered', :gold, :position, :now, :lease_ends, 0, 0, 0, '', FALSE,
            :pay, :budget)
    ON CONFLICT (project_id, task_id, worker_id) DO NOTHING
""")


class Lease(NamedTuple):
    """An assignment as it stands, and how it has been worked on so far."""

    state: str
    gold: bool
    position: int
    offered_at: int
    lease_ends: int
    delivered_at: int | None
    reported: bool
    reason: str
    undone: int
    hour: int | None
    changes: int
    edits: int
    instructions: int
    media: int
    retries: int
    submitted_at: int | None
    pay: int
    """What an answer earns (minor units), promised from the account ``budget``; None where nothing is promised."""
    budget: int | None
    kept: bytes | None
    """The worker's habits, where they are asked for too."""


_LEASE = """
    SELECT a.state, a.gold, a.position, a.offered_at, a.lease_ends, a.delivered_at, a.reported, a.reason, a.undone,
           a.hour, a.changes, a.edits, a.instructions, a.media, a.retries, a.submitted_at,
           a.pay, a.budget_id, {}
    FROM assignment a {} WHERE a.project_id = :project AND a.task_id = :task AND a.worker_id = :worker
"""
_LOCKED = " FOR NO KEY UPDATE OF a"
_BARE = _LEASE.format("NULL", "")
_WITH_HABITS = _LEASE.format("h.kept", "LEFT JOIN habit h ON h.project_id = a.project_id AND h.worker_id = a.worker_id")
LEASE = Statement(_BARE, Lease, postgresql=_BARE + _LOCKED)
"""Locked, so that no sweep ends it meanwhile; always before the task's row, as the sweep does."""
LEASE_AND_HABITS = Statement(_WITH_HABITS, Lease, postgresql=_WITH_HABITS + _LOCKED)
"""For whoever hands in, gives back or takes back."""

EXTEND = change("""
    UPDATE assignment SET state = 'offered', lease_ends = :lease_ends, pay = :pay, budget_id = :budget
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = :state
""")

SUBMIT = change("""
    UPDATE assignment
    SET state = 'answered', submitted_at = :now, first_tap_at = COALESCE(first_tap_at, :now),
        channel = :channel, sitting = :sitting, in_sitting = :in_sitting, hour = :hour, edits = :edits,
        pay = :pay, budget_id = :budget
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = :state
""")

SKIP = change("""
    UPDATE assignment
    SET state = 'skipped', skipped_at = :now, first_tap_at = COALESCE(first_tap_at, :now), reason = :reason,
        reported = :reported, channel = :channel, sitting = :sitting, in_sitting = :in_sitting, hour = :hour,
        budget_id = NULL
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = :state
""")

TAKE_BACK = change("""
    UPDATE assignment
    SET state = 'offered', lease_ends = :lease_ends, undone = undone + 1, undone_at = :now,
        submitted_at = NULL, skipped_at = NULL, reason = '', reported = FALSE, sitting = 0, in_sitting = 0, hour = NULL,
        pay = :pay, budget_id = :budget
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = :state
""")


class Overdue(NamedTuple):
    """A lease that has ended."""

    project: int
    task: int
    worker: int
    gold: bool
    pay: int
    budget: int | None


_OVERDUE = """
    SELECT project_id, task_id, worker_id, gold, pay, budget_id FROM assignment
    WHERE state = 'offered' AND lease_ends < :now ORDER BY lease_ends LIMIT :most
"""
OVERDUE = Statement(_OVERDUE, Overdue, postgresql=_OVERDUE + " FOR NO KEY UPDATE SKIP LOCKED")

EXPIRE = change("""
    UPDATE assignment SET state = 'expired', budget_id = NULL
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = 'offered'
""")

# --------------------------------------------------------------------------- tasks and answers


class TaskRow(NamedTuple):
    """A task as a worker is asked it."""

    item: str
    pictures: str
    split: str
    gold: str | None
    status: str
    wanted: int
    slots: int
    answers: int
    reports: int
    method: str
    prior: str | None
    posterior: str | None
    label: str | None


_TASK = """
    SELECT item, pictures, split, gold, status, wanted, slots, answers, reports, method, prior, posterior,
           label
    FROM task WHERE project_id = :project AND id = :task
"""
TASK = Statement(_TASK, TaskRow)
TASK_LOCKED = Statement(_TASK, TaskRow, postgresql=_TASK + " FOR NO KEY UPDATE")
"""For whoever is going to weigh its answers."""

HAND_IN = change("""
    INSERT INTO answer (project_id, task_id, worker_id, value, submitted_at, work_ms, gold_correct, rejected,
                        further, due_at)
    VALUES (:project, :task, :worker, :value, :now, :work_ms, :gold_correct, FALSE, :further, :due)
""")

WITHDRAW = change("DELETE FROM answer WHERE project_id = :project AND task_id = :task AND worker_id = :worker")


COUNT_ANSWER = change("UPDATE task SET answers = answers + :n WHERE project_id = :project AND id = :task")

REPORT = change("UPDATE task SET reports = reports + :n WHERE project_id = :project AND id = :task")

SET_ASIDE = change("""
    UPDATE task SET status = 'disputed', method = :method, slots = 0, settled_at = :now
    WHERE project_id = :project AND id = :task AND status = 'open'
""")

TALLY = change("""
    INSERT INTO tally (project_id, shard, tasks, answers, agreed, disputed, work_ms, gold_seen, gold_correct)
    VALUES (:project, :shard, 0, :answers, :agreed, :disputed, :work_ms, :gold_seen, :gold_correct)
    ON CONFLICT (project_id, shard) DO UPDATE SET
        answers = tally.answers + excluded.answers, agreed = tally.agreed + excluded.agreed,
        disputed = tally.disputed + excluded.disputed, work_ms = tally.work_ms + excluded.work_ms,
        gold_seen = tally.gold_seen + excluded.gold_seen, gold_correct = tally.gold_correct + excluded.gold_correct
""")
