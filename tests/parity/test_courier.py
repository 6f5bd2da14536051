"""Broadcasts over Telegram, whichever library receives: python-telegram-bot sends, on the same budget."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import SecretStr

from bot.parts import Parts
from bot.service import Service, courier_of
from bot.settings import load_settings
from db.session import Database
from tasks.outreach import broadcast
from tasks.outreach.broadcast import Draft, Standing
from tasks.outreach.content import Content, ContentKey
from tasks.privacy.audit import SHELL
from tasks.projects.catalog import Catalog
from tasks.projects.media import MediaStore
from tasks.projects.pictures import Picture
from tests.conftest import Clock
from tests.fakes.botapi import TOKEN, Person
from tests.parity.conftest import Telegram, picture
from tests.parity.test_service import address, running, until  # noqa: F401 - a fixture, too
from tests.support.bots import ANIMALS, add_project

_LIBRARY = {"aiogram": "aiogram", "ptb": "python-telegram-bot"}
_RULES = ContentKey({"": "Rules"}, "url", "https://example.org/rules")


class Town(NamedTuple):
    """A running service, its fake server, and where it keeps things."""

    telegram: Telegram
    database: Database
    service: Service
    project: int
    media: MediaStore

    async def joins(self, number: int) -> Person:
        """Somebody who has agreed."""
        person = self.telegram.server.person(number)
        await person.says("/start")
        for label in ("I agree, let’s go", "Later"):
            await until(lambda label=label: label in person.screen.labels)  # type: ignore[misc]
            await person.presses(label)
        await until(lambda: "Which animal?" in person.screen.labels)
        return person

    def sends(self, content: Content) -> int:
        """A broadcast to everybody."""
        now, catalog = self.service.parts.now_ms(), self.service.parts.catalog

        made = Draft(content, project=self.project)
        number = self.database.run(lambda tx: broadcast.draft(tx, SHELL, made, now)).result()
        self.database.run(lambda tx: broadcast.send(tx, catalog, SHELL, number, now)).result()
        return number

    async def done(self, number: int) -> Standing:
        """How it stands once it is over."""
        await until(lambda: self._standing(number).state == "done")
        return self._standing(number)

    def _standing(self, number: int) -> Standing:
        return self.database.run(lambda tx: broadcast.standing(tx, number)).result()


@pytest.fixture
async def town(
    telegram: Telegram,
    library: str,
    sqlite_database: Database,
    clock: Clock,
    rng: random.Random,
    tmp_path: Path,
    address: str,  # noqa: F811 - the fixture
) -> AsyncIterator[Town]:
    project = add_project(sqlite_database, ANIMALS, [{"caption": f"item {n}"} for n in range(5)], clock())
    given = {"bot_library": _LIBRARY[library], "bot_token": SecretStr(TOKEN), "api_url": telegram.server.url}
    settings = load_settings(None, listen=address).model_copy(update=given)
    media = MediaStore(tmp_path / "media")
    parts = Parts(sqlite_database, Catalog(), media, clock, rng, tmp_path / "files")
    service = Service(settings, parts, telegram.channel, time.perf_counter())
    async with running(service):
        await until(lambda: service.trouble == "")
        yield Town(telegram, sqlite_database, service, project, media)


async def test_everybody_gets_it_and_its_keys_lead_on(town: Town) -> None:
    ada, bob = await town.joins(7), await town.joins(8)
    await bob.blocks()
    found = await town.done(town.sends(Content(({"": "News <b>for you"},), keys=(_RULES,))))
    assert (found.total, found.sent, found.blocked) == (2, 1, 1)
    letter = next(one for one in ada.messages if one.text == "News <b>for you")
    assert letter.labels == ["Open: Which animal?", "Rules", "No such messages"]
    assert letter.raw["reply_markup"]["inline_keyboard"][1][0]["url"] == "https://example.org/rules"
    await ada.presses("Open: Which animal?", letter)
    await until(lambda: "Start" in ada.screen.labels)
    assert ada.screen.id > letter.id


async def test_trouble_on_the_way(town: Town) -> None:
    ada = await town.joins(7)
    town.telegram.server.fail("sendMessage", 429, 1, retry_after=2)
    town.telegram.server.fail("sendMessage", 502, 1, description="Bad Gateway")
    found = await town.done(town.sends(Content(({"": "News"},))))
    assert found.sent == 1
    assert [one.text for one in ada.messages].count("News") == 1


async def test_a_picture_is_uploaded_once(town: Town, tmp_path: Path) -> None:
    people = [await town.joins(number) for number in (7, 8)]
    content = town.media.put(Picture(picture(tmp_path).path.read_bytes(), ".png", 8, 8))
    await town.done(town.sends(Content(({"": "One"},), content)))
    await town.done(town.sends(Content(({"": "Two"},), content)))
    assert all({"One", "Two"} <= {one.text for one in person.messages if one.photo} for person in people)
    second = [call for call in town.telegram.server.called("sendPhoto") if call.values.get("caption") == "Two"]
    assert len(second) == 2
    assert not any(call.files for call in second)


async def test_it_is_always_the_same_library_that_sends(town: Town) -> None:
    used = await courier_of(town.service.settings, town.telegram.channel, town.service.parts.now_ms)
    assert type(used).__name__ == "PtbChannel"
    assert used.pace is town.telegram.channel.pace
    await used.close()
