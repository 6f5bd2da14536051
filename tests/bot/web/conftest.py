"""A chat page over a scripted bot, and a client that speaks to it as a browser does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web import Web
from bot.web.chat import ChatRoutes
from tests.fakes.chat_page import ScriptedBot, chat_routes, scripted_bot


@pytest.fixture
def channel(tmp_path: Path, clock: Callable[[], int]) -> Web:
    return Web(tmp_path, clock, "run1")


@pytest.fixture
def bot(channel: Web, tmp_path: Path) -> ScriptedBot:
    return scripted_bot(channel, tmp_path)


@pytest.fixture
def routes(bot: ScriptedBot, tmp_path: Path, clock: Callable[[], int]) -> ChatRoutes:
    return chat_routes(bot, tmp_path, clock)


@pytest.fixture
async def client(routes: ChatRoutes) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """A browser without a window: keeps cookies, says nothing by itself."""
    app = web.Application()
    routes.mount(app)
    async with TestClient(TestServer(app)) as client:
        yield client
