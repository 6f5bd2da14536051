"""Every talk, over SQLite and the recording channel; and that the reader of talks reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.session import Database
from tests.conftest import Clock
from tests.support.bots import a_bot
from tests.talks.memory import MemoryDriver
from tests.talks.projects import set_up
from tests.talks.script import Shown, Talk, all_talks, mismatch, play, read_talk


@pytest.mark.parametrize("talk", all_talks(), ids=lambda talk: talk.name)
async def test_talk(talk: Talk, sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    set_up(talk, sqlite_database, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        await play(talk, MemoryDriver(bot, channel, clock, talk.language))


def test_there_are_talks_in_both_languages() -> None:
    assert {"en", "ko"} <= {talk.language for talk in all_talks()}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Hello … you", ""),
        ("✓ Cat … Hello", ""),
        ("you … Hello", "“Hello” is not there"),
        ("Hello [A] [B] [C]", ""),
        ("Hello [A] [C]", "keys"),
        ("Hello [A] … [C]", ""),
        ("Hello … [C]", ""),
        ("[A] …", ""),
        ("[B] …", "keys"),
    ],
)
def test_an_expectation(words: str, told: str) -> None:
    said = mismatch(words, Shown("Hello to you", ["A", "B", "C"], "✓ Cat"))
    assert told in said
    assert bool(told) == bool(said)


def test_a_line_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "bad.talk"
    file.write_text("# project: animals\nhello\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.talk:2"):
        read_talk(file)
