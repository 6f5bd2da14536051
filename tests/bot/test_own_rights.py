"""What belongs to a person, through the whole bot: their page, their file, and that they are gone when they say so."""

from __future__ import annotations

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.channel import Incoming
from db.queries import people
from db.session import Database
from handlers.talk import Event, Finished, Press, Sender
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project
from tests.support.people import NEEDLE, everything

ROWS = [{"id": f"t{n}", "caption": f"animal {n}"} for n in range(1, 6)]


def _places(database: Database, needle: str) -> list[str]:
    return [place for place, cell in database.run(lambda tx: list(everything(tx))).result() if needle in cell]


async def _erased(somebody: Talker) -> None:
    await somebody.says("/forget")
    await somebody.presses("Erase me")
    await somebody.presses("Erase me for good")


async def test_whoever_is_erased_is_nowhere_and_reads_it(database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(database, ANIMALS, ROWS, clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, NEEDLE, clock, language="en-NZ")
        await ann.joins()
        await ann.presses("Cat")
        assert "person.external_id" in _places(database, NEEDLE)
        assert "conversation.chat" in _places(database, NEEDLE)
        await _erased(ann)
        assert "You are erased." in ann.screen.text
        assert not ann.screen.buttons
        assert _places(database, NEEDLE) == []
        assert [
            cell for place, cell in database.run(lambda tx: list(everything(tx))).result() if place == "answer.value"
        ]


async def test_the_file_of_the_database_holds_nothing_of_them_either(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    add_project(sqlite_database, ANIMALS, ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, NEEDLE, clock)
        await ann.joins()
        for _answer in range(3):
            await ann.presses("Cat")
        await _erased(ann)
    sqlite_database.close()
    [file] = tmp_path.glob("crowdloom.db*")  # noqa: ASYNC240 - at the end of a test
    assert NEEDLE.encode() not in file.read_bytes()


async def test_whoever_comes_back_is_somebody_new(database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(database, ANIMALS, ROWS, clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        await ann.presses("Cat")
        await _erased(ann)
        await ann.joins()
        assert "animal 2" in ann.screen.text, "what they had in hand went back"
        await ann.presses("Cat")
        assert "animal 1" in ann.screen.text, "the item is new to them"


async def test_what_comes_late_makes_nobody_known_again(database: Database, clock: Clock, tmp_path: Path) -> None:
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, NEEDLE, clock)
        await ann.says("/start")
        await ann.says("/forget")
        await ann.presses("Erase me")
        data = ann.seen.button("Erase me for good").data
        for _delivery in range(2):
            await ann.hears(Press(data), event_id="once", message_id=ann.seen.last_id, press=NEEDLE)
        assert "You are erased." in ann.screen.text
        assert ann.seen.toasts[-1] == "Write /start to begin: this key is of an earlier time."
        sender = Sender(channel.name, NEEDLE, "en")
        done = Finished("my_data", {"path": "nowhere.zip", "name": "my.zip"})
        await bot.conversations.hear(Incoming(Event("job", clock(), sender, done), NEEDLE))
        await ann.hears(Press(""))
        assert _places(database, NEEDLE) == []
        assert ann.seen.documents == []


async def test_it_is_asked_twice_and_can_be_left(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    paid = {**ANIMALS, "reward": {"answer": "20", "currency": "KRW"}}
    add_project(sqlite_database, paid, ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        await ann.presses("Cat")
        for _time in range(2):
            await ann.says("/forget")
            assert "You give up ₩20" in ann.screen.text
            await ann.presses("Erase me")
            assert "₩20" in ann.screen.text
            await ann.presses("Keep everything")
            assert "Nothing is erased." in ann.screen.text
        assert sqlite_database.run(lambda tx: tx.one(people.FIND, channel=channel.name, user="ann")).result()


@pytest.mark.parametrize("user", ["admin-1", "reviewer-1"])
async def test_whoever_is_something_by_the_settings_may_leave_too(
    sqlite_database: Database, clock: Clock, tmp_path: Path, user: str
) -> None:
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        boss = Talker(bot, channel, user, clock)
        await boss.says("/start")
        await _erased(boss)
        assert _places(sqlite_database, user) == []


async def test_the_file_comes_and_is_not_left_lying_about(database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(database, ANIMALS, ROWS, clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        await ann.presses("Cat")
        left = tmp_path / "out" / f"my-data-9-{clock() - 10**7}.zip"
        left.parent.mkdir()
        left.write_bytes(b"of somebody who was never sent it")
        await ann.says("/mydata")
        await bot.conversations.settle()
        assert "comes as a message" in ann.screen.text
        [(name, content)] = ann.seen.documents
        assert name == "my-data.zip"
        with ZipFile(io.BytesIO(content)) as archive:
            assert json.loads(archive.read("answers.json"))[0]["value"] == "cat"
            assert json.loads(archive.read("conversation.json"))[0]["chat"] == "ann"
        assert list((tmp_path / "out").iterdir()) == []


async def test_a_file_that_is_done_too_late_is_nobodys(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, NEEDLE, clock)
        await ann.says("/mydata")
        await _erased(ann)
        await bot.conversations.settle()
        assert _places(sqlite_database, NEEDLE) == []
    assert list(tmp_path.rglob("*.zip*")) == []  # noqa: ASYNC240 - at the end of a test


async def test_two_wishes_at_once_are_one_file(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.says("/mydata")
        await ann.says("/mydata")
        await bot.conversations.settle()
        assert 1 <= len(ann.seen.documents) <= 2
        assert list((tmp_path / "out").iterdir()) == []


async def test_whoever_is_suspended_has_the_same_rights(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, NEEDLE, clock)
        await ann.says("/start")
        sqlite_database.run(lambda tx: tx.connection.exec_driver_sql("UPDATE person SET suspended_at = 1")).result()
        await ann.says("/me")
        await ann.presses("What is stored of me, and what for")
        await ann.presses("Get it all as a file")
        await bot.conversations.settle()
        assert len(ann.seen.documents) == 1
        await _erased(ann)
        assert _places(sqlite_database, NEEDLE) == []


async def test_an_agreement_is_taken_back(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(sqlite_database, ANIMALS, ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        await ann.says("/me")
        await ann.presses("What is stored of me, and what for")
        await ann.presses("Take my agreement back")
        await ann.presses("Take it back")
        assert "Your agreement is taken back." in ann.screen.text
        await ann.says("/me")
        assert "You have not joined yet" in ann.screen.text
        await ann.says("/tasks")
        assert "I agree, let’s go" in [button.label for row in ann.screen.buttons for button in row]
