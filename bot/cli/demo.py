"""``demo``: a chat page on this machine, sample projects, a simulated crowd; no token, nothing to set."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import secrets
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import opened_database
from bot.cli.shell import Shell, now_ms, shell
from bot.web.server import AddressTakenError, Mount, serving
from db.errors import InputError, told
from tasks.words import _

app = typer.Typer(add_completion=False)

_PORT = 8765
_LIVELY, _CALM, _LIVELY_ANSWERS = (0.3, 0.9), (3.0, 6.0), 80
"""Seconds between two answers of the crowd: lively at first, then leaving work for the visitor."""

_GRAPHICAL = ("DISPLAY", "WAYLAND_DISPLAY")
"""On Linux a desktop sets one of these; without, a browser would take the terminal."""


class PortTakenError(InputError):
    """Another program listens at the port that was asked for."""

    message = told("Choose another --port, or leave it out: port {port} is in use.")


@app.command()
def demo(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the page; any free one by default.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    speed: Annotated[
        float, typer.Option(min=0.1, max=100, help="How fast the simulated crowd works; 2 is twice as fast.")
    ] = 1,
) -> None:
    """A chat in the browser with sample projects and a simulated crowd: nothing to set, nothing is kept."""
    from bot.log import configure  # noqa: PLC0415 - a help text needs none of it

    configure(level="error")
    with tempfile.TemporaryDirectory(prefix="crowdloom-demo-") as folder:
        asyncio.run(_demo(Path(folder), port, speed, shell(), open_browser=browser and _can_open()))


def _can_open() -> bool:
    return sys.platform != "linux" or any(os.environ.get(name) for name in _GRAPHICAL)


async def _demo(folder: Path, port: int | None, speed: float, said: Shell, *, open_browser: bool) -> None:
    from bot import demo as stage  # noqa: PLC0415 - a help text needs none of it
    from bot.channels.recorder import Recorder  # noqa: PLC0415 - as above
    from bot.channels.web import Web  # noqa: PLC0415 - as above
    from bot.crowd import work_on  # noqa: PLC0415 - as above
    from bot.parts import Parts  # noqa: PLC0415 - as above
    from bot.web.chat import ChatRoutes  # noqa: PLC0415 - as above
    from bot.wiring import build_bot  # noqa: PLC0415 - as above
    from tasks.projects.catalog import Catalog  # noqa: PLC0415 - as above
    from tasks.projects.media import MediaStore  # noqa: PLC0415 - as above

    rng = random.Random(7)  # noqa: S311 - the same crowd each time
    with opened_database(f"sqlite:///{folder / 'demo.db'}") as database:
        parts = Parts(database, Catalog(), MediaStore(folder / "media"), now_ms, rng, folder)
        projects = stage.load(parts)
        web, crowd = Web(folder / "web", now_ms, secrets.token_hex(4)), Recorder("crowd")
        async with build_bot(parts, [web, crowd], stage.role_of) as bot:
            await stage.prepare(parts, projects, bot, crowd, rng)
            routes = ChatRoutes(
                web,
                bot.conversations.hear,
                stage.DemoStage(parts, bot),
                bot.translator.words,
                bot.translator.negotiate,
                now_ms,
            )
            async with _serving(routes.mount, port) as address:
                said.say(_("Open {address} in a browser. Ctrl-C ends the demo.", address=address))
                people = stage.crowd(parts, projects, bot, crowd, rng)
                working = asyncio.create_task(work_on(people, rng, _pauses(rng, speed)), name="crowd")
                if open_browser:
                    await asyncio.to_thread(webbrowser.open, address)
                await _until_told()
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working


def _pauses(rng: random.Random, speed: float) -> Callable[[], Awaitable[None]]:
    """What the crowd waits between two answers."""
    numbers = itertools.count()

    async def pause() -> None:
        least, most = _LIVELY if next(numbers) < _LIVELY_ANSWERS else _CALM
        await asyncio.sleep(rng.uniform(least, most) / speed)

    return pause


@asynccontextmanager
async def _serving(mount: Mount, port: int | None) -> AsyncIterator[str]:
    """Serve where one was told to, else on the usual port, else on any free one."""
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(serving([mount], "127.0.0.1", _PORT if port is None else port))
        except AddressTakenError as error:
            if port is not None:
                raise PortTakenError(port=str(port)) from error
            address = await stack.enter_async_context(serving([mount], "127.0.0.1", 0))
        yield address


async def _until_told() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    enough = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, enough.set)
    await enough.wait()
