"""Statements on one person's statement: a page of it is a range of the index by person, however much they earned."""

from typing import NamedTuple

from db.statement import Statement

_SHOWN = "p.reason IN ('answer', 'vote', 'bonus', 'reversal', 'paid', 'forgone')"
"""What earns or takes; moves from one state to another (release, request, return) are no lines."""


class When(NamedTuple):
    """A moment."""

    at: int


NEWEST = Statement(
    f"""
    SELECT p.at FROM posting p WHERE p.person_id = :person AND p.at < :before AND {_SHOWN}
    ORDER BY p.at DESC, p.id DESC LIMIT 1
    """,  # noqa: S608 - put together from constants
    When,
)


class Sum(NamedTuple):
    """What a day brought in one currency, minor units."""

    currency: str
    earned: int
    reversed: int
    paid: int
    forgone: int


OF_DAY = Statement(
    f"""
    SELECT c.currency,
           CAST(SUM(CASE WHEN p.reason IN ('answer', 'vote', 'bonus') THEN p.amount ELSE 0 END) AS BIGINT),
           CAST(SUM(CASE WHEN p.reason = 'reversal' THEN p.amount ELSE 0 END) AS BIGINT),
           CAST(SUM(CASE WHEN p.reason = 'paid' THEN p.amount ELSE 0 END) AS BIGINT),
           CAST(SUM(CASE WHEN p.reason = 'forgone' THEN p.amount ELSE 0 END) AS BIGINT)
    FROM posting p JOIN account c ON c.id = p.to_id
    WHERE p.person_id = :person AND p.at >= :since AND p.at < :before AND {_SHOWN}
    GROUP BY c.currency ORDER BY c.currency
    """,  # noqa: S608 - as above
    Sum,
)


class Line(NamedTuple):
    """A posting as its person reads it."""

    id: int
    at: int
    amount: int
    currency: str
    reason: str
    cause: str
    to: str
    """The kind of account that it went to."""
    project: int | None
    task: int | None


_LINE = """
    SELECT p.id, p.at, p.amount, c.currency, p.reason, p.cause, c.kind, p.project_id, p.task_id
    FROM posting p JOIN account c ON c.id = p.to_id
"""
LINES = Statement(
    f"""
    {_LINE} WHERE p.person_id = :person AND p.at >= :since AND (p.at, p.id) < (:before, :last) AND {_SHOWN}
    ORDER BY p.at DESC, p.id DESC LIMIT :most
    """,
    Line,
)
"""The newest first, from before the line ``last`` of the moment ``before``."""
LINE = Statement(f"{_LINE} WHERE p.id = :posting AND p.person_id = :person", Line)
BY_CAUSE = Statement(f"{_LINE} WHERE p.cause = :cause", Line)
NEWEST_ANSWER = Statement(
    f"""
    {_LINE} WHERE p.person_id = :person AND p.reason = 'answer' ORDER BY p.at DESC, p.id DESC LIMIT 1
    """,
    Line,
)


class Work(NamedTuple):
    """The item behind a line, and the person's answer to it (both JSON) if it is there."""

    item: str
    value: str | None
    rejected: bool | None
    due_at: int | None


WORK = Statement(
    """
    SELECT t.item, n.value, n.rejected, n.due_at
    FROM task t LEFT JOIN answer n ON n.project_id = t.project_id AND n.task_id = t.id AND n.worker_id = :person
    WHERE t.project_id = :project AND t.id = :task
    """,
    Work,
)


class Total(NamedTuple):
    """An amount."""

    amount: int


EARNED_SINCE = Statement(
    """
    SELECT CAST(COALESCE(SUM(p.amount - COALESCE(r.amount, 0)), 0) AS BIGINT)
    FROM posting p
    JOIN answer n ON n.project_id = p.project_id AND n.task_id = p.task_id AND n.worker_id = p.person_id
    LEFT JOIN posting r ON r.cause = 'reversal' || SUBSTR(p.cause, 7)
    WHERE p.person_id = :person AND p.at >= :since AND p.project_id = :project AND p.reason = 'answer'
        AND NOT n.rejected
    """,
    Total,
)
"""What answers since then have earned: what was taken back or rejected has not. 7: behind the word “answer”."""
