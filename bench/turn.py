"""Answers through the whole turn without a network: flow, SQLite with FULL durability, presenter.

The reference is a bare turn: the same database writing one row of the same size as an answer, committed
together in the same way, by as many callers at once.
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

COLUMNS = ("people", "answers/s", "p50 ms", "p99 ms", "of one bare insert/s")
_PEOPLE = (1, 32)
_BARE = change("INSERT INTO group_chat (channel, chat, explained_at) VALUES ('bench', :chat, 0)")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """One row for each number of people at once."""
    seconds = 1.0 if short else 8.0
    for people in _PEOPLE:
        with tempfile.TemporaryDirectory() as folder:
            database = database_in(Path(folder))
            fill(database, 2_000 if short else 60_000)
            rate, times = asyncio.run(_answers(database, Path(folder), people, seconds))
            bare = asyncio.run(_inserts(database, people, min(seconds, 2.0)))
            database.close()
        yield (
            "answer",
            str(people),
            f"{rate:,.0f}",
            f"{percentile(times, 0.5) * 1000:.1f}",
            f"{percentile(times, 0.99) * 1000:.1f}",
            f"{rate / bare:.2f}",
        )


async def _answers(database: Database, folder: Path, people: int, seconds: float) -> tuple[float, list[float]]:
    times: list[float] = []
    async with a_bot(database, folder) as (bot, wall):
        workers = [Worker(bot, wall, f"w{n}") for n in range(people)]
        for worker in workers:
            await worker.join()
        end = time.perf_counter() + seconds

        async def work(worker: Worker) -> None:
            while time.perf_counter() < end:
                began = time.perf_counter()
                await worker.press()
                times.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*map(work, workers))
        return len(times) / (time.perf_counter() - began), times


async def _inserts(database: Database, people: int, seconds: float) -> float:
    count = 0
    end = time.perf_counter() + seconds

    async def work(number: int) -> None:
        nonlocal count
        while time.perf_counter() < end:
            count += 1
            chat = f"{number}-{count}"

            def insert(tx: Tx, chat: str = chat) -> int:
                return tx.run(_BARE, chat=chat)

            await asyncio.wrap_future(database.run(insert))

    await asyncio.gather(*map(work, range(people)))
    return count / seconds
