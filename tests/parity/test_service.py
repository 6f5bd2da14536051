"""The bot as a service in this process: ready or not, by webhook, stopped in the middle; over both libraries."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest

from bot.parts import Parts
from bot.service import Service
from bot.settings import Settings, load_settings
from db.session import Database
from tasks.projects.catalog import Catalog
from tasks.projects.media import MediaStore
from tests.conftest import Clock
from tests.fakes.botapi import Person
from tests.parity.conftest import Telegram
from tests.support.bots import ANIMALS, add_project

ROWS = [{"id": f"t{n}", "caption": f"animal {n}"} for n in range(1, 6)]
SECRET = "a-secret-of-the-webhook"


@pytest.fixture
def address() -> str:
    """Host and a port that is free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


Start = Callable[..., Service]


@pytest.fixture
def service(
    telegram: Telegram, sqlite_database: Database, clock: Clock, rng: random.Random, tmp_path: Path, address: str
) -> Start:
    """Makes a service over the channel, with a project of five animals in its database."""
    add_project(sqlite_database, ANIMALS, ROWS, clock())

    def make(webhook: str | None = None) -> Service:
        given: Settings = load_settings(None, listen=address, webhook_secret=SECRET)
        settings = given.model_copy(update={"webhook_url": webhook})
        parts = Parts(sqlite_database, Catalog(), MediaStore(tmp_path / "media"), clock, rng, tmp_path / "files")
        return Service(settings, parts, telegram.channel, time.perf_counter())

    return make


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[asyncio.Event]:
    """A service that runs until the end of the block, or until the event is set."""
    stop = asyncio.Event()
    task = asyncio.create_task(service.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - the service tells nobody
            await asyncio.sleep(0.01)


async def get(address: str, path: str) -> int:
    """Status of an answer of the bot's own server."""
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}") as response:
        return response.status


async def post(address: str, body: bytes, secret: str) -> int:
    """Status of what the webhook says to a delivery."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    url = f"http://{address}/webhook"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        return response.status


async def joins(person: Person) -> None:
    await person.says("/start")
    for label in ("I agree, let’s go", "Later", "Which animal?", "Start"):
        await person.presses(label)
        await asyncio.sleep(0)
    await person.sees("animal 1")


async def test_it_polls_and_is_ready(service: Start, telegram: Telegram, address: str) -> None:
    ada = telegram.server.person(7)
    bot = service()
    async with running(bot):
        await until(lambda: bot.trouble == "")
        assert await get(address, "/readyz") == 200
        await joins(ada)
        assert await post(address, b"{}", SECRET) in {404, 405}, "no webhook while it polls"
        await until(lambda: ("ko", "") in telegram.server.methods.menus)
    assert [one["command"] for one in telegram.server.methods.menus["", ""]][:1] == ["start"]


async def test_it_works_by_webhook_and_the_toast_travels_in_the_reply(
    service: Start, telegram: Telegram, address: str
) -> None:
    ada = telegram.server.person(7)
    bot = service(webhook=f"http://{address}")
    async with running(bot):
        await until(lambda: bot.trouble == "")
        await joins_by_webhook(ada)
        await ada.presses("Cat")
        await ada.sees("animal 2")
    assert telegram.server.updates.webhook.url == f"http://{address}/webhook", "the webhook stays for the next start"
    assert ada.toasts == ["✓ Cat"]
    assert all(call.by_webhook for call in telegram.server.called("answerCallbackQuery"))


async def joins_by_webhook(person: Person) -> None:
    """The screen comes after the reply, so each step waits for it."""
    await person.says("/start")
    steps = ("I agree, let’s go", "Later", "Which animal?", "Start", "Cat")
    for label, after in pairwise(steps):
        await person.presses(label)
        await person.sees(lambda after=after: any(key.endswith(after) for key in person.screen.labels))  # type: ignore[misc]


async def test_nobody_without_the_secret_is_heard_and_nonsense_is_refused(service: Start, address: str) -> None:
    bot = service(webhook=f"http://{address}/webhook")
    async with running(bot):
        await until(lambda: bot.trouble == "")
        assert await post(address, b'{"update_id": 1}', "another-secret-of-somebody") == 403
        assert await post(address, b'{"update_id": 1}', "") == 403
        for nonsense in (b"", b"{", b"[]", b"null", b'{"update_id": "x"}', b"\xff"):
            assert await post(address, nonsense, SECRET) == 400
        assert await post(address, b'{"update_id": 1, "of_a_new_kind": {}}', SECRET) == 200


async def test_it_waits_for_a_telegram_that_is_away_and_says_so(
    service: Start, telegram: Telegram, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service._FIRST_PAUSE", 0.05)
    gate = telegram.server.hold("getMe")
    telegram.server.fail("getMe", 502, times=3)
    bot = service()
    async with running(bot):
        await until_served(address)
        assert await get(address, "/readyz") == 503
        assert await get(address, "/healthz") == 200
        gate.set()
        await until(lambda: bot.trouble == "")
        assert await get(address, "/readyz") == 200


async def until_served(address: str) -> None:
    """Wait until the server listens."""
    host, _, port = address.rpartition(":")
    async with asyncio.timeout(10):
        while True:
            try:
                _reader, writer = await asyncio.open_connection(host, int(port))
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return


async def test_it_stops_at_once_while_telegram_is_away(service: Start, telegram: Telegram) -> None:
    telegram.server.fail("getMe", 502, times=1_000)
    async with running(service()) as stop:
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        stop.set()
    assert time.perf_counter() - began < 5


async def test_a_stop_by_webhook_finishes_what_a_reply_has_begun(
    service: Start, telegram: Telegram, address: str
) -> None:
    ada = telegram.server.person(7)
    bot = service(webhook=f"http://{address}/webhook")
    async with running(bot) as stop:
        await until(lambda: bot.trouble == "")
        await joins_by_webhook(ada)
        gate = telegram.server.hold("editMessageText")
        await ada.presses("Cat")
        stop.set()
        await asyncio.sleep(0.05)
        gate.set()
    assert "animal 2" in ada.screen.text
