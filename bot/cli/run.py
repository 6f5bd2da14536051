"""``run``: the bot on Telegram, by long polling or, where a webhook is set, by webhook."""

from __future__ import annotations

import asyncio
import time

import structlog
import typer

from bot.cli.context import Opened, opened
from bot.log import configure
from bot.service import Service, stopping, telegram
from bot.settings import load_settings, unknown_settings
from db.errors import InputError, told

_log = structlog.stdlib.get_logger(__name__)
app = typer.Typer(add_completion=False)


class NoTokenError(InputError):
    """There is no token."""

    message = told("Set CROWDLOOM_BOT_TOKEN to the token that BotFather gives you: without it there is no bot to run.")


@app.command()
def run() -> None:
    """Run the bot until it is told to stop (SIGTERM, or Ctrl+C)."""
    began = time.perf_counter()
    settings = load_settings()
    if settings.bot_token is None:
        raise NoTokenError
    configure(settings.log_format, settings.log_level)
    _warn()
    with opened(settings) as parts:
        asyncio.run(_run(parts, settings.bot_token.get_secret_value(), began))


async def _run(parts: Opened, token: str, began: float) -> None:
    settings = parts.settings
    with stopping() as stop:
        channel = telegram(settings, token, parts.now_ms)
        await Service(settings, parts.for_bot(), channel, began).run(stop)


def _warn() -> None:
    for name, nearest in unknown_settings():
        _log.warning("unknown setting", name=name, nearest=nearest)
