"""What is swept up again and again, in bounded turns, so that nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from db.session import Database
from tasks.assignment.sweep import SWEPT_AT_ONCE, expire_leases, forget_settled
from tasks.money.budget import give_back
from tasks.money.holding import RELEASED_AT_ONCE, release_due
from tasks.projects.catalog import Catalog
from tasks.qualification.endings import TOLD_AT_ONCE, tell_endings


class Sweeps:
    """Leases, holds, returned tasks, qualifications that end."""

    def __init__(
        self, database: Database, catalog: Catalog, now: Callable[[], int], swept: Callable[[int], None]
    ) -> None:
        self._database, self._catalog, self._now, self._swept = database, catalog, now, swept

    async def leases(self) -> None:
        """End what nobody answered in time."""
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
