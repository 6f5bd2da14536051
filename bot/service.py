"""The bot on Telegram as a running service: put together, reached, stopped without losing anything."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import structlog
from prometheus_client import CollectorRegistry

from bot.channel import ChannelError, Hear
from bot.figures import Figures
from bot.jobs.courier import Road
from bot.metrics import Metrics
from bot.outbound import Outbound
from bot.pace import Pace
from bot.parts import Parts
from bot.settings import Settings
from bot.web.health import Health
from bot.web.hook import Hook, address
from bot.web.server import Mount, serving
from bot.wiring import Bot, admins_of, build_bot, commands, freeze_what_stays

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel

_log = structlog.stdlib.get_logger(__name__)
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_COURIER = "python-telegram-bot"
_LIBRARIES = {"aiogram": "bot.channels.aiogram", "python-telegram-bot": "bot.channels.ptb"}


def telegram(settings: Settings, token: str, now_ms: Callable[[], int]) -> TelegramChannel:
    """The channel over the library that the settings choose; the other one is not even imported."""
    library = import_module(_LIBRARIES[settings.bot_library])
    channel: TelegramChannel = library.build(
        token, settings.api_url, Pace(time.monotonic, settings.sends_per_second), now_ms
    )
    return channel


async def courier_of(settings: Settings, channel: TelegramChannel, now_ms: Callable[[], int]) -> TelegramChannel:
    """What the courier sends through: always python-telegram-bot, on the pace of the channel that receives.

    Where that is python-telegram-bot itself there is one of it; else it is loaded, beside the loop, at the first use.
    """
    if settings.bot_library == _COURIER:
        return channel
    library = await asyncio.to_thread(import_module, _LIBRARIES[_COURIER])
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    made: TelegramChannel = library.build(token, settings.api_url, channel.pace, now_ms)
    return made


@dataclass(slots=True)
class Service:
    """A bot with its web server. ``began`` is when the program was asked to run, in seconds of ``perf_counter``."""

    settings: Settings
    parts: Parts
    channel: TelegramChannel
    began: float
    trouble: str = "telegram is not reached yet"

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until ``stop``; what is in hand is finished first. Raises CrowdloomError."""
        metrics = Metrics(CollectorRegistry())
        try:
            async with self._built(metrics) as bot:
                metrics.watch_lead(lambda: bot.lead.held)
                hook = Hook(self._secret(), lambda update: self.channel.handle(update, bot.conversations.hear))
                figures = Figures(self.parts.database, self.parts.catalog, self.parts.now_ms, metrics)
                health = Health(self.parts.database, metrics, lambda: self.trouble, figures.refresh)
                mounts = [health.mount, *self._hooks(hook)]
                try:
                    async with serving(mounts, *self.settings.address) as where:
                        await self._serve(bot, where, hook, stop)
                finally:
                    await self.channel.settle()
        finally:
            await self.channel.close()
        _log.info("stopped")

    def _built(self, metrics: Metrics) -> AbstractAsyncContextManager[Bot]:
        road = Road(partial(courier_of, self.settings, self.channel, self.parts.now_ms), paced=True)
        outbound = Outbound(self.channel.pace, {self.channel.name: road})
        return build_bot(self.parts, [self.channel], admins_of(self.settings.admins), metrics, outbound=outbound)

    def _secret(self) -> str:
        given = self.settings.webhook_secret
        return given.get_secret_value() if given else secrets.token_urlsafe(32)

    def _hooks(self, hook: Hook) -> list[Mount]:
        return [hook.mount] if self.settings.webhook_url else []

    async def _serve(self, bot: Bot, where: str, hook: Hook, stop: asyncio.Event) -> None:
        if not await insist(self.channel.open, stop):
            return
        menu = asyncio.create_task(self._describe(bot))
        try:
            if self.settings.webhook_url:
                await self._by_webhook(self.settings.webhook_url, hook, where, stop)
            else:
                await self._by_polling(bot.conversations.hear, where, stop)
        finally:
            menu.cancel()
            await asyncio.gather(menu, return_exceptions=True)

    async def _by_webhook(self, url: str, hook: Hook, where: str, stop: asyncio.Event) -> None:
        if await insist(lambda: self.channel.hook(address(url), hook.secret), stop):
            self._ready("webhook", where)
            await stop.wait()
            self.trouble = "stopping"

    async def _by_polling(self, hear: Hear, where: str, stop: asyncio.Event) -> None:
        self._ready("polling", where)
        await insist(lambda: self.channel.receive(hear, stop), stop)

    def _ready(self, by: str, where: str) -> None:
        self.trouble = ""
        freeze_what_stays()
        seconds, cpu = round(time.perf_counter() - self.began, 2), round(time.process_time(), 2)
        library = self.settings.bot_library
        _log.info("ready", by=by, library=library, serves=where, seconds=seconds, cpu_seconds=cpu)

    async def _describe(self, bot: Bot) -> None:
        """The menu of commands is a comfort: without it the bot works all the same."""
        try:
            await self.channel.describe(commands(bot, "worker"))
        except ChannelError as error:
            _log.warning("commands not described", reason=str(error))


async def insist(step: Callable[[], Awaitable[None]], stop: asyncio.Event) -> bool:
    """Do a step, again and again while Telegram cannot be reached; False if it was time to stop first."""
    pause = _FIRST_PAUSE
    while not stop.is_set():
        try:
            await step()
        except ChannelError as error:
            _log.warning("telegram not reached", reason=str(error), again_in=pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return True
    return False


@contextlib.contextmanager
def stopping() -> Iterator[asyncio.Event]:
    """An event that SIGTERM or SIGINT sets; the same signal once more ends the program at once."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def asked(which: signal.Signals) -> None:
        _log.info("stopping", signal=which.name)
        stop.set()
        loop.remove_signal_handler(which)

    signals = (signal.SIGTERM, signal.SIGINT)
    for which in signals:
        loop.add_signal_handler(which, asked, which)
    try:
        yield stop
    finally:
        for which in signals:
            loop.remove_signal_handler(which)
