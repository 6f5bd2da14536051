"""Reviews on the clock: seats that nobody used, what ends by itself, and many answers that are rejected at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from db.errors import CrowdloomError
from db.queries.appeals import Due
from db.session import Database
from db.transaction import T, Work
from tasks.cases import SEATS_AT_ONCE, expire
from tasks.projects.catalog import Catalog
from tasks.review import mass, sweep

_log = structlog.stdlib.get_logger(__name__)
_STEPS = 1_000
"""Tasks whose answers are rejected at one tick: other jobs have their turn too."""


class Reviews:
    """All of it in turns of one case or one task, so that nobody waits for it and one that fails stops no other."""

    def __init__(self, database: Database, catalog: Catalog, now: Callable[[], int]) -> None:
        self._database, self._catalog, self._now = database, catalog, now
        self._failed: mass.Place | None = None

    async def seats(self) -> None:
        """Give back the seats of reviewers who did not vote in time."""
        while True:
            ended = await asyncio.wrap_future(self._database.run(lambda tx: expire(tx, self._now())))
            if ended < SEATS_AT_ONCE:
                return

    async def silent(self) -> None:
        """End appeals that nobody decides, and what was sent back and not answered."""
        now, after = self._now(), 0
        while True:
            found = await asyncio.wrap_future(self._database.run(lambda tx, after=after: sweep.silent(tx, now, after)))  # type: ignore[misc]
            for due in found:
                await self._end(due, now)
            if len(found) < sweep.AT_ONCE:
                return
            after = found[-1].id

    async def _end(self, due: Due, now: int) -> None:
        try:
            await asyncio.wrap_future(self._database.run(lambda tx: sweep.end_silent(tx, self._catalog, due, now)))
        except CrowdloomError as error:
            _log.warning("case not ended", case=due.id, reason=error.message)
        except Exception:  # noqa: BLE001 - one case's trouble is no other's; the next tick tries again
            _log.exception("case not ended", case=due.id)

    async def rejections(self) -> None:
        """Carry on with rejecting many answers, task by task, where two admins want it.

        Where a task fails it is tried again at the next tick, and then passed over: it holds back no other.
        """
        for _step in range(_STEPS):
            at = await self._run(mass.place)
            try:
                if not await self._run(lambda tx: mass.carry_on(tx, self._catalog, self._now())):
                    return
            except Exception:  # noqa: BLE001 - one task’s trouble is no other’s
                _log.exception("answers not rejected", rejection=at and at.number, task=at and at.task)
                if at is None or at != self._failed:
                    self._failed = at
                    return
                await self._run(partial(mass.pass_over, at=at))

    async def _run(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._database.run(work))

    async def all(self) -> None:
        """One tick."""
        await self.seats()
        await self.silent()
        await self.rejections()
