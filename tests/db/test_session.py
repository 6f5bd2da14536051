"""Turns: all or nothing each, durable when done, and no failure that outlives its turn."""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

import pytest

from db.errors import DatabaseUnavailableError
from db.session import Database, Tx, open_database
from db.statement import Statement, change


class Number(NamedTuple):
    """A number."""

    n: int


ADD = change("INSERT INTO group_chat (channel, chat, explained_at) VALUES ('test', :chat, 1)")
COUNT = Statement("SELECT COUNT(*) FROM group_chat", Number)


def _add(tx: Tx, chat: str) -> None:
    tx.run(ADD, chat=chat)


def _count(database: Database) -> int:
    found = database.run(lambda tx: tx.one(COUNT)).result(10)
    assert found is not None
    return found.n


def test_a_turn_that_fails_changes_nothing_and_nobody_else(database: Database) -> None:
    def fail(tx: Tx) -> None:
        _add(tx, "lost")
        raise KeyError

    turns = [database.run(lambda tx, n=n: _add(tx, str(n)) if n % 2 else fail(tx)) for n in range(20)]  # type: ignore[misc]
    for n, turn in enumerate(turns):
        if n % 2:
            turn.result(10)
        else:
            with pytest.raises(KeyError):
                turn.result(10)
    assert _count(database) == 10


def test_what_is_done_is_seen_by_others(database: Database, database_url: str) -> None:
    database.run(lambda tx: _add(tx, "kept")).result(10)
    other = open_database(database_url)
    assert _count(other) == 1
    other.close()


def test_a_long_read_sees_one_moment(database: Database) -> None:
    every = Statement("SELECT explained_at FROM group_chat ORDER BY chat", Number)
    for n in range(10):
        database.run(lambda tx, n=n: _add(tx, str(n))).result(10)  # type: ignore[misc]
    with database.reading() as reader:
        rows = reader.stream(every)
        assert next(rows).n == 1
        database.run(lambda tx: _add(tx, "later")).result(10)
        assert sum(1 for _ in rows) == 9
    assert _count(database) == 11


def test_after_closing_turns_are_refused(database: Database) -> None:
    database.close()
    with pytest.raises(DatabaseUnavailableError):
        database.run(lambda tx: _add(tx, "late"))


def test_turns_that_wait_are_finished_before_closing(database: Database, database_url: str) -> None:
    gate = threading.Event()
    first = database.run(lambda _tx: gate.wait(10))
    others = [database.run(lambda tx, n=n: _add(tx, str(n))) for n in range(5)]  # type: ignore[misc]
    closing = threading.Thread(target=database.close)
    closing.start()
    gate.set()
    closing.join(10)
    assert first.done()
    assert all(turn.exception() is None for turn in others)
    again = open_database(database_url)
    assert _count(again) == 5
    again.close()


def test_a_commit_that_fails_is_told_and_forgotten(sqlite_database: Database) -> None:
    """A commit may fail (a full disk): those who waited are told, and the next turn finds a clean connection."""
    held: list[Any] = []

    def leave_it_running(tx: Tx) -> None:
        raw: Any = tx.connection.connection.driver_connection
        held.append(raw.cursor())
        held[0].execute("INSERT INTO group_chat VALUES ('test', 'a', 1), ('test', 'b', 1) RETURNING chat")

    with pytest.raises(Exception, match="in progress"):
        sqlite_database.run(leave_it_running).result(10)
    held.pop().close()
    sqlite_database.run(lambda tx: _add(tx, "next")).result(10)
    assert _count(sqlite_database) == 1
