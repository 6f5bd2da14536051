"""Statements on what a deed would touch: few rows each, by an index, so that they can be asked in a turn."""

from typing import NamedTuple

from db.statement import Statement


class Count(NamedTuple):
    """How many."""

    n: int


IN_HAND = Statement(
    """
    SELECT COUNT(*) FROM assignment
    WHERE state = 'offered' AND lease_ends > 0 AND +project_id = :project
    """,
    Count,
)
"""Items of a project that somebody has in hand: by the index of all leases, not by the project's assignments."""
HELD_BY = Statement(
    """
    SELECT COUNT(*) FROM enrolment e JOIN assignment a
        ON a.project_id = e.project_id AND a.worker_id = e.worker_id AND a.task_id = e.open_task
    WHERE e.worker_id = :person AND a.state = 'offered'
    """,
    Count,
)
SEATS_OF = Statement("SELECT COUNT(*) FROM vote WHERE reviewer_id = :person AND state = 'offered'", Count)
PROPOSED_BY = Statement("SELECT COUNT(*) FROM mass_rejection WHERE made_by = :person AND state = 'proposed'", Count)
SENT_BY = Statement(
    "SELECT COUNT(*) FROM broadcast WHERE state IN ('choosing', 'running') AND made_by = :person",
    Count,
)
