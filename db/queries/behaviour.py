"""Statements on how answers are made: raw events, and what they add up to for each worker in a project."""

from typing import NamedTuple

from db.statement import Statement, change

HAPPENED = change("""
    INSERT INTO event (project_id, worker_id, task_id, at, what, detail)
    VALUES (:project, :worker, :task, :at, :what, :detail)
""")


class Touched(NamedTuple):
    """When an assignment saw its first tap."""

    first_tap_at: int


TOUCH = Statement(
    """
    UPDATE assignment
    SET first_tap_at = COALESCE(first_tap_at, :now), changes = changes + :changes,
        instructions = instructions + :instructions, media = media + :media
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = 'offered'
    RETURNING first_tap_at
    """,
    Touched,
)

DELIVERED = change("""
    UPDATE assignment SET delivered_at = :at
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND delivered_at IS NULL
""")

SHOWN = change("""
    INSERT INTO event (project_id, worker_id, task_id, at, what)
    SELECT project_id, worker_id, task_id, :at, 'delivered' FROM assignment
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND delivered_at IS NULL
""")
"""The first time that a channel takes an item; before the assignment is told."""

RETRIED = change("""
    UPDATE assignment SET retries = retries + 1
    WHERE project_id = :project AND task_id = :task AND worker_id = :worker AND state = 'offered'
""")


class Kept(NamedTuple):
    """A worker's habits in a project."""

    kept: bytes


HABITS = Statement("SELECT kept FROM habit WHERE project_id = :project AND worker_id = :worker", Kept)
"""Written in the worker's own turns alone, so that nobody locks it."""

KEEP = change("""
    INSERT INTO habit (project_id, worker_id, kept) VALUES (:project, :worker, :kept)
    ON CONFLICT (project_id, worker_id) DO UPDATE SET kept = excluded.kept
""")

EVERYBODYS = Statement("SELECT kept FROM habit WHERE project_id = :project", Kept)
CROWDS = Statement("SELECT habits FROM crowd WHERE project_id = :project AND habits IS NOT NULL", Kept)
POOL = change("UPDATE crowd SET habits = :kept, added_up = :answers WHERE project_id = :project")


class AddedUp(NamedTuple):
    """How many answers a project had when everybody's habits were last added up."""

    answers: int


ADDED_UP = Statement("SELECT added_up FROM crowd WHERE project_id = :project", AddedUp)


class Record(NamedTuple):
    """All that a worker's figures in a project rest on."""

    project: int
    seen: float
    correct: float
    gold_seen: int
    gold_correct: int
    kept: bytes | None
    crowd: bytes | None
    """Everybody's habits together."""
    lapsed: int
    """1 where the task they hold has been taken from them, which their habits do not know yet."""


_HELD = "LEFT JOIN habit h ON h.project_id = e.project_id AND h.worker_id = e.worker_id"
_LAPSED = """LEFT JOIN assignment a
         ON a.project_id = e.project_id AND a.task_id = e.open_task AND a.worker_id = e.worker_id"""
_KNOWN = "e.project_id, e.seen, e.correct, e.gold_seen, e.gold_correct, h.kept"
_LAST = "CASE WHEN a.state = 'expired' THEN 1 ELSE 0 END"
_RECORD = f"""
    SELECT {_KNOWN}, c.habits, {_LAST}
    FROM project p JOIN enrolment e ON e.project_id = p.id
    {_HELD} LEFT JOIN crowd c ON c.project_id = e.project_id {_LAPSED}
    WHERE e.worker_id = :worker
"""  # noqa: S608 - put together from constants
RECORD = Statement(_RECORD + " AND p.id = :project", Record)
RECORDS = Statement(_RECORD + " ORDER BY p.id", Record)
"""In all projects, by one look at the key of each."""


class Named(NamedTuple):
    """Somebody in a project, and what is known of them."""

    worker: int
    joined_at: int | None
    project: int
    seen: float
    correct: float
    gold_seen: int
    gold_correct: int
    kept: bytes
    crowd: bytes | None
    lapsed: int

    def record(self) -> Record:
        """What is known, by itself."""
        return Record._make(self[2:])


EVERYBODY = Statement(
    f"""
    SELECT e.worker_id, p.joined_at, {_KNOWN}, NULL, {_LAST}
    FROM enrolment e {_HELD.removeprefix("LEFT ")} {_LAPSED} LEFT JOIN person p ON p.id = e.worker_id
    WHERE e.project_id = :project ORDER BY e.worker_id
    """,  # noqa: S608 - put together from constants
    Named,
)
"""All who have done something in a project; the crowd's own habits are not among it."""
