"""A statement of the hot path: plain SQL that both databases understand, and the shape of its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

R = TypeVar("R", bound=tuple[Any, ...])

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


@dataclass(frozen=True)
class Statement(Generic[R]):
    """SQL with ``:name`` parameters. ``row`` is the NamedTuple that a row becomes.

    ``postgresql`` replaces ``sql`` there, for what only it can say (row locks). ``order`` names the parameter by which
    changes that are left for the end of a turn are sorted, so that turns lock the same rows in the same order.
    """

    sql: str
    row: type[R]
    postgresql: str = ""
    order: str = ""

    def text(self, dialect: str) -> str:
        """The SQL in the parameter style of the driver."""
        if dialect == "sqlite":
            return self.sql
        return _PARAMETER.sub(r"%(\1)s", self.postgresql or self.sql)


class Nothing(NamedTuple):
    """The row of a statement that returns none."""


def change(sql: str, postgresql: str = "", order: str = "") -> Statement[Nothing]:
    """A statement that changes rows and returns none."""
    return Statement(sql, Nothing, postgresql, order)
