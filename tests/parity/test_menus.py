"""The menu of a chat: the commands of the person's role, in their language, set when it has changed; both libraries."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.parts import Parts
from bot.wiring import Bot, admins_of, build_bot
from db.session import Database
from tasks.projects.catalog import Catalog
from tests.conftest import Clock
from tests.parity.conftest import Telegram, listening
from tests.support.bots import NoMedia

_ADMIN = 99


@pytest.fixture
async def bot(
    telegram: Telegram, sqlite_database: Database, clock: Clock, rng: random.Random, tmp_path: Path
) -> AsyncIterator[Bot]:
    parts = Parts(sqlite_database, Catalog(), NoMedia(), clock, rng, tmp_path)  # type: ignore[arg-type]
    async with (
        build_bot(parts, [telegram.channel], admins_of([_ADMIN]), ticking=False) as made,
        listening(telegram.channel, made.conversations.hear),
    ):
        yield made


def _menu(telegram: Telegram, person: int) -> list[str]:
    """Commands that the chat's own menu lists."""
    menus: Any = telegram.server.methods.menus
    found = [commands for (_language, scope), commands in menus.items() if scope and _chat(scope) == person]
    return [one["command"] for one in found[0]] if found else []


def _chat(scope: Any) -> int:
    return int((json.loads(scope) if isinstance(scope, str) else scope)["chat_id"])


def _is_now(database: Database, person: int, role: str) -> None:
    change = text("UPDATE person SET role = :role WHERE external_id = :user")
    database.run(lambda tx: tx.connection.execute(change, {"role": role, "user": str(person)})).result()


async def test_whom_the_settings_name_has_the_menu_of_an_owner(bot: Bot, telegram: Telegram) -> None:
    person = telegram.server.person(_ADMIN)
    await person.says("/start")
    await bot.conversations.settle()
    assert {"projects", "people", "approvals", "audit"} < set(_menu(telegram, _ADMIN))
    await person.says("/projects")
    await bot.conversations.settle()
    assert len(telegram.server.called("setMyCommands")) == 1


async def test_the_menu_follows_the_role_and_the_language(
    bot: Bot, telegram: Telegram, sqlite_database: Database
) -> None:
    person = telegram.server.person(7)
    await person.says("/start")
    await bot.conversations.settle()
    assert not telegram.server.called("setMyCommands")
    _is_now(sqlite_database, 7, "requester")
    await person.says("/projects")
    await bot.conversations.settle()
    assert {"projects", "stats", "audit", "tasks"} < set(_menu(telegram, 7))
    assert "people" not in _menu(telegram, 7)
    sqlite_database.run(lambda tx: tx.connection.execute(text("UPDATE person SET language = 'ko'"))).result()
    await person.says("/projects")
    await bot.conversations.settle()
    assert "프로젝트" in str(telegram.server.methods.menus)
    _is_now(sqlite_database, 7, "worker")
    await person.says("/start")
    await bot.conversations.settle()
    assert _menu(telegram, 7) == []
    assert len(telegram.server.called("deleteMyCommands")) == 1


async def test_a_menu_that_is_refused_is_tried_again_and_hinders_nobody(bot: Bot, telegram: Telegram) -> None:
    person = telegram.server.person(_ADMIN)
    telegram.server.fail("setMyCommands", status=400)
    await person.says("/start")
    await bot.conversations.settle()
    assert person.screen.labels
    assert not _menu(telegram, _ADMIN)
    await person.says("/projects")
    await bot.conversations.settle()
    assert "people" in _menu(telegram, _ADMIN)
