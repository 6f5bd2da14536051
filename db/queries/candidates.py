"""Statements that find the next task for a worker, past what they have held and what they have seen as a reviewer."""

from typing import NamedTuple

from db.statement import Statement

_LOOK_BACK = 5_000
_HELD = "SELECT 1 FROM assignment a WHERE a.project_id = t.project_id AND a.task_id = t.id AND a.worker_id = :worker"
_SEEN = """
    SELECT 1 FROM review_case c JOIN vote v ON v.case_id = c.id AND v.reviewer_id = :worker
    WHERE c.project_id = t.project_id AND c.task_id = t.id"""


class Candidate(NamedTuple):
    """A task that may be dealt: its number, its place in the shuffled order, what one more answer to it is worth."""

    id: int
    place: int
    worth: float | None


class Entry(NamedTuple):
    """An entry in the queue of returned tasks, whether this worker may have it, and what it is worth."""

    id: int
    task: int
    fits: int
    worth: float | None


class Candidates(NamedTuple):
    """How the next task is looked for."""

    ahead: Statement[Candidate]
    """The next in the shuffled order that has a slot: one step in the index of assignable tasks."""
    unlocked: Statement[Candidate]
    """The same, past tasks that another turn is taking this moment."""
    left_behind: Statement[Candidate]
    """One of the first tasks that have a slot: few are left when this is asked, and not all are this worker's own."""
    returned: Statement[Entry]


def _candidates(fits: str) -> Candidates:
    ahead = f"""
        SELECT t.id, t.place, t.worth FROM task t
        WHERE t.project_id = :project AND t.place > :cursor AND t.slots > 0 AND {fits}
        ORDER BY t.place LIMIT 1
    """  # noqa: S608 - put together from constants
    left_behind = f"""
        SELECT t.id, t.place, t.worth FROM (
            SELECT project_id, id, place, worth FROM task
            WHERE project_id = :project AND slots > 0 ORDER BY place LIMIT {_LOOK_BACK}) t
        WHERE {fits} LIMIT 1
    """  # noqa: S608 - as above
    returned = f"""
        SELECT r.id, r.task_id, CASE WHEN t.slots > 0 AND {fits} THEN 1 ELSE 0 END, t.worth
        FROM returned r JOIN task t ON t.project_id = r.project_id AND t.id = r.task_id
        WHERE r.project_id = :project AND r.id > :cursor
        ORDER BY r.id LIMIT :window
    """  # noqa: S608 - as above
    return Candidates(
        Statement(ahead, Candidate),
        Statement(ahead, Candidate, postgresql=ahead + " FOR NO KEY UPDATE OF t SKIP LOCKED"),
        Statement(left_behind, Candidate),
        Statement(returned, Entry),
    )


OF_WORKERS = _candidates(f"NOT EXISTS ({_HELD})")
OF_REVIEWERS = _candidates(f"NOT EXISTS ({_HELD}) AND NOT EXISTS ({_SEEN})")
"""For whoever has ever taken up a case: nobody is dealt an item of which they have seen others' answers."""
