"""Presses on messages that came by themselves: theirs alone, to what they are about; places counted down in place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channel import Message
from bot.channels.recorder import Recorder
from bot.wiring import Bot
from db.session import Database
from handlers.talk import Press
from tasks.outreach import broadcast
from tasks.outreach.audience import Audience
from tasks.outreach.broadcast import Draft
from tasks.outreach.content import Content, ContentKey
from tasks.privacy.audit import SHELL
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project

SAYS = {"en": "Animals again!", "ko": "동물이 또 왔어요!"}


class Town:
    """A bot, a project, and people of it."""

    def __init__(self, database: Database, bot: Bot, post: Recorder, clock: Clock, project: int) -> None:
        self.database, self.bot, self.post, self.clock, self.project = database, bot, post, clock, project

    async def joins(self, user: str) -> Talker:
        """Somebody who has agreed."""
        talker = Talker(self.bot, self.post, user, self.clock)
        await talker.says("/start")
        await talker.presses("I agree, let’s go")
        await talker.presses("Later")
        return talker

    async def sends(self, places: int | None = None, *keys: ContentKey) -> int:
        """A broadcast of the project to everybody."""
        made = Draft(Content((SAYS,), keys=keys), Audience(), project=self.project, places=places)
        number = self.database.run(lambda tx: broadcast.draft(tx, SHELL, made, self.clock())).result()
        catalog = self.bot.sending.courier.catalog
        self.database.run(lambda tx: broadcast.send(tx, catalog, SHELL, number, self.clock())).result()
        await self.bot.sending.outreach.step()
        await self.bot.sending.courier.once()
        return number


@pytest.fixture
async def town(database: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[Town]:
    project = add_project(database, ANIMALS, [{"caption": f"item {n}"} for n in range(9)], clock())
    async with a_bot(database, clock, tmp_path) as (bot, post):
        yield Town(database, bot, post, clock, project)


def _letter(talker: Talker) -> tuple[str, Message]:
    """The newest message that came by itself: its id, and what it says."""
    found = [(at, one) for at, one in talker.seen.messages.items() if one.text.startswith("Animals again!")]
    return found[-1]


def _labels(message: Message) -> list[str]:
    return [key.label for row in message.buttons for key in row]


async def _taps(talker: Talker, label: str) -> None:
    at, letter = _letter(talker)
    data = next(key.data for row in letter.buttons for key in row if key.label == label)
    assert len(data.encode()) <= 12
    await talker.hears(Press(data), message_id=at, press=talker.user)


async def test_its_first_key_opens_the_project_below_it(town: Town) -> None:
    ann = await town.joins("ann")
    await town.sends(None, ContentKey({"": "All"}, "tasks"), ContentKey({"": "Rules"}, "url", "https://example.org/"))
    at, letter = _letter(ann)
    assert _labels(letter) == ["Open: Which animal?", "All", "Rules", "No such messages"]
    assert letter.buttons[2][0].url == "https://example.org/"
    await _taps(ann, "Open: Which animal?")
    assert ann.seen.messages[at] == letter, "it stays"
    assert "Start" in _labels(ann.screen)
    assert ann.seen.last_id != at
    await _taps(ann, "All")
    assert "1 open project" in ann.screen.text


async def test_no_such_messages(town: Town) -> None:
    ann = await town.joins("ann")
    await town.sends()
    await _taps(ann, "No such messages")
    before = len(ann.seen.messages)
    await town.sends()
    assert len(ann.seen.messages) == before


async def test_keys_of_others_and_made_up_ones_do_nothing(town: Town) -> None:
    ann, ben = await town.joins("ann"), await town.joins("ben")
    await town.sends()
    _at, hers = _letter(ann)
    made_up = ("d", "d.", "dzz.0", "d1.99", "d1.-1", "dé.0", "d" + "z" * 40 + ".0", "d" + "z" * 5_000 + ".0")
    for data in (hers.buttons[0][0].data, *made_up):
        before = dict(ben.seen.messages)
        await ben.hears(Press(data), press="ben")
        assert "Go on here: that key belongs to an earlier message." in ben.seen.toasts[-1:]
        assert ben.seen.messages == before


async def test_places_are_taken_once_and_counted_down_in_place(town: Town) -> None:
    people = [await town.joins(name) for name in ("ann", "ben", "cat")]
    number = await town.sends(2)
    for one in people:
        assert _letter(one)[1].text.endswith("2 places left")
    await _taps(people[0], "Open: Which animal?")
    await _taps(people[0], "Open: Which animal?")
    assert people[0].seen.toasts[-1] == "Your place is kept. 1 place left."
    await town.bot.sending.outreach.count()
    assert _letter(people[2])[1].text.endswith("1 place left")
    await _taps(people[1], "Open: Which animal?")
    assert people[1].seen.toasts[-1] == "Your place is kept: it was the last one."
    await _taps(people[2], "Open: Which animal?")
    assert people[2].seen.toasts[-1] == "All places are taken"
    assert "open project" in people[2].screen.text
    await town.bot.sending.outreach.count()
    letter = _letter(people[2])[1]
    assert letter.text.endswith("All places are taken")
    assert _labels(letter) == ["No such messages"]
    found = town.database.run(lambda tx: broadcast.standing(tx, number)).result()
    assert (found.taken, found.draft.places) == (2, 2)


async def test_nothing_more_is_sent_once_all_places_are_taken(town: Town) -> None:
    ann = await town.joins("ann")
    await town.sends(1)
    await _taps(ann, "Open: Which animal?")
    await town.joins("ben")
    late = town.database.run(lambda tx: tx.connection.exec_driver_sql("UPDATE delivery SET state = 'queued'").rowcount)
    assert late.result() == 1
    await town.bot.sending.outreach.count()
    await town.bot.sending.courier.once()
    states = town.database.run(lambda tx: tx.connection.exec_driver_sql("SELECT state FROM delivery").scalars().all())
    assert states.result() == ["dropped"]


async def test_the_audience_is_counted_by_a_job(town: Town) -> None:
    await town.joins("ann")
    job = town.bot.conversations._jobs["audience"]
    found = await job({"audience": Audience().pack(), "project": 7})
    assert (found["total"], found["by_language"], found["project"]) == (1, {"en": 1}, 7)
    assert "mistakes" in await job({"audience": '{"gate": 9}'})
