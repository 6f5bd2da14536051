"""The clock: APScheduler ticks, the work is ours and stands in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.jobs.deliveries import Deliveries
from bot.jobs.lead import Lead
from bot.jobs.passes import Passes
from bot.jobs.reviews import Reviews
from db.session import Database
from tasks.assignment.sweep import SWEPT_AT_ONCE, expire_leases, forget_settled
from tasks.money.budget import give_back
from tasks.money.holding import RELEASED_AT_ONCE, release_due
from tasks.projects.catalog import Catalog
from tasks.qualification.endings import TOLD_AT_ONCE, tell_endings

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

_LEASES_EVERY, _QUEUE_EVERY, _ENDINGS_EVERY, _DELIVERIES_EVERY, _PASSES_EVERY = 15, 300, 600, 1, 300
_REVIEWS_EVERY, _HOLDS_EVERY = 60, 60
"""Seconds."""


class Sweeps:
    """What is done again and again."""

    def __init__(
        self, database: Database, catalog: Catalog, now: Callable[[], int], swept: Callable[[int], None]
    ) -> None:
        self._database, self._catalog, self._now, self._swept = database, catalog, now, swept

    async def leases(self) -> None:
        """End what nobody answered in time, in bounded turns, so that nobody waits for it."""
        while True:
            ended = await asyncio.wrap_future(self._database.run(lambda tx: expire_leases(tx, self._now())))
            self._swept(ended)
            if ended < SWEPT_AT_ONCE:
                return

    async def holds(self) -> None:
        """Make payable what has been on hold long enough; what nothing needs any more is no project's."""
        while (
            await asyncio.wrap_future(self._database.run(lambda tx: release_due(tx, self._now()))) == RELEASED_AT_ONCE
        ):
            pass
        await asyncio.wrap_future(self._database.run(lambda tx: give_back(tx, self._now())))

    async def queue(self) -> None:
        """Forget returned tasks that need nobody any more."""
        while await asyncio.wrap_future(self._database.run(forget_settled)) == SWEPT_AT_ONCE:
            pass

    async def endings(self) -> None:
        """Tell people whose qualifications end soon, or have ended."""
        told = TOLD_AT_ONCE
        while told == TOLD_AT_ONCE:
            told = await asyncio.wrap_future(
                self._database.run(lambda tx: tell_endings(tx, self._catalog, self._now()))
            )


def clock(sweeps: Sweeps, deliveries: Deliveries, passes: Passes, reviews: Reviews, lead: Lead) -> AsyncIOScheduler:
    """A scheduler to start; a tick that comes too late is made up for once, and never overtakes itself.

    Receipts are of each process; all else is done by the one that leads.
    """
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415 - not needed by the shell's commands

    made = AsyncIOScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    jobs: tuple[tuple[Callable[[], Awaitable[None]], int], ...] = (
        (sweeps.leases, _LEASES_EVERY),
        (sweeps.queue, _QUEUE_EVERY),
        (sweeps.endings, _ENDINGS_EVERY),
        (passes.all, _PASSES_EVERY),
        (reviews.all, _REVIEWS_EVERY),
        (sweeps.holds, _HOLDS_EVERY),
    )
    for job, seconds in jobs:
        made.add_job(_leading(lead, job), "interval", seconds=seconds)
    made.add_job(deliveries.flush, "interval", seconds=_DELIVERIES_EVERY)
    return made


def _leading(lead: Lead, job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        if lead.held:
            await job()

    return run
