"""Statements on what reviewers have decided, for whoever asks later: evidence, reports."""

from typing import NamedTuple

from db.statement import Statement


class Verdict(NamedTuple):
    """The last dispute about a task."""

    id: int
    cause: str
    state: str
    verdict: str | None
    why: str
    decided_by: int | None


OF_TASK = Statement(
    """
    SELECT id, cause, state, verdict, why, decided_by FROM review_case
    WHERE project_id = :project AND task_id = :task AND what = 'dispute' AND cause <> 'planted'
        AND state <> 'withdrawn'
    ORDER BY id DESC LIMIT 1
    """,
    Verdict,
)


class Cast(NamedTuple):
    """A vote on it."""

    reviewer: int
    joined_at: int | None
    value: str
    note: str


CAST = Statement(
    """
    SELECT v.reviewer_id, p.joined_at, v.value, v.note FROM vote v LEFT JOIN person p ON p.id = v.reviewer_id
    WHERE v.case_id = :case_id AND v.state = 'voted' AND NOT v.planted ORDER BY v.voted_at, v.reviewer_id
    """,
    Cast,
)

# --------------------------------------------------------------------------- reports


class Outcome(NamedTuple):
    """So many cases ended so."""

    what: str
    cause: str
    outcome: str
    """What state they are in, or how the verdict's JSON begins; the whole of it where the value matters."""
    admin: bool
    cases: int
    votes: int


OUTCOMES = Statement(
    """
    SELECT what, cause,
           CASE WHEN state <> 'decided' THEN state
                WHEN SUBSTR(verdict, 1, 8) IN ('{"fault"', '{"grante') THEN verdict
                ELSE SUBSTR(verdict, 1, 8) END,
           decided_by IS NOT NULL, COUNT(*), CAST(SUM(votes) AS BIGINT)
    FROM review_case WHERE project_id = :project AND cause <> 'planted'
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    """,
    Outcome,
)


class Vote(NamedTuple):
    """A vote on a dispute that is decided."""

    case: int
    reviewer: int
    value: str
    agreed: bool | None


VOTES = Statement(
    """
    SELECT v.case_id, v.reviewer_id, v.value, v.agreed FROM review_case c JOIN vote v ON v.case_id = c.id
    WHERE c.project_id = :project AND c.what = 'dispute' AND c.cause <> 'planted' AND c.state = 'decided'
        AND v.state = 'voted' AND NOT v.planted
    ORDER BY v.case_id, v.reviewer_id
    """,
    Vote,
)


class Against(NamedTuple):
    """An answer to a task whose dispute ended with an answer, and that answer."""

    case: int
    verdict: str
    value: str


AGAINST = Statement(
    """
    SELECT c.id, c.verdict, a.value FROM review_case c
    JOIN answer a ON a.project_id = c.project_id AND a.task_id = c.task_id
    WHERE c.project_id = :project AND c.what = 'dispute' AND c.cause <> 'planted' AND c.state = 'decided'
        AND SUBSTR(c.verdict, 1, 8) = '{"answer' AND NOT a.rejected
    ORDER BY c.id, a.submitted_at, a.worker_id
    """,
    Against,
)
