"""Statements on what waits for reviewers: how a case begins, and how it ends without a verdict."""

from typing import NamedTuple

from db.statement import Statement, change

DISPUTE = change("""
    INSERT INTO review_case (project_id, task_id, what, cause, words, state, wanted, most, seats, votes, opened_at, why)
    VALUES (:project, :task, 'dispute', :cause, '', 'open', :wanted, :most, :wanted, 0, :now, '')
    ON CONFLICT DO NOTHING
""")
"""A task has one open dispute at the most."""

ASK = change("""
    INSERT INTO review_case (project_id, task_id, what, cause, worker_id, given, words, state, wanted, most, seats,
                             votes, opened_at, why)
    VALUES (:project, :task, 'answer', :cause, :worker, :value, '', 'open', 1, 1, 1, 0, :now, '')
    ON CONFLICT DO NOTHING
""")
"""An answer has one open review at the most."""


class Case(NamedTuple):
    """A case as it stands."""

    id: int
    project: int
    task: int
    what: str
    cause: str
    worker: int | None
    about: int | None
    given: str | None
    words: str
    state: str
    wanted: int
    most: int
    seats: int
    votes: int
    opened_at: int
    ends_at: int | None
    verdict: str | None
    why: str
    confidence: float | None
    decided_at: int | None
    decided_by: int | None
    answered_at: int | None


COLUMNS = """
    c.id, c.project_id, c.task_id, c.what, c.cause, c.worker_id, c.about_id, c.given, c.words, c.state, c.wanted,
    c.most, c.seats, c.votes, c.opened_at, c.ends_at, c.verdict, c.why, c.confidence, c.decided_at, c.decided_by,
    c.answered_at
"""
_CASE = f"SELECT {COLUMNS} FROM review_case c WHERE c.id = :case_id"  # noqa: S608 - put together from constants
CASE = Statement(_CASE, Case)
CASE_LOCKED = Statement(_CASE, Case, postgresql=_CASE + " FOR NO KEY UPDATE")
"""For whoever is going to vote on it or decide it; always after the task's row."""


class Raised(NamedTuple):
    """A dispute there has been."""

    id: int


RAISED = Statement(
    """
    SELECT id FROM review_case
    WHERE project_id = :project AND task_id = :task AND what = 'dispute' AND cause = :cause LIMIT 1
    """,
    Raised,
)

_OPEN = f"""
    SELECT {COLUMNS} FROM review_case c
    WHERE c.project_id = :project AND c.task_id = :task AND c.what = :what AND c.state IN ('open', 'senior')
        AND (:worker = 0 OR c.worker_id = :worker)
    ORDER BY c.id
"""  # noqa: S608 - put together from constants
OPEN = Statement(_OPEN, Case, postgresql=_OPEN + " FOR NO KEY UPDATE")
"""The open cases of a task: of one worker's answer, or with ``worker`` 0 of any."""

WITHDRAW = change("""
    UPDATE review_case SET state = 'withdrawn', seats = 0, ends_at = NULL, decided_at = :now
    WHERE id = :case_id AND state IN ('open', 'senior')
""")


class Seat(NamedTuple):
    """A reviewer's place at a case: a vote that is under way."""

    case: int
    reviewer: int
    pay: int
    budget: int | None
    """The account that the vote is promised from."""
    planted: bool


_SEAT = "SELECT case_id, reviewer_id, pay, budget_id, planted FROM vote"
SEATS = Statement(f"{_SEAT} WHERE case_id = :case_id AND state = 'offered' ORDER BY reviewer_id", Seat)
SEATS_OF = Statement(f"{_SEAT} WHERE reviewer_id = :person AND state = 'offered' ORDER BY case_id", Seat)
OVERDUE = Statement(f"{_SEAT} WHERE state = 'offered' AND lease_ends < :now ORDER BY lease_ends LIMIT :most", Seat)

END_SEAT = change("""
    UPDATE vote SET state = :state, budget_id = NULL
    WHERE case_id = :case_id AND reviewer_id = :reviewer AND state = 'offered' AND lease_ends < :before
""")
FREE_SEAT = change("UPDATE review_case SET seats = seats + 1 WHERE id = :case_id AND state = 'open'")
