"""What is asked of a running database from outside: does it answer, and how much is in it."""

from typing import NamedTuple

from db.statement import Statement


class Alive(NamedTuple):
    """The revision that the tables are at."""

    revision: str


class Totals(NamedTuple):
    """Sums over all projects."""

    tasks: int
    answers: int
    agreed: int
    disputed: int
    decided: int


ALIVE = Statement("SELECT version_num AS revision FROM alembic_version", Alive)

TOTALS = Statement(
    """SELECT CAST(COALESCE(SUM(tasks), 0) AS BIGINT) AS tasks, CAST(COALESCE(SUM(answers), 0) AS BIGINT) AS answers,
    CAST(COALESCE(SUM(agreed), 0) AS BIGINT) AS agreed, CAST(COALESCE(SUM(disputed), 0) AS BIGINT) AS disputed,
    CAST(COALESCE(SUM(decided), 0) AS BIGINT) AS decided FROM tally""",
    Totals,
)
