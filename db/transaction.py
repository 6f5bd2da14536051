"""What a turn works on (``Tx``), what a long read works on (``Reader``), and the port that runs them (``Database``)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import cached_property
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from db.statement import R, Statement

T = TypeVar("T")

_LONG_READ_ROWS = 2_000


class Tx:
    """A transaction in progress: what ``tasks`` and ``db.queries`` work on. Never kept beyond its turn."""

    def __init__(self, connection: Connection, cursor: Any, texts: dict[Statement[Any], str]) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.known: dict[Hashable, Any] = {}
        """What the turn has read or written of rows that only it may change, so that it need not read them again."""
        self._cursor = cursor
        self._texts = texts
        self._later: dict[Statement[Any], list[Mapping[str, Any]]] = {}
        self._last: dict[Callable[[Tx, Sequence[Any]], None], list[Any]] = {}

    def _text(self, statement: Statement[Any]) -> str:
        text = self._texts.get(statement)
        if text is None:
            text = self._texts.setdefault(statement, statement.text(self.dialect))
        return text

    def _execute(self, statement: Statement[Any], values: Mapping[str, Any]) -> Any:
        return self._cursor.execute(self._text(statement), values)

    def one(self, statement: Statement[R], **values: Any) -> R | None:
        """The first row, or None."""
        row = self._execute(statement, values).fetchone()
        return None if row is None else statement.row._make(row)  # type: ignore[attr-defined]

    def all(self, statement: Statement[R], **values: Any) -> list[R]:
        """All rows; for results known to be few."""
        make = statement.row._make  # type: ignore[attr-defined]
        return [make(row) for row in self._execute(statement, values).fetchall()]

    def run(self, statement: Statement[Any], **values: Any) -> int:
        """Change rows; how many."""
        return int(self._execute(statement, values).rowcount)

    def many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """The same change for many sets of values."""
        if rows:
            self._cursor.executemany(self._text(statement), rows)

    def later(self, statement: Statement[Any], **values: Any) -> None:
        """Change rows that nothing in this turn reads: together with others of the kind, when the turn ends."""
        self._later.setdefault(statement, []).append(values)

    def last(self, work: Callable[[Tx, Sequence[Any]], None], given: Any) -> None:
        """Hand all that is ``given`` to ``work``, in order, when all else of the turn is written.

        For a lock that every turn may want: it is held for no longer than the commit takes, and whoever has it waits
        for nobody.
        """
        self._last.setdefault(work, []).append(given)

    @cached_property
    def orm(self) -> Session:
        """The tables as SQLModel objects, where rows are few. Flushed when the turn ends."""
        return Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    def finish(self) -> None:
        """Write what was left for the end, and what the ORM holds back."""
        for statement, rows in self._later.items():
            if statement.order and len(rows) > 1:
                rows.sort(key=itemgetter(statement.order))
            self.many(statement, rows)
        if "orm" in self.__dict__:
            self.orm.commit()
        for work, given in self._last.items():
            work(self, given)

    def abandon(self) -> None:
        """Let go of the ORM's own savepoint, before the turn is rolled back."""
        if "orm" in self.__dict__:
            self.orm.close()


Work = Callable[[Tx], T]


class Database(Protocol):
    """A database that runs turns."""

    engine: Engine

    def run(self, work: Work[T]) -> Future[T]:
        """Run ``work`` in one transaction. The future is done only when the commit is durable.

        An exception of ``work`` rolls back what it changed, nobody else's work, and is the future's.
        """

    def reading(self) -> Any:
        """Context manager: a ``Reader`` on its own connection, seeing one moment of the database."""

    def close(self) -> None:
        """Finish the turns that wait, then let go of the database."""


class Reader:
    """A long read: rows in pieces, from a snapshot, without holding up any turn."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stream(self, statement: Statement[R], **values: Any) -> Iterator[R]:
        """Rows one by one, in bounded memory."""
        dialect = self._connection.dialect.name
        raw: Any = self._connection.connection.driver_connection
        cursor = raw.cursor() if dialect == "sqlite" else raw.cursor(name="long_read")
        try:
            cursor.execute(statement.text(dialect), values)
            make = statement.row._make  # type: ignore[attr-defined]
            while rows := cursor.fetchmany(_LONG_READ_ROWS):
                for row in rows:
                    yield make(row)
        finally:
            cursor.close()

    def one(self, statement: Statement[R], **values: Any) -> R | None:
        """The first row, or None."""
        return next(iter(self.stream(statement, **values)), None)
