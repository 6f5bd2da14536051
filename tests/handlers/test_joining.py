"""Joining through the house: the receipt, a changed text, an agreement taken back, two devices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.channels.recorder import Recorder
from bot.translate import Translator
from bot.wiring import Bot
from db.queries import people
from db.session import Database, Tx
from db.tables import Answer, Invitation, Person, Receipt
from handlers.talk import Press
from tasks.people import Who
from tasks.privacy import consent
from tasks.qualification.door import standing
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project
from tests.talks.projects import CAPTIONS

AGREE = "I agree, let’s go"
ROWS = [{"id": f"row-{n}", "caption": f"item number {n}"} for n in range(1, 9)]


@pytest.fixture
async def town(database: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[tuple[Bot, Talker]]:
    """A bot with a project of choices and one of texts, and somebody who has not spoken yet."""
    for spec in (CAPTIONS, ANIMALS):
        add_project(database, spec, ROWS, clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        yield bot, Talker(bot, channel, "ann", clock)


def rows(database: Database, table: type[Any]) -> list[Any]:
    def turn(tx: Tx) -> list[Any]:
        found = list(tx.orm.exec(select(table)))
        tx.orm.expunge_all()
        return found

    return database.run(turn).result()


def withdrawn(database: Database, clock: Clock) -> None:
    """What the key under /me does."""

    def turn(tx: Tx) -> None:
        stands = tx.one(people.FIND, channel="test", user="ann")
        assert stands
        consent.withdraw(tx, Who(stands.person, "en", "", "worker", stands.consent), clock())

    database.run(turn).result()


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_the_receipt_is_what_was_read_and_stays_at_the_top(
    town: tuple[Bot, Talker], database: Database, clock: Clock, language: str
) -> None:
    _bot, ann = town
    ann.language = language
    await ann.says("/start")
    translator = Translator(clock)
    text = consent.shown(lambda words: translator.words(words, language))
    shown = ann.screen.text
    await ann.presses("What exactly is kept" if language == "en" else "무엇을 남기는지 자세히 보기")
    shown += ann.screen.text
    assert all(translator.words(paragraph, language) in shown for paragraph in consent.text())
    await ann.presses("I agree, let’s go" if language == "en" else "동의하고 시작하기")
    (pinned,) = ann.seen.pinned
    assert text in pinned.text
    assert "2026-09-21 14:13 UTC" in pinned.text
    assert ann.screen is not pinned, "the way on stands below it"
    (receipt,) = rows(database, Receipt)
    assert (receipt.version, receipt.language) == (consent.VERSION, language)
    assert receipt.digest == consent.digest(lambda words: translator.words(words, language))


@pytest.mark.parametrize("name", ["telegram", "web", "terminal"])
async def test_a_place_is_asked_for_only_where_one_can_be_shared(
    database: Database, clock: Clock, tmp_path: Path, name: str
) -> None:
    async with a_bot(database, clock, tmp_path, [Recorder(name)]) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.says("/start")
        await ann.presses(AGREE)
        await ann.says("noon")
        said = [ann.screen.text, *ann.seen.toasts]
    assert any("📎" in text for text in said) == (name == "telegram")
    assert any("Tap the time that your clock shows now" in text for text in said)


async def test_two_devices_agree_once(town: tuple[Bot, Talker], database: Database) -> None:
    _bot, ann = town
    await ann.says("/start")
    key, message = ann.seen.button(AGREE), ann.seen.last_id
    taps = (ann.hears(Press(key.data), message_id=message, press="ann") for _device in range(3))
    await asyncio.gather(*taps)
    assert len(rows(database, Receipt)) == 1
    assert "What time is it where you are?" in ann.screen.text


async def test_a_changed_text_asks_again_in_mid_item_and_records_nothing_until_then(
    town: tuple[Bot, Talker], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bot, ann = town
    await ann.joins("Say it shorter")
    monkeypatch.setattr(consent, "VERSION", "2030-01-01")
    await ann.says("a good answer")
    assert "Please read this once more." in ann.screen.text
    assert rows(database, Answer) == []
    for command in ("/tasks", "/profile", "/quiet", "/invite"):
        await ann.says(command)
        assert "Please read this once more." in ann.screen.text, command
    await ann.presses(AGREE)
    assert len(ann.seen.pinned) == 2
    assert {receipt.version for receipt in rows(database, Receipt)} == {"2026-11-24", "2030-01-01"}


async def test_after_it_is_taken_back_work_asks_again(
    town: tuple[Bot, Talker], database: Database, clock: Clock
) -> None:
    _bot, ann = town
    await ann.joins()
    withdrawn(database, clock)
    await ann.presses("Cat")
    assert "Welcome!" in ann.screen.text
    assert rows(database, Answer) == []
    await ann.presses(AGREE)
    await ann.presses("Later")
    await ann.presses("Which animal?")
    await ann.presses("Start")
    await ann.presses("Cat")
    assert len(rows(database, Answer)) == 1
    assert [receipt.withdrawn_at is None for receipt in rows(database, Receipt)] == [False, True]


async def test_whoever_has_said_their_time_is_not_asked_again(
    town: tuple[Bot, Talker], database: Database, clock: Clock
) -> None:
    _bot, ann = town
    await ann.says("/start")
    await ann.presses(AGREE)
    await ann.presses("Seoul")
    await ann.presses("Anything")
    withdrawn(database, clock)
    await ann.says("/tasks")
    await ann.presses(AGREE)
    assert "2 open projects" in ann.screen.text


async def test_ten_people_open_the_same_link_at_once(town: tuple[Bot, Talker], database: Database) -> None:
    bot, ann = town
    project = 2
    database.run(lambda tx: tx.orm.add(Invitation(code="link", project_id=project, places=4, made_at=0))).result()
    crowd = [Talker(bot, ann.channel, f"person-{number}", ann.clock) for number in range(10)]
    await asyncio.gather(*(one.says("/start link") for one in crowd))
    welcome = [one for one in crowd if "You are invited to “Which animal?”" in one.screen.text]
    refused = [one for one in crowd if "all places of this invitation are taken" in one.screen.text]
    assert (len(welcome), len(refused)) == (4, 6)
    await welcome[0].presses(AGREE)
    await welcome[0].presses("Later")
    assert "Look closely." in welcome[0].screen.text
    came = [person.id for person in rows(database, Person) if person.invitation == "link"]
    assert database.run(lambda tx: all(project in standing(tx, one, project).invited for one in came)).result()
    assert len(came) == 4
