"""The webhook's own reply: one call that Telegram makes for us, so that a press costs one request less."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from bot.channel import Hear, Incoming

Call = Mapping[str, Any]


class Replies:
    """Catches the answer to a press while it is heard, and hands it to the webhook's reply."""

    def __init__(self) -> None:
        self._waiting: ContextVar[tuple[str, asyncio.Future[Call]] | None] = ContextVar("reply", default=None)
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, press: str, call: Call) -> bool:
        """Put ``call`` into the reply, if one still waits for the answer to this press."""
        waiting = self._waiting.get()
        if waiting is None or waiting[0] != press or waiting[1].done():
            return False
        waiting[1].set_result(call)
        return True

    async def collect(self, incoming: Incoming, hear: Hear) -> Call | None:
        """Hear an event; the reply as soon as it is known, else None when all is done.

        Events are begun before the first await, so they are heard in the order in which they came.
        """
        reply: asyncio.Future[Call] = asyncio.get_running_loop().create_future()
        if incoming.press:
            self._waiting.set((incoming.press, reply))
        task = asyncio.create_task(self._heard(incoming, hear))
        self._waiting.set(None)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            either: set[asyncio.Future[Any]] = {task, reply}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            return reply.result() if reply.done() else task.result()
        finally:
            reply.cancel()  # an answer that comes later than this goes to the API

    async def settle(self) -> None:
        """Wait for what goes on behind replies that were given."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _heard(self, incoming: Incoming, hear: Hear) -> None:
        await hear(incoming)
