"""Everything that the bot sends of its own accord, put together and kept going: the courier and what is around it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from bot.channel import Hear
from bot.jobs.courier import Courier, Road, Sends
from bot.jobs.outreach import Outreach
from bot.letters import Letters
from bot.pace import Pace
from db.session import Database
from tasks.approval import Given as Role
from tasks.projects.catalog import Catalog
from tasks.schedules.charge import Named


def _a_pace() -> Pace:
    return Pace(time.monotonic)


@dataclass(frozen=True, slots=True)
class Outbound:
    """The budget that all calls share, and roads other than the bot's own channels, by channel."""

    pace: Pace = field(default_factory=_a_pace)
    roads: Mapping[str, Road] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sending:
    """What sends: ``courier`` the messages, ``outreach`` all that goes on around them."""

    courier: Courier
    outreach: Outreach

    @asynccontextmanager
    async def going(self) -> AsyncIterator[None]:
        """Send while inside; at the end what is in flight is finished."""
        running = [asyncio.create_task(self.outreach.run()), asyncio.create_task(self.courier.run())]
        try:
            yield
        finally:
            self.outreach.stop()
            self.courier.stop()
            await asyncio.gather(*running, return_exceptions=True)


class Given(Protocol):
    """What it is made of, among all that a bot is (``bot.wiring.Parts``)."""

    @property
    def database(self) -> Database:
        """Where the queue stands."""

    @property
    def catalog(self) -> Catalog:
        """Finds projects."""

    @property
    def now_ms(self) -> Callable[[], int]:
        """This moment."""

    @property
    def reminders(self) -> int:
        """How many reminders a person gets in a day."""

    @property
    def named(self) -> Named:
        """Those whom the settings make owners."""


def sending(
    parts: Given,
    letters: Letters,
    outbound: Outbound,
    roads: Mapping[str, Road],
    hear: Hear,
    leads: Callable[[], bool],
    sends: Sends,
    role: Role,
) -> Sending:
    """Put together; ``roads`` are the bot's own channels, ``role`` is whom the settings put in charge of what."""
    ways = {**roads, **outbound.roads}
    courier = Courier(
        parts.database, parts.catalog, letters, ways, outbound.pace, parts.now_ms, leads, sends, parts.reminders
    )
    return Sending(courier, Outreach(courier, hear, role, parts.named))
