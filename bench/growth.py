"""One turn as the project and the worker's history grow: it must stay flat.

The reference is the smallest project in the same run.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.house import Worker, a_bot, database_in, fill, percentile
from db.session import Database, Tx
from db.statement import change

COLUMNS = ("tasks", "answers of the worker", "median ms", "p99 ms", "of the smallest")

_HISTORY = change("""
    INSERT INTO assignment (project_id, task_id, worker_id, state, gold, position, offered_at, lease_ends,
                            changes, instructions, undone, reason, reported)
    SELECT project_id, id, :worker, 'answered', FALSE, id, 0, 0, 0, 0, 0, '', FALSE FROM task
    WHERE project_id = :project AND id > 1 AND id <= :answers + 1
""")
_ANSWERS = change("""
    INSERT INTO answer (project_id, task_id, worker_id, value, submitted_at, work_ms, rejected)
    SELECT project_id, id, :worker, '"cat"', 0, 1000, FALSE FROM task
    WHERE project_id = :project AND id > 1 AND id <= :answers + 1
""")
_TAKEN = change("UPDATE task SET slots = 2, answers = 1 WHERE project_id = :project AND id > 1 AND id <= :answers + 1")
_CURSOR = change("""
    UPDATE enrolment SET cursor = :answers + 1, answered = :answers WHERE project_id = :project AND worker_id = :worker
""")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """One row for each size."""
    sizes = ((500, 0), (5_000, 1_000)) if short else ((1_000, 0), (1_000_000, 0), (1_000_000, 100_000))
    smallest = 0.0
    for tasks, answers in sizes:
        with tempfile.TemporaryDirectory() as folder:
            database = database_in(Path(folder))
            project = fill(database, tasks)
            times = asyncio.run(_turns(database, Path(folder), project, answers, 100 if short else 600))
            database.close()
        median = percentile(times, 0.5)
        smallest = smallest or median
        yield (
            "turn",
            f"{tasks:,}",
            f"{answers:,}",
            f"{median * 1000:.2f}",
            f"{percentile(times, 0.99) * 1000:.2f}",
            f"{median / smallest:.2f}",
        )


async def _turns(database: Database, folder: Path, project: int, answers: int, turns: int) -> list[float]:
    times: list[float] = []
    async with a_bot(database, folder) as (bot, wall):
        worker = Worker(bot, wall, "w")
        await worker.join()
        if answers:
            await asyncio.wrap_future(database.run(lambda tx: _history(tx, project, answers)))
        for _ in range(turns):
            began = time.perf_counter()
            if "Go on" in wall.last["w"].buttons[0][0].label:
                await worker.press()
                continue
            await worker.press()
            times.append(time.perf_counter() - began)
    return times


def _history(tx: Tx, project: int, answers: int) -> None:
    values = {"project": project, "worker": 1, "answers": answers}
    tx.run(_HISTORY, **values)
    tx.run(_ANSWERS, **values)
    tx.run(_TAKEN, project=project, answers=answers)
    tx.run(_CURSOR, **values)
