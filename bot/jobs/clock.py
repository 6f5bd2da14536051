"""The clock: APScheduler ticks; what is due, and how it went, stands in rows (``tasks.schedules.table``)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING

import structlog

from bot.jobs.deliveries import Deliveries
from bot.jobs.lead import Lead
from db.queries.schedules import Row
from db.session import Database
from db.transaction import T
from db.transaction import Work as TurnOf
from tasks.schedules import table
from tasks.schedules.work import work_of
from tasks.store import CrowdloomError
from tasks.words import Words, _, error_words

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

_log = structlog.stdlib.get_logger(__name__)
_EVERY = 1
_PATIENCE = 60.0
"""Seconds: between two ticks, and for how long what people are told waits for what else was due with it."""

Job = Callable[[Row], Awaitable[None]]
"""Does what a schedule says; bounded, and harmless when it is done twice."""


class Clock:
    """Does what is due while this process leads: each schedule at most once at a time, long ones beside short ones.

    A row is moved on once it is done. So what a crash cuts short is done again by whoever leads next, and what was
    missed while nobody ran is done once.
    """

    def __init__(self, database: Database, lead: Lead, now: Callable[[], int], jobs: Mapping[str, Job]) -> None:
        self._database, self._lead, self._now, self._jobs = database, lead, now, jobs
        self._running: dict[int, asyncio.Task[None]] = {}
        self._patience = _PATIENCE
        self._begun = False
        self._troubled = self._stopped = False
        lead.watch(self._led)

    def _led(self, leads: bool) -> None:  # noqa: FBT001 - it is what the lead calls
        self._begun = False
        if not leads:
            for task in self._running.values():
                task.cancel()

    async def tick(self) -> None:
        """Begin what is due. Raises nothing: the next tick tries again."""
        if not self._leads():
            return
        try:
            due = await self._due()
        except Exception:  # noqa: BLE001 - a database that is away is back some time
            if not self._troubled:
                _log.warning("the clock cannot read what is due", exc_info=True)
            self._troubled = True
            return
        self._troubled = False
        before: list[asyncio.Task[None]] = []
        for row in due:
            work, job = work_of(row.what), self._jobs.get(row.what)
            if work is None or job is None or row.id in self._running or not self._leads():
                continue
            task = asyncio.create_task(self._do(row, job, list(before) if work.tells else ()), name=row.name)
            self._running[row.id] = task
            task.add_done_callback(lambda _task, number=row.id: self._running.pop(number))  # type: ignore[misc]
            if not work.tells:
                before.append(task)

    def _leads(self) -> bool:
        return self._lead.held and not self._stopped

    async def _due(self) -> Collection[Row]:
        if not self._begun:
            await self._run(lambda tx: table.make_missing(tx, self._now()))
            self._begun = True
        return await self._run(lambda tx: table.due(tx, self._now()))

    async def _do(self, row: Row, job: Job, before: Collection[asyncio.Task[None]]) -> None:
        if before:
            await asyncio.wait(before, timeout=self._patience)
        began, ticks = self._now(), time.perf_counter()
        error: Words | None = None
        try:
            await job(row)
        except CrowdloomError as failed:
            _log.warning("not done", schedule=row.name, reason=failed.message)
            error = error_words(failed)
        except Exception as failed:  # noqa: BLE001 - one schedule's trouble is no other's
            _log.exception("not done", schedule=row.name)
            error = _failed(failed)
        took = round(1000 * (time.perf_counter() - ticks))
        try:
            await self._run(lambda tx: table.ran(tx, row, began, took, self._now(), error))
        except Exception:  # noqa: BLE001 - it is still due, and is tried again
            _log.warning("not written down", schedule=row.name, exc_info=True)

    def under_way(self) -> Collection[str]:
        """Names of what is running."""
        return [task.get_name() for task in self._running.values()]

    async def settle(self) -> None:
        """Wait for what is running."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Let go of what is running, and begin nothing: whoever leads next does it again."""
        self._stopped = True
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _run(self, work: TurnOf[T]) -> T:
        return await asyncio.wrap_future(self._database.run(work))


def _failed(error: Exception) -> Words:
    return _("It did not work ({error}): the log says more.", error=type(error).__name__)


def ticking_of(clock: Clock, deliveries: Deliveries) -> AsyncIOScheduler:
    """A scheduler to start. Receipts are of each process; all else is done by the one that leads."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415 - not needed by the shell's commands

    made = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    made.add_job(clock.tick, "interval", seconds=_EVERY)
    made.add_job(deliveries.flush, "interval", seconds=_EVERY)
    return made
