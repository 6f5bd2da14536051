"""Statements on what was sent back to people, their appeals, and what ends by itself."""

from typing import NamedTuple

from db.queries.cases import COLUMNS, Case
from db.statement import Statement

# --------------------------------------------------------------------------- what was sent back


def _sent_back(columns: str) -> str:
    return f"""
    SELECT {columns} FROM review_case c WHERE c.worker_id = :worker
        AND c.what = 'answer' AND c.ends_at IS NOT NULL AND c.ends_at >= :now
    """  # noqa: S608 - put together from constants


SENT_BACK = Statement(_sent_back(COLUMNS) + " ORDER BY c.ends_at, c.id LIMIT :most", Case)
"""Rejections and redo requests that wait for the worker's word, what ends soonest first."""


class Count(NamedTuple):
    """How many."""

    n: int


SENT_BACK_COUNT = Statement(_sent_back("COUNT(*)"), Count)


class Together(NamedTuple):
    """Answers that were sent back together: one of the cases, and how many they are."""

    case: int
    n: int


TOGETHER = Statement(
    _sent_back("MIN(c.id), COUNT(*)")
    + """ AND c.cause = 'mass' GROUP BY c.project_id, c.why, c.verdict HAVING COUNT(*) > 1
    ORDER BY MIN(c.id) LIMIT :most""",
    Together,
)


def _alike(columns: str) -> str:
    return (
        _sent_back(columns).replace(
            "c WHERE", "c JOIN review_case m ON m.id = :case_id AND m.worker_id = c.worker_id WHERE"
        )
        + """
        AND c.cause = 'mass' AND c.project_id = m.project_id AND c.why = m.why AND c.verdict = m.verdict
    """
    )


ALIKE = Statement(_alike("c.id") + " ORDER BY c.task_id LIMIT :most", Count)
"""The numbers of the cases that were sent back together with one, by task."""
ALIKE_COUNT = Statement(_alike("COUNT(*)"), Count)

# --------------------------------------------------------------------------- appeals

APPEAL = Statement(
    """
    INSERT INTO review_case (project_id, task_id, what, cause, worker_id, about_id, given, words, state, wanted, most,
                             seats, votes, opened_at, ends_at, why)
    VALUES (:project, :task, 'appeal', 'worker', :worker, :about, :value, :why, 'open', :wanted, :most,
            :wanted, 0, :now, :ends_at, '')
    ON CONFLICT DO NOTHING
    RETURNING id
    """,
    Count,
)
"""A rejection has one appeal at the most."""

APPEAL_OF = Statement(f"SELECT {COLUMNS} FROM review_case c WHERE c.about_id = :case_id", Case)  # noqa: S608 - constants

APPEALING = Statement(
    f"""
    SELECT {COLUMNS} FROM review_case c
    WHERE c.worker_id = :worker AND c.what = 'appeal' AND c.state IN ('open', 'senior') ORDER BY c.id LIMIT :most
    """,  # noqa: S608 - put together from constants
    Case,
)


class Voter(NamedTuple):
    """Who voted."""

    reviewer: int


VOTERS = Statement(
    "SELECT reviewer_id FROM vote WHERE case_id = :case_id AND state = 'voted' AND NOT planted ORDER BY reviewer_id",
    Voter,
)

# --------------------------------------------------------------------------- what ends by itself


class Due(NamedTuple):
    """A case whose time is over."""

    id: int
    project: int


DUE = Statement(
    """
    SELECT id, project_id FROM review_case
    WHERE ends_at IS NOT NULL AND ends_at < :now AND id > :after ORDER BY id LIMIT :most
    """,
    Due,
)
