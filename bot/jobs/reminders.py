"""Looks again and again for what there is to remind people of; what is found waits in the queue of the courier."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from db.session import Database
from db.transaction import T, Work
from tasks.outreach import occasions
from tasks.projects.catalog import Catalog

_LOOKED_BACK_MS = 600_000
"""Notices so young are looked at again: who was here when they came may have gone since."""


class Reminders:
    """Items left open, notices that wait, new work; what was found before a crash is found again, and queued once."""

    def __init__(self, database: Database, catalog: Catalog, now: Callable[[], int]) -> None:
        self._database, self._catalog, self._now = database, catalog, now
        self._looked: deque[tuple[int, int]] = deque()
        self._after = 0
        self._told: set[tuple[int, int]] = set()

    async def all(self) -> None:
        """One tick."""
        await self.unfinished()
        await self.waiting()
        await self.new_work()

    async def unfinished(self) -> None:
        """Items that people have left open, and that go to others soon."""
        now, after = self._now(), 0
        while True:
            last = await self._run(lambda tx, after=after: occasions.unfinished(tx, self._catalog, now, after))  # type: ignore[misc]
            if last is None:
                return
            after = last

    async def waiting(self) -> None:
        """Notices of people who are not here. How far it was ten minutes ago is where it begins."""
        now = self._now()
        while self._looked and self._looked[0][0] <= now - _LOOKED_BACK_MS:
            self._after = self._looked.popleft()[1]
        at, more = self._after, True
        while more:
            looked = await self._run(lambda tx, at=at: occasions.waiting(tx, now, at))  # type: ignore[misc]
            at, more = looked.last, looked.more
        self._looked.append((now, at))

    async def new_work(self) -> None:
        """Projects that were opened; each is told of in one round through all people."""
        opened = set(await self._run(lambda tx: occasions.opened(tx, self._now())))
        self._told &= opened
        for project, at in sorted(opened - self._told):
            last = await self._run(occasions.last_person)
            for after in range(0, last, occasions.PEOPLE_AT_ONCE):
                await self._run(
                    lambda tx, project=project, after=after: occasions.new_work(  # type: ignore[misc]
                        tx, self._catalog, project, after, self._now()
                    )
                )
            self._told.add((project, at))

    async def _run(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._database.run(work))
