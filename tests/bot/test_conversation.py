"""A turn from the channel to the row and back: what is stored, what is shown, and once only."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.channel import ChannelError, Message, Posted
from bot.channels.recorder import Recorder
from bot.parts import Parts
from bot.wiring import build_bot
from db.queries import people
from db.session import Database, Tx
from db.tables import Assignment
from handlers.talk import Press, Sent
from tasks.notices import tell
from tasks.projects.catalog import Catalog
from tasks.words import _
from tests.conftest import Clock
from tests.support.bots import ANIMALS, NoMedia, Talker, a_bot, add_project

ROWS = [{"id": f"t{n}", "caption": f"animal {n}"} for n in range(1, 6)]


async def test_the_first_answer_walks_through_the_house(database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(database, ANIMALS, ROWS, clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        assert "animal 1" in ann.screen.text
        assert "Which animal is this?" in ann.screen.text
        await ann.presses("Cat")
        assert ann.seen.toasts == ["✓ Cat"]
        assert "animal 2" in ann.screen.text
        await ann.presses("↶ Undo “Cat”")
        assert "animal 1" in ann.screen.text
        await ann.presses("Dog")
        assert "animal 2" in ann.screen.text
        assert len(ann.seen.messages) == 2, "the receipt, and the one message"


async def test_what_somebody_is_to_be_told_comes_once_and_not_between_two_items(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    add_project(database, ANIMALS, ROWS, clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        who = database.run(lambda tx: tx.one(people.FIND, channel=channel.name, user="ann")).result()
        assert who is not None
        database.run(lambda tx: tell(tx, who.person, _("Welcome!"), clock())).result()
        await ann.presses("Cat")
        assert "animal 2" in ann.screen.text
        assert len(ann.seen.messages) == 2, "the receipt, and the one message"
        await ann.presses("⋯")
        await ann.presses("Stop for now")
        assert [message.text for message in ann.seen.messages.values()][-2:] == ["Welcome!", ann.screen.text]
        await ann.presses("Go on")
        assert len(ann.seen.messages) == 3, "the receipt, what was told, and the one message"


async def test_two_taps_at_once_are_one_answer(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(sqlite_database, ANIMALS, ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        data = ann.seen.button("Cat").data
        await ann.hears(Press(data), press="ann", message_id=ann.seen.last_id)
        await ann.hears(Press(data), press="ann", message_id=ann.seen.last_id)
        assert "animal 2" in ann.screen.text
        assert ann.seen.toasts == ["✓ Cat", "Go on here: that key belongs to an earlier message."]


async def test_an_update_delivered_twice_has_its_effect_once(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    add_project(sqlite_database, ANIMALS, ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        await ann.presses("Cat", event_id="once")
        shown = ann.screen
        await ann.hears(Press("1.0.0"), event_id="once", press="ann")
        assert ann.screen == shown


async def test_nonsense_brings_the_current_screen_back(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(sqlite_database, ANIMALS, ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        for text in ("/nonsense", "hello", "x" * 5000, "\u202e\u200b", "<b>bold</b>"):
            await ann.says(text)
            assert "animal 1" in ann.screen.text, text
        for data in ("", "....", "zz.9.9", "-1.0.0", "\u0661.\u0660.\u0660", "0.0.0"):
            await ann.hears(Press(data), press="ann")
            assert "animal 1" in ann.screen.text, data
        for what in ("photo", "sticker", "voice", "document"):
            await ann.hears(Sent(what))
            assert "animal 1" in ann.screen.text, what


async def test_a_group_is_told_once(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        for _ in range(3):
            await ann.says("/start", group="g1")
        assert [message.text for message in channel.chats["g1"].messages.values()] == [
            "Write to me in a private chat to work here: in groups I stay quiet."
        ]


async def test_a_screen_that_cannot_be_shown_loses_nothing(
    sqlite_database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_project(sqlite_database, ANIMALS, ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()

        async def broken(*_given: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patched:
            patched.setattr(channel, "edit", broken)
            await ann.presses("Cat")
        await ann.says("hello")
        assert "animal 2" in ann.screen.text


async def test_a_picture_that_fails_leaves_the_way_on(
    sqlite_database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {**ANIMALS, "show": {"image": "photo"}}
    add_project(sqlite_database, shown, [{"photo": "a.png", "pictures": {"photo": "ab"}}], clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        real = channel.edit

        async def refusing(chat: str, message_id: str, message: Message) -> Posted:
            if message.picture:
                raise ChannelError
            return await real(chat, message_id, message)

        monkeypatch.setattr(channel, "edit", refusing)
        await ann.joins()
        assert "The picture cannot be shown just now" in ann.screen.text
        await ann.presses("Skip")
        assert "Why skip it?" in ann.screen.text


async def test_whoever_is_taken_from_the_settings_is_an_admin_no_longer(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    roles = ["admin"]
    parts = Parts(sqlite_database, Catalog(), NoMedia(), clock, random.Random(1), tmp_path)  # type: ignore[arg-type]  # noqa: S311
    channel = Recorder()
    async with build_bot(parts, [channel], lambda _sender: roles[0], ticking=False) as bot:
        ann = Talker(bot, channel, "ann", clock)
        await ann.says("/start")
        assert "0 projects" in ann.screen.text
        roles[0] = ""
        await ann.says("/projects")
        assert "0 projects" not in ann.screen.text.splitlines()[0]


async def test_a_send_that_hangs_is_given_up(
    sqlite_database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_project(sqlite_database, ANIMALS, ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()

        async def hangs(*_given: object) -> None:
            await asyncio.Event().wait()

        with monkeypatch.context() as patched:
            patched.setattr(channel, "edit", hangs)
            patched.setattr("bot.conversation._LONGEST_SHOW", 0.01)
            await ann.presses("Cat")
        await ann.says("hello")
        assert "animal 2" in ann.screen.text


async def test_a_picture_can_be_had_whole_and_the_item_stands_below_it(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    photo = tmp_path / "ab.png"
    photo.write_bytes(b"all of it")
    shown = {**ANIMALS, "show": {"image": "photo", "text": "caption"}}
    add_project(database, shown, [{**ROWS[0], "pictures": {"photo": str(photo)}}], clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        await ann.presses("⋯")
        await ann.presses("See the picture in full")
        assert ann.seen.documents == [("Picture.png", b"all of it")]
        assert "animal 1" in ann.screen.text
        assert _assignment(database).media == 1


async def test_messages_that_come_twice_are_counted_and_nothing_else(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    add_project(database, ANIMALS, ROWS, clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        cat = ann.seen.button("Cat")
        for event in ("one", "one", "two"):  # delivered again, and tapped again
            await ann.hears(Press(cat.data), event_id=event, message_id=ann.seen.last_id, press="ann")
        assert "animal 2" in ann.screen.text
        assert _assignment(database, task=2).retries == 2
        assert (_assignment(database).state, _assignment(database).channel) == ("answered", channel.name)


def _assignment(database: Database, task: int = 1) -> Assignment:
    def turn(tx: Tx) -> Assignment:
        row = tx.orm.exec(select(Assignment).where(col(Assignment.task_id) == task)).one()
        tx.orm.expunge_all()
        return row

    return database.run(turn).result()
