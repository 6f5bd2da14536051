"""An invitation on Telegram: the link names the bot, and opening it leads to the project's door."""

from __future__ import annotations

import random
from pathlib import Path

from bot.parts import Parts
from bot.wiring import admins_of, build_bot
from db.session import Database
from tasks.projects.catalog import Catalog
from tests.conftest import Clock
from tests.parity.conftest import Telegram, listening
from tests.support.bots import ANIMALS, NoMedia, add_project

_ADMIN = 99


async def test_a_link_that_one_passes_on_brings_the_other(
    telegram: Telegram, sqlite_database: Database, clock: Clock, rng: random.Random, tmp_path: Path
) -> None:
    add_project(sqlite_database, ANIMALS, [{"id": "1", "caption": "animal 1"}], clock())
    parts = Parts(sqlite_database, Catalog(), NoMedia(), clock, rng, tmp_path)  # type: ignore[arg-type]
    boss, ada = telegram.server.person(_ADMIN), telegram.server.person(7)
    async with (
        build_bot(parts, [telegram.channel], admins_of([_ADMIN]), ticking=False) as bot,
        listening(telegram.channel, bot.conversations.hear),
    ):
        await boss.says("/invite")
        for label in ("Which animal?", "1 person"):
            await boss.presses(label)
        (link,) = boss.screen.styled("blockquote")
        name = telegram.server.methods.world.bot["username"]
        address, _equals, code = link.partition("=")
        assert address == f"https://t.me/{name}?start"
        await ada.says(f"/start {code}")
        assert "You are invited to “Which animal?”." in ada.screen.text
        await ada.presses("I agree, let’s go")
        assert ada.chat.pinned == [ada.messages[0].id], "the receipt"
        await ada.shares_location(37.57, 126.98)
        assert "in Seoul" in ada.screen.text
        await ada.presses("Anything")
        assert ada.screen.labels[0] == "Start"
