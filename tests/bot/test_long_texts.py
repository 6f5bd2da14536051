"""Texts longer than a screen: what is cut is cut fairly, and whoever decides about them can read them whole."""

from __future__ import annotations

from pathlib import Path

from bot.render import message, units
from db.session import Database
from handlers.talk import Line, Screen, Style
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project
from tests.talks.looked_at import LOOKED_AT

_ITEM, _ANSWER = "an item of many words " * 120, "an answer of many words " * 100


class _Plain:
    def words(self, words: object, language: str, zone: str = "UTC") -> str:  # noqa: ARG002 - the contract
        return str(words)


def test_two_long_lines_share_the_room() -> None:
    lines = [Line(_ITEM, Style.QUOTE), Line("Is it?", Style.STRONG), Line(_ANSWER + _ITEM, Style.QUOTE)]
    text = message(Screen(lines), 1, _Plain(), "en", "UTC", None, None).text
    assert units(text) <= 4096
    first, rest = text.split("\n\nIs it?\n")
    assert min(len(first), len(rest)) > 1_000


async def test_a_long_answer_is_read_whole_before_it_is_decided(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    spec = {**ANIMALS, **LOOKED_AT["soups"], "length": {"min": 3, "max": 3_000}}
    add_project(sqlite_database, spec, [{"id": "one", "caption": _ITEM}], clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann, admin = Talker(bot, channel, "ann", clock), Talker(bot, channel, "admin", clock)
        await admin.says("/start")
        await ann.joins("Name the dish")
        await ann.says(_ANSWER)
        await ann.presses("Hand in")
        await admin.says("/review")
        await admin.presses("Look at answers: Name the dish")
        assert units(admin.screen.text) <= 4096
        await admin.presses("Read all in full")
        assert _ITEM.strip() in admin.screen.text
        await admin.presses("›")
        assert _ANSWER.strip() in admin.screen.text
        await admin.says("Well said.")
        assert "Your note: Well said." in admin.screen.text
        assert "Accept" in [key.label for row in admin.screen.buttons for key in row]
