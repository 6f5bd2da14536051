"""The one way to run a transaction: ``Database.run(turn)``; and long reads beside it, ``Database.reading()``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from db.postgres import PostgresDatabase
from db.sqlite import SQLiteDatabase
from db.transaction import Database, Reader, T, Tx

__all__ = ["Database", "Reader", "Tx", "chunks", "open_database"]


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
