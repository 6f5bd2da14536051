"""The whole bot behind both libraries: from /start to answers, undo, pictures, and everything that is not an answer."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from bot.parts import Parts
from bot.wiring import Bot, admins_of, build_bot
from db.session import Database
from db.statement import Statement
from tasks.projects.catalog import Catalog
from tasks.projects.media import MediaStore
from tasks.projects.pictures import made_small
from tests.conftest import Clock
from tests.fakes.botapi import Person
from tests.parity.conftest import Telegram, listening
from tests.support.bots import ANIMALS, add_project

pytestmark = pytest.mark.usefixtures("bot")

ADMIN = 99
BLOCKED = "person WHERE blocked_at IS NOT NULL"
ROWS = [{"id": f"t{n}", "caption": f"animal {n}"} for n in range(1, 6)]
SEEN = {**ANIMALS, "id": "seen", "title": "Photos", "show": {"image": "photo", "text": "caption"}}


class Count(NamedTuple):
    """How many."""

    n: int


@pytest.fixture
def answers(sqlite_database: Database) -> Callable[[], int]:
    """Counts the answers that are stored."""
    return lambda: _count(sqlite_database, "answer")


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.fixture
async def bot(
    telegram: Telegram, sqlite_database: Database, media: MediaStore, clock: Clock, rng: random.Random, tmp_path: Path
) -> AsyncIterator[Bot]:
    """A bot that polls, with a project of five animals."""
    add_project(sqlite_database, ANIMALS, ROWS, clock())
    parts = Parts(sqlite_database, Catalog(), media, clock, rng, tmp_path / "files")
    async with (
        build_bot(parts, [telegram.channel], admins_of([ADMIN]), ticking=False) as made,
        listening(telegram.channel, made.conversations.hear),
    ):
        yield made
        await asyncio.wait_for(made.conversations.settle(), 10)


@pytest.fixture
def ada(telegram: Telegram) -> Person:
    return telegram.server.person(7)


async def _joins(person: Person, project: str = "Which animal?") -> None:
    await person.says("/start")
    for label in ("I agree, let’s go", "Later", project, "Start"):
        await person.presses(label)


def _count(database: Database, rows: str) -> int:
    found = database.run(lambda tx: tx.one(Statement(f"SELECT count(*) AS n FROM {rows}", Count))).result()  # noqa: S608
    assert found
    return found.n


async def test_from_hello_to_answers_in_one_message(ada: Person) -> None:
    await _joins(ada)
    assert "animal 1" in ada.screen.text
    assert ada.screen.styled("bold") == ["Which animal is this?"]
    assert ada.screen.labels[:2] == ["Cat", "Dog"]
    await ada.presses("Cat")
    assert ada.toasts == ["✓ Cat"]
    assert "animal 2" in ada.screen.text
    await ada.presses("↶ Undo “Cat”")
    assert "animal 1" in ada.screen.text
    await ada.presses("Dog")
    await ada.presses("Cat")
    assert "animal 3" in ada.screen.text
    assert len(ada.messages) == 2, "the receipt, and the one message"


async def test_each_is_spoken_to_in_their_language(telegram: Telegram) -> None:
    bo = telegram.server.person(8, "ko-KR")
    await bo.says("/start")
    assert "Welcome" not in bo.screen.text
    assert any("가" <= letter <= "힣" for letter in bo.screen.text)


async def test_two_taps_at_once_are_one_answer(ada: Person, answers: Callable[[], int]) -> None:
    await _joins(ada)
    screen = ada.screen
    await asyncio.gather(*(ada.presses("Cat", screen) for _ in range(3)))
    assert answers() == 1
    assert "animal 2" in ada.screen.text


async def test_an_update_delivered_again_is_one_answer(
    telegram: Telegram, ada: Person, answers: Callable[[], int]
) -> None:
    await _joins(ada)
    pending = await ada.presses("Cat")
    assert pending
    telegram.server.updates.redeliver(pending.json)
    await ada.says("/nonsense")
    assert answers() == 1
    assert "animal 2" in ada.screen.text


async def test_pictures_and_texts_take_each_others_place(
    telegram: Telegram, ada: Person, media: MediaStore, sqlite_database: Database, clock: Clock
) -> None:
    contents = [media.put(made_small(_png(colour), colour)) for colour in ("red", "blue")]
    shown = [{"pictures": {"photo": content}} for content in contents]
    rows = [row | extra for row, extra in zip(ROWS, [*shown, {}, shown[0], {}], strict=True)]
    add_project(sqlite_database, SEEN, rows, clock())
    await _joins(ada, "Photos")
    looks = []
    for _ in range(4):
        looks.append(
            (ada.screen.photo != "", next(row["caption"] for row in ROWS if row["caption"] in ada.screen.text))
        )
        await ada.presses("Cat")
    assert looks == [(True, "animal 1"), (True, "animal 2"), (False, "animal 3"), (True, "animal 4")]
    assert len(ada.messages) == 2, "what cannot be edited is sent anew, and the old one goes"
    bo = telegram.server.person(8)
    uploads = sum(len(call.files) for call in telegram.server.calls)
    await _joins(bo, "Photos")
    assert bo.screen.photo
    assert sum(len(call.files) for call in telegram.server.calls) == uploads, "shown by the file id of before"


async def test_what_is_no_answer_brings_the_screen_back(ada: Person, answers: Callable[[], int]) -> None:
    await _joins(ada)
    for text in ("/nonsense", "hello", "<b>bold</b> &amp; _x_", "\u202e\u200b", "x" * 4096):
        await ada.says(text)
        assert "animal 1" in ada.screen.text, text
    for data in ("....", "zz.9.9", "\u0661.\u0660.\u0660", "x" * 64):
        await ada.forges(data)
        assert "animal 1" in ada.screen.text, data
    for sends in (ada.sends_photo, ada.sends_sticker, ada.sends_voice, ada.sends_video, ada.sends_dice):
        await sends()
        assert "animal 1" in ada.screen.text, sends
    await ada.shares_contact()
    await ada.shares_location(37.5, 127.0)
    await ada.forwards("Cat")
    assert "animal 1" in ada.screen.text
    assert answers() == 0
    await ada.presses("Cat")
    assert answers() == 1


async def test_a_deleted_screen_comes_back(ada: Person) -> None:
    await _joins(ada)
    screen = ada.screen
    ada.clears(screen.id)
    await ada.presses("Cat", screen)
    assert "animal 2" in ada.screen.text
    ada.freeze(ada.screen.id)
    await ada.presses("Dog")
    assert "animal 3" in ada.screen.text


async def test_who_blocks_and_comes_back_goes_on(
    ada: Person, sqlite_database: Database, answers: Callable[[], int]
) -> None:
    await _joins(ada)
    screen = ada.screen
    await ada.blocks()
    await ada.presses("Cat", screen)
    assert (answers(), _count(sqlite_database, BLOCKED)) == (1, 1), "the tap came first, so it counts"
    await ada.unblocks()
    await ada.says("/start")
    assert _count(sqlite_database, BLOCKED) == 0
    assert ada.screen.labels


async def test_a_group_is_told_once(telegram: Telegram, ada: Person) -> None:
    group = telegram.server.group(-100_5)
    for text in ("/start", "/start@crowdloom_bot", "hello"):
        await ada.within(group).says(text)
    assert [message.text for message in group.messages] == [
        "Write to me in a private chat to work here: in groups I stay quiet."
    ]


async def test_documents_of_an_admin_are_fetched_and_nobody_elses(bot: Bot, telegram: Telegram, ada: Person) -> None:
    await _joins(ada)
    await ada.sends_document(b"id: x\n", "project.yaml")
    assert not telegram.server.called("getFile")
    boss = telegram.server.person(ADMIN, name="Boss")
    await boss.says("/start")
    before = len(boss.chat.messages)
    await boss.sends_document(b"id: x\n", "project.yaml")
    await boss.sees(lambda: len(telegram.server.called("getFile")) == 1)
    await boss.sends_document(b"id: x\n", "project.yaml", size=21 * 2**20)
    await bot.conversations.settle()
    assert len(telegram.server.called("getFile")) == 1, "too big to be fetched"
    assert len(boss.chat.messages) > before
    assert boss.messages


async def test_a_crowd_is_answered_each_with_their_own(telegram: Telegram, answers: Callable[[], int]) -> None:
    people = [telegram.server.person(number) for number in range(20, 52)]
    await asyncio.gather(*(_joins(person) for person in people))
    open_ones = [person for person in people if "Cat" in person.screen.labels]
    assert len(open_ones) == 15, "five items, three answers each"
    await asyncio.gather(*(person.presses("Cat") for person in open_ones))
    assert answers() == 15


def _png(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()
