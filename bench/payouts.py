"""Payouts and the quality report of a million rows on SQLite: seconds, and megabytes at the most above an idle process.

Each is a process of its own. While payouts are confirmed somebody else asks for the time of a turn: the longest wait
is that of an ordinary turn beside it.
"""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from bench.house import database_in, fill
from db.session import Database, Tx, open_database
from db.statement import change
from tasks.exchange.exports import export
from tasks.money import batch
from tasks.money.confirming import confirm
from tasks.privacy.audit import SHELL
from tasks.projects.catalog import Catalog

COLUMNS = ("rows", "s", "MB above idle", "longest wait of others, ms")
_NOW = 1_790_000_000_000

_N = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
_FILL = tuple(
    change(f"{insert} {_N} {select}")
    for insert, select in (
        (
            "INSERT INTO person (id, channel, external_id, language, zone, role, consent, joined_at)",
            "SELECT i, 'bench', 'user-' || i, 'en', '', 'worker', '', 0 FROM n",
        ),
        (
            "INSERT INTO account (name, kind, currency, person_id, balance, reserved)",
            "SELECT 'requested:' || i || ':KRW', 'requested', 'KRW', i, 1000, 0 FROM n",
        ),
        (
            "INSERT INTO payout (person_id, currency, amount, address, state, requested_at, why)",
            "SELECT i, 'KRW', 1000, 'My Bank, 123-456-' || i || ', Somebody', 'requested', 0, '' FROM n",
        ),
    )
)
_ANSWERS = tuple(
    change(sql)
    for sql in (
        """INSERT INTO assignment (project_id, task_id, worker_id, state, gold, position, offered_at, lease_ends,
               changes, instructions, undone, submitted_at, reason, reported)
           SELECT :project, t.id, 1 + (t.id + w.i * 37) % 1000, 'answered', FALSE, 0, 0, 0, 0, 0, 0, 1, '', FALSE
           FROM task t, (SELECT 0 AS i UNION SELECT 1 UNION SELECT 2) w WHERE t.project_id = :project""",
        """INSERT INTO answer (project_id, task_id, worker_id, value, submitted_at, work_ms, rejected)
           SELECT project_id, task_id, worker_id, CASE WHEN task_id % 7 = worker_id % 5 THEN '"dog"' ELSE '"cat"' END,
               1, 5000, FALSE FROM assignment WHERE project_id = :project""",
        """INSERT INTO enrolment (project_id, worker_id, joined_at, cursor, gold_cursor, returned_cursor, day, today,
               answered, skipped, seen, correct, gold_seen, gold_correct)
           SELECT :project, id, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0 FROM person WHERE id <= 1000""",
        """UPDATE task SET status = 'agreed', label = '"cat"', answers = 3, slots = 0, confidence = 0.9
           WHERE project_id = :project""",
    )
)


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each step of a payout, and one for the report."""
    many = 2_000 if short else 1_000_000
    idle = _child(_nothing, Path())[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _payouts_in(folder, many)
        for what, work in (("handed out", _hand_out), ("again", _again), ("confirmed", _confirm), ("twice", _confirm)):
            seconds, peak, wait = _child(work, folder)
            yield what, f"{many:,}", f"{seconds:.1f}", f"{peak - idle:.0f}", f"{wait:.0f}" if wait else ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _report_in(folder, many // 4)
        seconds, peak, _wait = _child(_quality, folder)
        yield "quality report", f"{many:,}", f"{seconds:.1f}", f"{peak - idle:.0f}", ""


def _child(work: Callable[[Path], float], folder: Path) -> tuple[float, float, float]:
    """Seconds, megabytes at the most, and what the work gives, of a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_told, args=(theirs, work, folder))
    child.start()
    theirs.close()  # so that a child that failed is heard
    seconds, megabytes, found = ours.recv()
    child.join()
    return seconds, megabytes, found


def _told(pipe: Connection, work: Callable[[Path], float], folder: Path) -> None:
    began = time.perf_counter()
    found = work(folder)
    seconds = time.perf_counter() - began
    pipe.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found))


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def _nothing(_folder: Path) -> float:
    return 0


def _payouts_in(folder: Path, many: int) -> None:
    database = database_in(folder)
    for statement in _FILL:
        database.run(lambda tx, s=statement: tx.run(s, many=many)).result()  # type: ignore[misc]
    database.close()


def _hand_out(folder: Path) -> float:
    with _opened(folder) as database, _others(database) as waits:
        batch.export(database, SHELL, "KRW", folder / "batch.csv", _NOW, _quiet)
    return 1000 * max(waits)


def _again(folder: Path) -> float:
    with _opened(folder) as database:
        batch.again(database, 1, folder / "again.csv", _quiet)
    with (folder / "batch.csv").open() as source, (folder / "done.csv").open("w") as target:
        for line in source:
            status = "status,why" if line.startswith("payout_id") else "paid,"
            target.write(line if line.startswith("control") else f"{line.rstrip()},{status}\n")
    return 0


def _confirm(folder: Path) -> float:
    with _opened(folder) as database, _others(database) as waits:
        confirm(database, SHELL, folder / "done.csv", _NOW, _quiet)
    return 1000 * max(waits)


@contextmanager
def _others(database: Database) -> Iterator[list[float]]:
    """How long ordinary turns of others take meanwhile, in seconds."""
    waits: list[float] = [0]
    done = threading.Event()
    other = threading.Thread(target=_asks, args=(database, done, waits))
    other.start()
    try:
        yield waits
    finally:
        done.set()
        other.join()


def _asks(database: Database, done: threading.Event, waits: list[float]) -> None:
    """Ordinary turns, one after the other, while something long goes on."""
    while not done.wait(0.01):
        began = time.perf_counter()
        database.run(lambda tx: tx.connection.exec_driver_sql("SELECT 1")).result()
        waits.append(time.perf_counter() - began)


@contextmanager
def _opened(folder: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{folder / 'bench.db'}")
    try:
        yield database
    finally:
        database.close()


def _report_in(folder: Path, tasks: int) -> None:
    database = database_in(folder)
    project = fill(database, tasks)
    database.run(lambda tx: tx.run(_FILL[0], many=1_000)).result()

    def answers(tx: Tx) -> None:
        for statement in _ANSWERS:
            tx.run(statement, project=project)

    database.run(answers).result()
    database.close()


def _quality(folder: Path) -> float:
    with _opened(folder) as database:
        return export(database, Catalog(), "bench", "quality", folder / "quality.csv", "csv", _quiet)
