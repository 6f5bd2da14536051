"""Long polling that loses nothing: an update is confirmed only once its effect is stored and shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from bot.channel import ChannelError

_log = structlog.stdlib.get_logger(__name__)

Get = Callable[[int, int, int], Awaitable[Sequence[dict[str, Any]]]]
"""getUpdates: offset, limit, timeout in seconds."""
Take = Callable[[dict[str, Any]], Awaitable[None]]

LIMIT = 100
TIMEOUT_SECONDS = 50
GRACE_SECONDS = 0.6
"""How long a batch may hold up the next. Asked for the same offset again within half a second, Telegram hands out
a single update: a slow one (an upload, say) would then keep everybody else waiting."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


class Backlog:
    """Which updates are in hand, and which offset confirms exactly those that are done."""

    def __init__(self) -> None:
        self._next = 0
        self._in_hand: set[int] = set()
        self._done: set[int] = set()
        self.idle = asyncio.Event()
        self.idle.set()

    @property
    def offset(self) -> int:
        """The oldest that is not done; everything before it is confirmed by asking for it."""
        return min(self._in_hand, default=self._next)

    def fresh(self, updates: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those not seen yet, oldest first; they are in hand from now on."""
        numbers = sorted({one["update_id"]: one for one in updates}.items())
        new = [(number, one) for number, one in numbers if number not in self._in_hand and number not in self._done]
        for number, _ in new:
            self._in_hand.add(number)
            self._next = max(self._next, number + 1)
        if new:
            self.idle.clear()
        return [one for _, one in new]

    def finish(self, number: int) -> None:
        """An update is done."""
        self._in_hand.discard(number)
        self._done.add(number)
        offset = self.offset
        self._done = {one for one in self._done if one >= offset}
        if not self._in_hand:
            self.idle.set()


class Poller:
    """Asks for updates and hands each to ``take``, many at once, begun in the order of their numbers."""

    def __init__(self, get: Get, take: Take, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._get, self._take, self._sleep = get, take, sleep
        self._backlog = Backlog()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pause = _FIRST_PAUSE

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until told to stop; then finish what is in hand, and confirm it."""
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                updates = await self._until(stopping, self._ask())
                self._begin(updates or ())
                await self._until(stopping, self._settled(GRACE_SECONDS))
        finally:
            stopping.cancel()
            await self._finish()

    async def _ask(self) -> Sequence[dict[str, Any]]:
        try:
            updates = await self._get(self._backlog.offset, LIMIT, TIMEOUT_SECONDS)
        except ChannelError as error:
            _log.warning("no updates", reason=str(error), again_in=self._pause)
            await self._sleep(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            return ()
        self._pause = _FIRST_PAUSE
        return updates

    def _begin(self, updates: Sequence[dict[str, Any]]) -> None:
        for update in self._backlog.fresh(updates):
            task = asyncio.create_task(self._one(update))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _one(self, update: dict[str, Any]) -> None:
        try:
            await self._take(update)
        except Exception:  # noqa: BLE001 - whatever one update does, the others go on
            _log.exception("update failed", update=update["update_id"])
        self._backlog.finish(update["update_id"])

    async def _settled(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._backlog.idle.wait()
        except TimeoutError:
            return

    async def _until(self, stopping: asyncio.Future[Any], work: Awaitable[Any]) -> Any:
        """The result of ``work``; None if it was time to stop first."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _finish(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._backlog.offset:
            try:
                await self._get(self._backlog.offset, 1, 0)
            except ChannelError as error:
                _log.info("the last updates come once more at the next start", reason=str(error))
