"""A crowd for benches: people who tap a key as soon as their screen has changed."""

from __future__ import annotations

import asyncio
import re
import time
from random import Random
from typing import Any

from tests.fakes.bot_api.people import Person, seen
from tests.fakes.bot_api.server import BotApi


class Crowd:
    """``count`` people; each says ``opens`` once and then taps the first key that matches ``press``."""

    def __init__(self, api: BotApi, count: int, opens: str, press: str, think: float = 0.0) -> None:
        self._api = api
        self._people = [api.person(1000 + number) for number in range(count)]
        self._opens, self._think = opens, think
        self.tapped: list[tuple[float, float]] = []
        """Of each tap when it was (seconds of ``perf_counter``), and how long its answer took."""
        self._press = re.compile(press)
        self._taps = 0
        self._waits: list[float] = []
        self._enough = asyncio.Event()
        self._started = 0.0
        self._begun = asyncio.Event()

    async def run(self, taps: int, *, warm: int = 0) -> dict[str, Any]:
        """Tap until there were so many; taps a second, and the wait from a tap to the new screen (seconds)."""
        tasks = [asyncio.create_task(self._live(person, warm, warm + taps)) for person in self._people]
        await self._enough.wait()
        took = time.perf_counter() - self._started
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        waits = sorted(self._waits)
        return {
            "taps": taps,
            "seconds": round(took, 3),
            "taps_per_second": round(taps / took, 1),
            "p50_ms": round(1000 * waits[len(waits) // 2], 1),
            "p99_ms": round(1000 * waits[int(len(waits) * 0.99)], 1),
        }

    async def stay(self) -> None:
        """Tap until cancelled, with ``think`` seconds (about) between an answer and the next tap."""
        await asyncio.gather(*(self._live(person, 0, 1 << 60) for person in self._people))

    async def begun(self) -> None:
        """Wait until the warming taps are over and the clock runs."""
        await self._begun.wait()

    async def _live(self, person: Person, warm: int, enough: int) -> None:
        await person.says(self._opens, wait=False)
        while True:
            message, data = await self._key(person)
            before = person.chat.messages[message]
            tapped = time.perf_counter()
            await person.forges(data, seen(before), wait=False)
            while person.chat.messages.get(message) is before:
                await person.chat.changed.wait()
            self._waits.append(time.perf_counter() - tapped)
            self.tapped.append((tapped, self._waits[-1]))
            self._count(warm, enough)
            if self._think:
                await asyncio.sleep(self._think * Random(tapped).uniform(0.5, 1.5))  # noqa: S311

    def _count(self, warm: int, enough: int) -> None:
        self._taps += 1
        if self._taps == max(warm, 1):
            self._started = time.perf_counter()
            self._waits.clear()
            self._begun.set()
        if self._taps >= enough:
            self._enough.set()

    async def _key(self, person: Person) -> tuple[int, str]:
        """The key to tap next: message id and data; waits until there is one."""
        while True:
            for number, message in reversed(person.chat.messages.items()):
                for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                    for button in row:
                        if self._press.search(button["text"]):
                            return number, button["callback_data"]
            await person.chat.changed.wait()
