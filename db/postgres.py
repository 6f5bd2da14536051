"""PostgreSQL: a pool of threads, one transaction a turn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import stamina
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from db.errors import DatabaseUnavailableError, TurnAgainError
from db.statement import Statement
from db.transaction import Reader, T, Tx, Work


class PostgresDatabase:
    """A pool of threads, one transaction a turn; deadlocks and the like are tried again."""

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

        def may_be_tried_again(error: Exception) -> bool:
            return isinstance(getattr(error, "orig", error), DeadlockDetected | SerializationFailure | TurnAgainError)

        again = stamina.retry(on=may_be_tried_again, attempts=10, wait_initial=0.01, wait_max=0.5)
        return again(self._once)(work)

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
