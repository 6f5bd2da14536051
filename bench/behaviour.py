"""What the record of behaviour costs: a turn with it and without, bytes, figures as the database grows.

``python -m bench.behaviour ANSWERS WORKERS FOLDER`` fills a database of any size (kept in the folder) and asks it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from bench.house import SPEC, Worker, a_bot, database_in, fill, percentile
from db.queries import behaviour
from db.session import Database, Tx
from tasks.behaviour import figures, recording
from tasks.behaviour.habits import Habits, Made, read
from tasks.behaviour.pool import pool
from tasks.projects.catalog import Catalog

COLUMNS = ("answers", "people", "µs, or p50", "without, or p99", "beside it")
_PEOPLE = 32
_ASKED = 2_000


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """The turn, then a small database."""
    with tempfile.TemporaryDirectory() as folder:
        database = database_in(Path(folder))
        yield asyncio.run(_turns(database, Path(folder), 2 if short else 30, 0.2 if short else 0.5))
        database.close()
    with tempfile.TemporaryDirectory() as folder:
        yield from grown(Path(folder), 1_000 if short else 100_000, 100 if short else 3_000)


# --------------------------------------------------------------------------- the turn


def _off() -> ExitStack:
    """Nothing is recorded, as long as it is open."""
    stack = ExitStack()
    stamp = recording.Stamp("", 0, 0, None)
    for name in ("offered", "answered", "skipped", "unanswered", "unskipped", "touched"):
        stack.enter_context(patch.object(recording, name, lambda *_given, **_how: stamp))
    return stack


async def _turns(database: Database, folder: Path, rounds: int, seconds: float) -> tuple[str, ...]:
    """A turn with recording and without: short spells of both, close together, on the same database.

    Told is processor time: on a machine that others use too, it says more than the clock on the wall.
    """
    fill(database, 60_000)
    pairs: list[tuple[float, float]] = []
    async with a_bot(database, folder) as (bot, wall):
        workers = [Worker(bot, wall, f"w{n}") for n in range(_PEOPLE)]
        for worker in workers:
            await worker.join()
        await _spell(workers, seconds)
        for number in range(rounds):
            pairs += [await _pair(workers, seconds, on_first=number % 2 == 0)]
    on, off = (sum(pair[n] for pair in pairs) / rounds for n in range(2))
    return (
        "a turn, recording and not", "", str(_PEOPLE), f"{on:.0f}", f"{off:.0f}",
        f"{on / off - 1:+.1%} ({rounds} pairs)",
    )  # fmt: skip


async def _pair(workers: Sequence[Worker], seconds: float, *, on_first: bool) -> tuple[float, float]:
    on = await _spell(workers, seconds) if on_first else 0.0
    with _off():
        off = await _spell(workers, seconds)
    return (on or await _spell(workers, seconds)), off


async def _spell(workers: Sequence[Worker], seconds: float) -> float:
    """Microseconds of processor time an answer, while all of them answer as fast as they can."""
    done, end, began = 0, time.perf_counter() + seconds, time.process_time()

    async def work(worker: Worker) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await worker.press()
            done += 1

    await asyncio.gather(*map(work, workers))
    return 1e6 * (time.process_time() - began) / done


# --------------------------------------------------------------------------- growth

_SCALE = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {} - 1) "
_ENROLMENT = """INSERT INTO enrolment (project_id, worker_id, joined_at, cursor, gold_cursor, returned_cursor, day,
    today, answered, skipped, seen, correct, gold_seen, gold_correct)
    SELECT 1, i + 1, 0, 0, 0, 0, 0, 0, {each}, 0, {each}, {each} * 0.9, {each} / 10, {each} / 11 FROM n"""
_ASSIGNMENT = """INSERT INTO assignment (project_id, task_id, worker_id, state, gold, position, offered_at, lease_ends,
    delivered_at, first_tap_at, submitted_at, changes, instructions, undone, reason, reported, channel, sitting,
    in_sitting, hour)
    SELECT 1, i / 3 + 1, i % {workers} + 1, 'answered', 0, 1, 1790000000000 + i, 1790000900000 + i, 1790000000200 + i,
           1790000004000 + i, 1790000004000 + i, 0, 0, 0, '', 0, 'telegram', 3, 17, 21 FROM n"""
_ANSWER = """INSERT INTO answer (project_id, task_id, worker_id, value, submitted_at, work_ms, rejected)
    SELECT 1, i / 3 + 1, i % {workers} + 1, '"cat"', 1790000004000 + i, 3800, 0 FROM n"""
_COUNTED = "UPDATE tally SET answers = {answers} WHERE project_id = 1"
_EVENT = """INSERT INTO event (project_id, worker_id, task_id, at, what)
    SELECT 1, i % {workers} + 1, i / 3 + 1, 1790000000000 + i, '{what}' FROM n"""


def grown(folder: Path, answers: int, workers: int) -> Iterator[tuple[str, ...]]:
    """A database of that size: bytes of an assignment, and how long its figures take."""
    database = database_in(folder)
    try:
        if not database.run(lambda tx: tx.one(behaviour.EVERYBODYS, project=1)).result():
            yield from _filled(database, folder, answers, workers)
        began = time.perf_counter()
        if pool(database, 1):
            yield ("everybody added up", f"{answers:,}", f"{workers:,}", "", "", f"{time.perf_counter() - began:.1f} s")
        known = database.run(lambda tx: Catalog().get(tx, 1)).result()
        catalog = Catalog()
        asked: Mapping[str, Callable[[Tx, int], object]] = {
            "habits (rules)": lambda tx, worker: read(tx, 1, worker),
            "figures (/me)": lambda tx, worker: figures.figures(tx, known, worker),
            "figures over all projects": lambda tx, worker: figures.overall(tx, catalog, worker),
        }
        for name, ask in asked.items():
            times = database.run(lambda tx, ask=ask: _asked(tx, ask, workers)).result()  # type: ignore[misc]
            p50, p99 = (f"{1e6 * percentile(times, share):.0f}" for share in (0.5, 0.99))
            yield (name, f"{answers:,}", f"{workers:,}", p50, p99, "")
    finally:
        database.close()


def _asked(tx: Tx, ask: Callable[[Tx, int], object], workers: int) -> list[float]:
    rng, times = Random(1), []
    for _ in range(_ASKED):
        worker = rng.randint(1, workers)
        tx.known.clear()
        began = time.perf_counter()
        ask(tx, worker)
        times.append(time.perf_counter() - began)
    return times


def _filled(database: Database, folder: Path, answers: int, workers: int) -> Iterator[tuple[str, ...]]:
    """Fill it, table after table, and tell how large each is."""
    fill(database, answers // 3 + 1)
    each, sizes = answers // workers, [_bytes(database, folder)]
    numbers = {"each": each, "workers": workers}

    def run(sql: str, rows: int) -> float:
        def turn(tx: Tx) -> Any:
            tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            return tx.connection.exec_driver_sql(sql)

        database.run(turn).result()
        sizes.append(_bytes(database, folder))
        return (sizes[-1] - sizes[-2]) / rows

    people = """INSERT INTO person (id, channel, external_id, language, zone, role, consent, joined_at)
        SELECT i + 1, 'telegram', 'p' || i, 'ko', 'Asia/Seoul', 'worker', 'x', 0 FROM n"""
    run(_scaled(people, workers), workers)
    run(_scaled(_ENROLMENT.format(**numbers), workers), workers)
    row = run(_scaled(_ASSIGNMENT.format(**numbers), answers), answers)
    row += run(_scaled(_ANSWER.format(**numbers), answers), answers)
    run(_COUNTED.format(answers=answers), 1)
    seen = sum(
        run(_scaled(_EVENT.format(what=what, **numbers), answers), answers)
        for what in ("offered", "delivered", "submit")
    )
    began = len(sizes)
    database.run(lambda tx: _habits(tx, workers, each)).result()
    sizes.append(_bytes(database, folder))
    habit = (sizes[began] - sizes[began - 1]) / workers
    yield ("bytes: assignment and answer, events, habit", f"{answers:,}", f"{workers:,}", "", "",
           f"{row:.0f} + {seen:.0f} + {habit:.0f} a worker")  # fmt: skip


def _scaled(sql: str, rows: int) -> str:
    head, _select, rest = sql.partition("SELECT")
    return f"{head}{_SCALE.format(rows)}SELECT{rest}"


def _habits(tx: Tx, workers: int, each: int) -> None:
    """A hundred ways of working, dealt round."""
    rng, ways = Random(1), []
    for n in range(min(100, workers)):
        habits = Habits()
        for at in range(each):
            seconds = rng.lognormvariate(1.5 + 0.01 * n, 0.6)
            label = rng.randrange(3)
            made = Made(1_790_000_000_000 + 20_000 * at, round(1000 * seconds), 0, seconds < 1, label, label, at % 24)
            habits.answered(made)
        ways.append(habits.pack())
    rows = [{"project": 1, "worker": n + 1, "kept": ways[n % len(ways)]} for n in range(workers)]
    tx.many(behaviour.KEEP, rows)


def _bytes(database: Database, folder: Path) -> int:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return (folder / "bench.db").stat().st_size


def main() -> None:
    """A size of one's own."""
    answers, workers, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    assert SPEC.overlap.min == 3  # noqa: PLR2004, S101 - three answers a task, as filled
    for row in grown(folder, answers, workers):
        print(*row, sep="\t", flush=True)


if __name__ == "__main__":
    main()
