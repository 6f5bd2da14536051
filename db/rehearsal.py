"""Dry runs: a turn is run as it would be, with all that it refuses, and then abandoned; what it would have changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from db.transaction import Database, T, Tx, Work

_CHANGE = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)", re.IGNORECASE)
_UNCOUNTED = frozenset({"chain"})
"""Changed by every turn that is on record."""


class _AbandonedError(Exception):
    """The turn has been rehearsed. ``outcome`` is what it would have returned."""

    def __init__(self, outcome: Any) -> None:
        super().__init__()
        self.outcome = outcome


class _Counting:
    """A cursor that counts the rows that are changed, by table."""

    def __init__(self, cursor: Any, counts: Counter[str]) -> None:
        self._cursor, self._counts = cursor, counts

    def execute(self, sql: str, values: Any) -> Any:
        """See DB-API."""
        done = self._cursor.execute(sql, values)
        returns = "RETURNING" in sql
        self._count(sql, max(done.rowcount, 1) if returns else done.rowcount)
        return done

    def executemany(self, sql: str, rows: Any) -> Any:
        """See DB-API."""
        done = self._cursor.executemany(sql, rows)
        self._count(sql, len(rows))
        return done

    def _count(self, sql: str, rows: int) -> None:
        found = _CHANGE.match(sql)
        if found and rows > 0 and found[1] not in _UNCOUNTED:
            self._counts[found[1]] += rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class Rehearsing:
    """A database of which nothing is changed, however much is run; ``touched`` says how many rows would have been.

    Each turn is abandoned by itself: what needs what the turn before has written cannot be rehearsed whole.
    """

    def __init__(self, database: Database) -> None:
        self._database, self.engine = database, database.engine
        self.touched: Counter[str] = Counter()

    def run(self, work: Work[T]) -> Future[T]:
        """Run it, and abandon it. Raises what ``work`` raises."""
        done: Future[T] = Future()

        def turn(tx: Tx) -> None:
            tx._cursor = _Counting(tx._cursor, self.touched)  # noqa: SLF001 - of the same package: for this turn alone
            outcome = work(tx)
            tx.finish()
            raise _AbandonedError(outcome)

        try:
            self._database.run(turn).result()
        except _AbandonedError as abandoned:
            done.set_result(abandoned.outcome)
        except BaseException as error:  # noqa: BLE001 - the future's, as of any database
            done.set_exception(error)
        return done

    def reading(self) -> Any:
        """As of the database."""
        return self._database.reading()

    def close(self) -> None:
        """As of the database."""
        self._database.close()

    @property
    def told(self) -> Mapping[str, int]:
        """Tables with the rows that would have been changed, those with the most first."""
        return dict(self.touched.most_common())
