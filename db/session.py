"""The one way to run a transaction: ``Database.run(turn)``; and long reads beside it, ``Database.reading()``.

SQLite: one writer thread drains the queue of waiting turns, runs each in a savepoint, commits them
together and only then wakes the callers. PostgreSQL: a pool of threads, one transaction a turn.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

import stamina
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

from db.errors import DatabaseUnavailableError
from db.statement import R, Statement

T = TypeVar("T")

_MOST_IN_ONE_COMMIT = 256
_LONG_READ_ROWS = 2_000


class Tx:
    """A transaction in progress: what ``tasks`` and ``db.queries`` work on. Never kept beyond its turn."""

    def __init__(self, connection: Connection, cursor: Any, texts: dict[Statement[Any], str]) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self._cursor = cursor
        self._texts = texts

    def _execute(self, statement: Statement[Any], values: Mapping[str, Any]) -> Any:
        text = self._texts.get(statement)
        if text is None:
            text = self._texts.setdefault(statement, statement.text(self.dialect))
        return self._cursor.execute(text, values)

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
            self._cursor.executemany(statement.text(self.dialect), rows)

    @cached_property
    def orm(self) -> Session:
        """The tables as SQLModel objects, where rows are few. Flushed when the turn ends."""
        return Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    def finish(self) -> None:
        """Write what the ORM holds back."""
        if "orm" in self.__dict__:
            self.orm.commit()

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


# --------------------------------------------------------------------------- SQLite


def _sqlite_engine(url: str) -> Engine:
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


class SQLiteDatabase:
    """One writer thread, group commit."""

    def __init__(self, url: str) -> None:
        self.engine = _sqlite_engine(url)
        self._waiting: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._closed = False
        self._gate = threading.Lock()
        self._texts: dict[Statement[Any], str] = {}
        connection = self.engine.connect().execution_options(writes=True)
        self._thread = threading.Thread(target=self._write, args=(connection,), name="database", daemon=True)
        self._thread.start()

    def run(self, work: Work[T]) -> Future[T]:
        """See ``Database.run``."""
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise DatabaseUnavailableError
            self._waiting.put((work, future))
        return future

    def _write(self, opened: Connection) -> None:
        with opened as connection:
            raw: Any = connection.connection.driver_connection
            cursor = raw.cursor()
            while (first := self._waiting.get()) is not None:
                batch, more = self._batch(first)
                self._commit_together(connection, cursor, batch)
                if not more:
                    return

    def _batch(self, first: tuple[Work[Any], Future[Any]]) -> tuple[list[tuple[Work[Any], Future[Any]]], bool]:
        batch = [first]
        while len(batch) < _MOST_IN_ONE_COMMIT:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return batch, False
            batch.append(item)
        return batch, True

    def _commit_together(self, connection: Connection, cursor: Any, batch: list[tuple[Work[Any], Future[Any]]]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            transaction = connection.begin()
        except Exception as error:  # noqa: BLE001 - locked or full: everybody is told
            _fail(batch, error)
            return
        try:
            for work, future in batch:
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    outcome: Any = self._in_savepoint(connection, cursor, work)
                except BaseException as error:  # noqa: BLE001 - it is the caller's, whatever it is
                    outcome = error
                done.append((future, outcome))
                _must_still_be_open(cursor, outcome)
            transaction.commit()
        except BaseException as error:  # noqa: BLE001 - nothing of the batch is durable: everybody is told
            with suppress(Exception):
                transaction.rollback()
            if cursor.connection.in_transaction:  # SQLAlchemy takes a commit that failed for an end
                cursor.connection.rollback()
            _fail(batch, error)
            return
        for future, outcome in done:
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def _in_savepoint(self, connection: Connection, cursor: Any, work: Work[T]) -> T:
        cursor.execute("SAVEPOINT turn")
        tx = Tx(connection, cursor, self._texts)
        try:
            result = work(tx)
            tx.finish()
        except BaseException:
            if cursor.connection.in_transaction:
                tx.abandon()
                cursor.execute("ROLLBACK TO turn")
                cursor.execute("RELEASE turn")
            raise
        cursor.execute("RELEASE turn")
        return result

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """See ``Database.reading``."""
        with self.engine.connect() as connection, connection.begin():
            yield Reader(connection)

    def close(self) -> None:
        """See ``Database.close``."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._waiting.put(None)
        self._thread.join()
        self.engine.dispose()


def _fail(batch: list[tuple[Work[Any], Future[Any]]], error: BaseException) -> None:
    for _work, future in batch:
        with suppress(InvalidStateError):  # cancelled by its caller, this moment
            future.set_exception(error)


def _must_still_be_open(cursor: Any, outcome: object) -> None:
    """SQLite ends the whole transaction by itself when the disk is full or cannot be read: all of it is undone."""
    if not cursor.connection.in_transaction:
        raise outcome if isinstance(outcome, BaseException) else DatabaseUnavailableError


# --------------------------------------------------------------------------- PostgreSQL


class PostgresDatabase:
    """A pool of threads, one transaction a turn; deadlocks and serialization failures are tried again."""

    def __init__(self, url: str, threads: int = 8) -> None:
        self.engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"), pool_size=threads + 4, pool_pre_ping=True
        )
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")
        self._texts: dict[Statement[Any], str] = {}

    def run(self, work: Work[T]) -> Future[T]:
        """See ``Database.run``."""
        try:
            return self._threads.submit(self._retrying, work)
        except RuntimeError as error:
            raise DatabaseUnavailableError from error

    def _retrying(self, work: Work[T]) -> T:
        from psycopg.errors import DeadlockDetected, SerializationFailure  # noqa: PLC0415 - only where it is used

        for attempt in stamina.retry_context(
            on=lambda error: isinstance(getattr(error, "orig", error), DeadlockDetected | SerializationFailure),
            attempts=10,
            wait_initial=0.01,
            wait_max=0.5,
        ):
            with attempt:
                return self._once(work)
        raise AssertionError  # pragma: no cover - retry_context returns or raises

    def _once(self, work: Work[T]) -> T:
        with self.engine.connect() as connection, connection.begin():
            raw: Any = connection.connection.driver_connection
            with raw.cursor() as cursor:
                tx = Tx(connection, cursor, self._texts)
                try:
                    result = work(tx)
                    tx.finish()
                except BaseException:
                    tx.abandon()
                    raise
                return result

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """See ``Database.reading``."""
        with (
            self.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
            connection.begin(),
        ):
            yield Reader(connection)

    def close(self) -> None:
        """See ``Database.close``."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at ``url`` (``sqlite:///file`` or ``postgresql://…``)."""
    if url.startswith("sqlite"):
        return SQLiteDatabase(url)
    return PostgresDatabase(url)


def chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Rows in lists of at most ``size``, for changes too large for one turn."""
    chunk: list[T] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
