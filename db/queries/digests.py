"""Statements on what happened since: counts as they stand, to be set against those of before; a worker's week."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- all projects, each


class Counted(NamedTuple):
    """How far a project is."""

    project: int
    answers: int
    settled: int
    disputed: int


COUNTS = Statement(
    """
    SELECT project_id, CAST(SUM(answers) AS BIGINT), CAST(SUM(agreed + disputed + decided) AS BIGINT),
           CAST(SUM(disputed) AS BIGINT)
    FROM tally GROUP BY project_id
    """,
    Counted,
)


class Spent(NamedTuple):
    """What a project has cost in a currency, minor units."""

    project: int
    currency: str
    amount: int


SPENT = Statement(
    """
    SELECT project_id, currency, CAST(-SUM(balance) AS BIGINT) FROM account
    WHERE project_id IS NOT NULL AND kind IN ('house', 'budget') GROUP BY project_id, currency
    """,
    Spent,
)

# --------------------------------------------------------------------------- people, and what waits


class Number(NamedTuple):
    """One number."""

    n: int


NEWEST_PERSON = Statement("SELECT COALESCE(MAX(id), 0) FROM person", Number)
JOINED = Statement("SELECT COUNT(*) FROM person WHERE id > :last AND gate > 0", Number)
PROPOSALS = Statement("SELECT COUNT(*) FROM proposal WHERE decided_at IS NULL", Number)
PAYOUTS = Statement("SELECT COUNT(*) FROM payout WHERE state = 'requested'", Number)


class Owner(NamedTuple):
    """A requester, and where they are."""

    id: int
    zone: str


REQUESTERS = Statement(
    """
    SELECT id, zone FROM person
    WHERE role <> 'worker' AND role = 'requester' AND suspended_at IS NULL AND erased_at IS NULL ORDER BY id
    """,
    Owner,
)
KEEP = change("UPDATE schedule SET arguments = :arguments WHERE name = :name")

# --------------------------------------------------------------------------- workers


class Zone(NamedTuple):
    """A zone in which somebody is."""

    zone: str


class Worker(NamedTuple):
    """A worker who wants to be told how the week was."""

    id: int


_WANTS = "muted <> '[]' AND muted LIKE :muted AND role IN ('worker', 'reviewer')"
ZONES = Statement(f"SELECT DISTINCT zone FROM person WHERE {_WANTS}", Zone)  # noqa: S608 - put together from constants
WORKERS = Statement(
    f"""
    SELECT id FROM person WHERE {_WANTS} AND zone = :zone AND id > :after
        AND erased_at IS NULL AND blocked_at IS NULL AND suspended_at IS NULL
    ORDER BY id LIMIT :most
    """,  # noqa: S608 - as above
    Worker,
)
ANSWERED = Statement(
    "SELECT COALESCE(SUM(answers), 0) FROM day WHERE person_id = :person AND day >= :first AND day <= :last", Number
)
