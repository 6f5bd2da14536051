"""Statements of known answers: which comes next in a worker's round, and where there are any."""

from typing import NamedTuple

from db.queries.candidates import Candidate
from db.statement import Statement

AHEAD = Statement(
    """
    SELECT t.id, t.place, t.worth FROM task t
    WHERE t.project_id = :project AND t.place > :cursor AND t.place < :until AND t.split = 'gold' AND NOT EXISTS (
        SELECT 1 FROM review_case c JOIN vote v ON v.case_id = c.id AND v.reviewer_id = :worker
        WHERE c.project_id = t.project_id AND c.task_id = t.id)
    ORDER BY t.place LIMIT 1
    """,
    Candidate,
)
"""Never one that this worker has reviewed: they may know what it comes to."""


class Span(NamedTuple):
    """The first and the last place in the shuffled order that has a gold task."""

    first: int | None
    last: int | None


SPAN = Statement(
    """
    SELECT (SELECT MIN(place) FROM task WHERE project_id = :project AND split = 'gold'),
           (SELECT MAX(place) FROM task WHERE project_id = :project AND split = 'gold')
    """,
    Span,
)
