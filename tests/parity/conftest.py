"""Both libraries against the fake Bot API server: every test here runs on each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image

from bot.channel import Hear, Incoming, PictureFile
from bot.channels.telegram import TelegramChannel
from bot.pace import Pace
from tests.fakes.botapi import TOKEN, BotApi


@dataclass
class Ticks:
    """Seconds that pass only while somebody sleeps; call it for the moment."""

    now: float = 0.0
    naps: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        """This moment."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass, and others go on."""
        self.naps.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Telegram(NamedTuple):
    """The fake server, and a channel that talks to it."""

    server: BotApi
    channel: TelegramChannel


@dataclass
class Ear:
    """A conversation that only listens; ``then`` is what it does with each event."""

    then: Callable[[Incoming], Awaitable[Any]] | None = None
    heard: list[Incoming] = field(default_factory=list)

    async def __call__(self, incoming: Incoming) -> None:
        """Hear one event."""
        self.heard.append(incoming)
        if self.then is not None:
            await self.then(incoming)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture(params=["aiogram", "ptb"])
def library(request: pytest.FixtureRequest) -> str:
    """The module of ``bot.channels``."""
    return str(request.param)


@pytest.fixture
async def telegram(library: str, ticks: Ticks, clock: Callable[[], int]) -> AsyncIterator[Telegram]:
    """A channel over the library, and its server."""
    async with BotApi() as server:
        pace = Pace(ticks, sleep=ticks.sleep)
        channel = import_module(f"bot.channels.{library}").build(TOKEN, server.url, pace, clock, ticks.sleep)
        yield Telegram(server, channel)
        await shut(channel)


async def shut(channel: TelegramChannel) -> None:
    """Close a channel, without the quarter of a second that aiogram gives to TLS."""
    await channel.settle()
    session = getattr(getattr(channel, "_bot", None), "session", None)
    inner = getattr(session, "_session", None)
    if inner is not None:
        await inner.close()
    await channel.close()


@asynccontextmanager
async def listening(channel: TelegramChannel, hear: Hear) -> AsyncIterator[asyncio.Event]:
    """A channel that polls until the end of the block, or until the event is set."""
    stop = asyncio.Event()
    task = asyncio.create_task(channel.receive(hear, stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


def picture(folder: Path, colour: str = "red", handle: str | None = None) -> PictureFile:
    """A small picture to show."""
    path = folder / f"{colour}.png"
    Image.new("RGB", (8, 8), colour).save(path)
    return PictureFile(colour * 16, path, handle)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Talks through the library that receives only where it is chosen are among the slow tests: CI runs both."""
    for item in items:
        if item.path.name == "test_talks.py" and "[ptb-" in item.nodeid:
            item.add_marker(pytest.mark.slow)
