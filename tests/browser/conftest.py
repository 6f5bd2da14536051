"""Chromium, headless; and two servers to look at with it: the page over a scripted bot, and the real demo."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.channels.web import Web
from bot.web.server import serving
from tests.fakes.chat_page import ScriptedBot, chat_routes, scripted_bot

_ROOT = Path(__file__).parents[2]
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def _executable() -> str:
    """Path of a Chromium. Skips where there is none, or fails where one is required."""
    names = ("chromium", "chromium-browser", "google-chrome")
    known = (os.environ.get("CROWDLOOM_CHROMIUM"), "/usr/bin/chromium", *(shutil.which(name) for name in names))
    found = next((path for path in known if path and Path(path).is_file()), None)
    if found:
        return found
    if os.environ.get("CROWDLOOM_BROWSER") == "required":
        pytest.fail("no Chromium found: install Debian's chromium, or set CROWDLOOM_CHROMIUM to its path")
    pytest.skip("no Chromium found (CROWDLOOM_CHROMIUM, /usr/bin/chromium, PATH)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module: it ends before a test that is asynchronous needs a loop of its own."""
    executable = _executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_FLAGS))
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def opening(browser: Browser) -> Iterator[Open]:
    """Opens a page at an address, as a phone by default; errors of its script fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []
    expect.set_options(timeout=10_000)

    def open_page(address: str, **options: Any) -> Page:
        context = browser.new_context(**{**PHONE, "locale": "en-US", **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


# --------------------------------------------------------------------------- the page over a scripted bot


class Served:
    """The chat page in a thread with a loop of its own."""

    def __init__(self, folder: Path, run: str = "run1", port: int = 0) -> None:
        self.bot: ScriptedBot = scripted_bot(Web(folder, _now, run), folder)
        self.address = ""
        self._port = port
        self._routes = chat_routes(self.bot, folder, _now)
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Return when it listens."""
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        """Return when it is gone."""
        self._loop.call_soon_threadsafe(self._enough.set)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._enough = asyncio.Event()
        async with serving([self._routes.mount], "127.0.0.1", self._port) as self.address:
            self._ready.set()
            await self._enough.wait()


def _now() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    served.start()
    yield served
    served.stop()


# --------------------------------------------------------------------------- the real demo


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The address of ``python main.py demo``, started as a newcomer does; it must end gracefully."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CROWDLOOM_")}
    command = [sys.executable, "main.py", "--language", "en", "demo", "--no-browser", "--port", "0"]
    process = subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    line = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert address, line
    yield address[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
