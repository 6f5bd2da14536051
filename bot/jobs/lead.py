"""Which of several processes leads: it alone keeps the clock and the courier, and another follows when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import TypeVar

import structlog

from db.lock import Lock

T = TypeVar("T")

_log = structlog.stdlib.get_logger(__name__)
_EVERY, _PATIENCE = 2.0, 5.0
"""Seconds between two looks, and for how long one may take: who cannot ask the database does not lead."""
_TERM = 10
"""Looks for which one that gives way leads, before it leaves the lead to whoever else looks."""


class Lead:
    """Whether this process leads, as of the last look. ``lock`` is what one alone can hold (``db.lock``).

    One that ``gives_way`` leads only while nobody else wants to: a talk in the terminal, beside a bot that runs.
    """

    def __init__(
        self, lock: Lock, every: float = _EVERY, patience: float = _PATIENCE, *, gives_way: bool = False
    ) -> None:
        self.held = False
        self._gives_way = gives_way
        self._lock, self._every, self._patience = lock, every, patience
        self._changed: list[Callable[[bool], None]] = []
        self._asked: asyncio.Future[bool] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lead")

    def watch(self, changed: Callable[[bool], None]) -> None:
        """Call ``changed`` in the loop whenever this process begins to lead (True), or ends (False)."""
        self._changed.append(changed)

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[None]:
        """Stand for it while inside; at the end it is left, so that another has it at its next look."""
        await self.look()
        looking = asyncio.create_task(self._keep_looking())
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            await self.leave()

    async def _keep_looking(self) -> None:
        for looks in count(1):
            await asyncio.sleep(self._every)
            if self._gives_way and self.held and looks % _TERM == 0:
                await self.leave()
                await asyncio.sleep(1.5 * self._every)  # longer than others wait between two looks
            await self.look()

    async def look(self) -> None:
        """Take the lock if nobody has it; see whether it is still held if it was. Raises nothing."""
        if self._asked is None:  # one that waits for a network keeps no second one waiting
            self._asked = self._beside(self._lock.take)
        done, _late = await asyncio.wait({self._asked}, timeout=self._patience)
        if not done:
            self._hold(held=False)
            return
        asked, self._asked = self._asked, None
        error = asked.exception()
        if error is not None and self.held:
            _log.warning("the lead is lost", reason=str(error))
        self._hold(held=error is None and asked.result())

    async def leave(self) -> None:
        """Lead no longer."""
        self._hold(held=False)
        if self._asked is not None:
            await asyncio.wait({self._asked}, timeout=self._patience)
        await asyncio.wait({self._beside(self._lock.leave)}, timeout=self._patience)

    def _beside(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """In a thread of its own: however many long jobs there are, the lead is not lost by waiting for them."""
        return asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _hold(self, *, held: bool) -> None:
        if held == self.held:
            return
        self.held = held
        _log.info("leads" if held else "leads no longer")
        for changed in self._changed:
            changed(held)
