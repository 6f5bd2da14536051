"""SQLite: one writer thread drains the queue of waiting turns, runs each in a savepoint and commits them together."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from db.errors import DatabaseUnavailableError
from db.statement import Statement
from db.transaction import Reader, T, Tx, Work

_MOST_IN_ONE_COMMIT = 256
_WRITER_KIB, _READER_KIB = 65_536, 8_192
"""Of the file kept in memory: the writer comes by the same pages again, a long read seldom does."""


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
            f"cache_size={-_READER_KIB}",
            "temp_store=MEMORY",
            "secure_delete=ON",  # what is erased is gone from the file too; some builds have it off
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
            cursor.execute(f"PRAGMA cache_size={-_WRITER_KIB}")
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
