"""Every talk once more, through each Telegram library and the fake Bot API server."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.parts import Parts
from bot.wiring import Bot, build_bot
from db.session import Database
from handlers.talk import Sender
from tasks.projects.catalog import Catalog
from tests.conftest import Clock
from tests.fakes.botapi import BotApi, Person, Seen
from tests.parity.conftest import Telegram, listening
from tests.support.bots import LIMITS, NoMedia
from tests.talks.memory import posts
from tests.talks.projects import set_up
from tests.talks.script import FILES, Shown, Talk, all_talks, play

ADMINS = {"admin": 99, "admin2": 98}
_MINUTE_MS = 60_000


class TelegramDriver:
    """All people of one talk, each in a private chat."""

    def __init__(self, bot: Bot, server: BotApi, clock: Clock, language: str) -> None:
        self._bot, self._server, self._clock, self._language = bot, server, clock, language
        self._people: dict[str, Person] = {}
        self._earlier: defaultdict[str, list[tuple[Seen, str, str]]] = defaultdict(list)
        self._toasts_before: dict[str, int] = {}
        self._seen_before: dict[str, frozenset[int]] = {}

    def _person(self, who: str) -> Person:
        if who not in self._people:
            number = ADMINS.get(who) or 7 + len(self._people)
            self._people[who] = self._server.person(number, language_code=self._language)
        return self._people[who]

    def _acting(self, who: str) -> Person:
        person = self._person(who)
        self._toasts_before[who] = len(person.toasts)
        self._seen_before[who] = frozenset(message.id for message in person.messages)
        if person.messages:
            self._earlier[who] += [(person.screen, label, data) for label, data in _keys(person.screen)]
        self._clock.pass_ms(1_000)
        return person

    async def says(self, who: str, text: str) -> None:
        """See ``Driver``."""
        await self._acting(who).says(text)
        await self._bot.conversations.settle()

    async def sends(self, who: str, what: str) -> None:
        """See ``Driver``."""
        person = self._acting(who)
        deeds: Mapping[str, Callable[..., Awaitable[Any]]] = {
            "sticker": person.sends_sticker,
            "photo": person.sends_photo,
            "voice": person.sends_voice,
            "video": person.sends_video,
            "document": partial(person.sends_document, b"text", "note.txt"),
            "contact": person.shares_contact,
            "location": person.shares_location,
        }
        kind, *more = what.split()
        if kind == "document" and more:
            await person.sends_document((FILES / more[0]).read_bytes(), more[0])
        else:
            await deeds[kind](*map(float, more))
        await self._bot.conversations.settle()

    async def presses(self, who: str, label: str, *, old: bool) -> None:
        """See ``Driver``."""
        person = self._person(who)
        if not old:
            await self._acting(who).presses(label)
            await self._bot.conversations.settle()
            return
        now = {data for _label, data in _keys(person.screen)}
        message, data = next(
            (message, data)
            for message, text, data in reversed(self._earlier[who])
            if data not in now and (text == label or text.endswith(f" {label}"))
        )
        await self._acting(who).forges(data, message)

    async def passes(self, minutes: int) -> None:
        """See ``Driver``."""
        self._clock.pass_ms(minutes * _MINUTE_MS)
        await self._bot.sweeps.leases()
        await self._bot.sweeps.queue()
        await self._bot.sweeps.endings()
        await self._bot.sweeps.holds()
        await self._bot.reviews.all()

    async def posts(self) -> None:
        """See ``Driver``."""
        await posts(self._bot)

    async def shown(self, who: str) -> Shown:
        """See ``Driver``."""
        person = self._person(who)
        toasts = person.toasts[self._toasts_before.get(who, 0) :]
        before = self._seen_before.get(who, frozenset())
        notes = [message.text for message in person.messages if message.id not in before][:-1]
        return Shown("\n".join([*notes, person.screen.text]), person.screen.labels, "\n".join(toasts))


def _keys(screen: Seen) -> list[tuple[str, str]]:
    rows_of_keys = screen.raw.get("reply_markup", {}).get("inline_keyboard", [])
    return [(key["text"], key["callback_data"]) for row in rows_of_keys for key in row]


def _role_of(sender: Sender) -> str:
    return "admin" if int(sender.user) in ADMINS.values() else ""


@pytest.mark.parametrize("talk", all_talks(), ids=lambda talk: talk.name)
async def test_talk(
    talk: Talk, telegram: Telegram, sqlite_database: Database, clock: Clock, rng: random.Random, tmp_path: Path
) -> None:
    set_up(talk, sqlite_database, clock())
    parts = Parts(sqlite_database, Catalog(), NoMedia(), clock, rng, tmp_path / "files", limits=LIMITS)  # type: ignore[arg-type]
    async with (
        build_bot(parts, [telegram.channel], _role_of, ticking=False) as bot,
        listening(telegram.channel, bot.conversations.hear),
    ):
        await play(talk, TelegramDriver(bot, telegram.server, clock, talk.language))
