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
        held[0].execute(
            "INSERT INTO group_chat (channel, chat, explained_at) VALUES ('test', 'a', 1), ('test', 'b', 1)"
            " RETURNING chat"
        )

    with pytest.raises(Exception, match="in progress"):
        sqlite_database.run(leave_it_running).result(10)
    held.pop().close()
    sqlite_database.run(lambda tx: _add(tx, "next")).result(10)
    assert _count(sqlite_database) == 1


def test_a_full_disk_fails_everybody_in_the_commit_and_nobody_is_told_yes(sqlite_database: Database) -> None:
    started, gate = threading.Event(), threading.Event()

    def hold(_tx: Tx) -> None:
        started.set()
        gate.wait(10)

    def fill(tx: Tx) -> None:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        tx.connection.exec_driver_sql("PRAGMA cache_size = 1")
        for number in range(2_000):
            _add(tx, f"big-{number}-{'x' * 3_000}")

    held = sqlite_database.run(hold)
    assert started.wait(10)
    futures = [
        sqlite_database.run(lambda tx: _add(tx, "answer")),
        sqlite_database.run(fill),
        sqlite_database.run(lambda tx: _add(tx, "later")),
    ]
    gate.set()
    held.result(10)
    failed = [future.exception(30) for future in futures]
    assert failed[1] is not None
    assert _count(sqlite_database) == sum(error is None for error in failed)
    assert sqlite_database.run(lambda _tx: 1).result(10) == 1


def test_nothing_that_a_turn_raises_ends_the_writer(sqlite_database: Database) -> None:
    def leave(_tx: Tx) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        sqlite_database.run(leave).result(10)
    assert sqlite_database.run(lambda _tx: 1).result(10) == 1
