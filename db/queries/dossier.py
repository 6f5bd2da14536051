"""Statements of the report for an audit: how people came in, how items were settled, what was done by whom."""

from typing import NamedTuple

from db.statement import Statement


class Entered(NamedTuple):
    """Enrolments of a project."""

    people: int
    worked: int
    answers: int
    paused: int


class Tried(NamedTuple):
    """Attempts at a quiz that ended in one way."""

    what: str
    state: str
    attempts: int
    people: int
    score: float | None
    """Mean, 0 to 1."""


class Way(NamedTuple):
    """Items of one split that came to one state in one way."""

    split: str
    status: str
    method: str
    tasks: int
    answers: int


class Counted(NamedTuple):
    """Answers, and those that were rejected."""

    answers: int
    rejected: int


class Record(NamedTuple):
    """What was done, by whom (empty for a rule, the shell or votes), to whom."""

    at: int
    channel: str
    actor: int | None
    actor_joined: int | None
    rule: str
    what: str
    person: int | None
    person_joined: int | None
    figures: str
    hash: str


class Number(NamedTuple):
    """One number."""

    n: int


ENTERED = Statement(
    """
    SELECT COUNT(*), SUM(CASE WHEN answered > 0 THEN 1 ELSE 0 END), CAST(COALESCE(SUM(answered), 0) AS BIGINT),
           SUM(CASE WHEN paused_until IS NOT NULL THEN 1 ELSE 0 END)
    FROM enrolment WHERE project_id = :project
    """,
    Entered,
)
TRIED = Statement(
    """
    SELECT what, state, COUNT(*), COUNT(DISTINCT person_id), AVG(score) FROM quiz
    WHERE project_id = :project GROUP BY what, state ORDER BY what, state
    """,
    Tried,
)
WAYS = Statement(
    """
    SELECT split, status, method, COUNT(*), CAST(COALESCE(SUM(answers), 0) AS BIGINT) FROM task
    WHERE project_id = :project GROUP BY split, status, method ORDER BY split, status, method
    """,
    Way,
)
COUNTED = Statement(
    """
    SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN rejected THEN 1 ELSE 0 END), 0) AS BIGINT)
    FROM answer WHERE project_id = :project
    """,
    Counted,
)
RECORDS = Statement(
    """
    SELECT a.at, a.channel, a.actor_id, p.joined_at, a.rule, a.what, a.person_id, q.joined_at, a.figures, a.hash
    FROM audit a LEFT JOIN person p ON p.id = a.actor_id LEFT JOIN person q ON q.id = a.person_id
    WHERE a.project_id = :project ORDER BY a.id DESC LIMIT :most
    """,
    Record,
)
COUNT_RECORDS = Statement("SELECT COUNT(*) FROM audit WHERE project_id = :project", Number)
