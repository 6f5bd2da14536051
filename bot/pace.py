"""The one sending budget: what the bot starts by itself waits for its turn, answers to a person never do."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")
Sleep = Callable[[float], Awaitable[None]]

PER_SECOND = 28.0
_SLACK, _MOST_LATE, _LEARNS = 0.006, 0.25, 1.02
"""Seconds by which a stretch is longer than a second, and by which one call that took longer than usual makes it longer
at the most: as much later may it have arrived. By which factor the usual time follows each new one."""
_BEHIND = 0.15
"""Seconds that calls may lag behind their even distances and still catch up."""
_LONGEST_WAIT = 300.0
_MOST_RESTING = 10_000
_unasked: ContextVar[bool] = ContextVar("unasked", default=False)


@contextmanager
def unasked() -> Iterator[None]:
    """What is sent within (and by tasks begun within) was not asked for by a tap: broadcasts, reminders."""
    token = _unasked.set(True)
    try:
        yield
    finally:
        _unasked.reset(token)


@dataclass(slots=True)
class _Call:
    """A call: when its turn came, and how long it took (seconds); None while nobody knows."""

    at: float
    took: float | None = None


class Pace:
    """At most ``per_second`` unasked calls in any stretch of one second, whoever makes them.

    The last moments at which a call went out are kept, and the next goes once the oldest of them is a second
    ago: a leaky bucket would let nearly twice as many through. They go evenly, not all at the beginning of a
    second, and a little later after one that took longer than usual, so that what is late on its way crowds none
    of those that follow. The libraries' own hooks call ``run`` (``bot.channels.aiogram``, ``bot.channels.ptb``), so
    that both draw on the same budget. How many edits a chat may have is not published (about one a second, with
    bursts): a 429 is obeyed as told, for its chat alone.
    ``clock`` gives monotonic seconds.
    """

    def __init__(
        self, clock: Callable[[], float], per_second: float = PER_SECOND, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._gone: deque[_Call] = deque(maxlen=max(1, int(per_second)))
        self._usual = 0.0
        self._stretch = max(1.0 + _SLACK, 1.0 / per_second)
        self._due = 0.0
        self._queue = asyncio.Lock()
        self.per_second = per_second
        self.waiting = 0
        """How many unasked calls wait for the budget, but for those whose chat is to be left alone."""
        self._rests: dict[str, float] = {}

    async def run(
        self, chat: str, call: Callable[[], Awaitable[Result]], told: Callable[[Exception], float | None]
    ) -> Result:
        """Make a call that sends, edits or deletes in ``chat``.

        ``told`` reads from a library's error how many seconds it asks to wait. An unasked call waits them out
        and is made again; any other raises, since by then there may be something newer to show.
        """
        while True:
            if _unasked.get():
                while (wait := self.rest(chat)) > 0:
                    await self._sleep(wait)
                made = await self._next()
            else:
                made = None
            try:
                return await self._timed(made, call)
            except Exception as error:
                seconds = told(error)
                if seconds is not None:
                    self._rest(chat, seconds)
                if seconds is None or seconds > _LONGEST_WAIT or not _unasked.get():
                    raise

    def rest(self, chat: str) -> float:
        """How many seconds this chat still has to be left alone, as the API has told."""
        until = self._rests.get(chat)
        if until is None:
            return 0.0
        left = until - self._clock()
        if left <= 0:
            del self._rests[chat]
        return max(left, 0.0)

    def _rest(self, chat: str, seconds: float) -> None:
        if len(self._rests) >= _MOST_RESTING:
            now = self._clock()
            self._rests = {other: until for other, until in self._rests.items() if until > now}
        self._rests[chat] = self._clock() + seconds

    async def turn(self) -> None:
        """Take one of the budget, in one's turn: for an unasked call that must not wait once it is begun."""
        (await self._next()).took = self._usual

    async def _timed(self, made: _Call | None, call: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await call()
        finally:
            if made is not None:
                made.took = self._clock() - made.at
                self._usual *= _LEARNS if made.took > self._usual else 1 / _LEARNS  # towards the median
                self._usual = self._usual or made.took

    async def _next(self) -> _Call:
        self.waiting += 1
        try:
            async with self._queue:  # first come, first served: only one waits for the clock
                while (wait := max(self._full_for(), self._due - self._clock())) > 0:
                    await self._sleep(wait)
                made = _Call(self._clock())
                self._gone.append(made)
                self._due = max(self._due, self._clock() - _BEHIND) + 1.0 / self.per_second
                return made
        finally:
            self.waiting -= 1

    def _full_for(self) -> float:
        if len(self._gone) < (self._gone.maxlen or 1):
            return 0.0
        first = self._gone[0]
        took = self._clock() - first.at if first.took is None else first.took
        return first.at + self._stretch + min(max(took - self._usual, 0.0), _MOST_LATE) - self._clock()
