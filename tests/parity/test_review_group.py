"""Reviewers vote in a group, behind both libraries: the message is edited in place, and each press is a vote."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import text

from bot.parts import Parts
from bot.wiring import admins_of, build_bot
from db.session import Database
from tasks.projects.catalog import Catalog
from tests.conftest import Clock
from tests.fakes.botapi import Person
from tests.parity.conftest import Telegram, listening
from tests.support.bots import ANIMALS, NoMedia, add_project

_ADMIN = 99


async def _answers(person: Person, label: str) -> None:
    await person.says("/start")
    for key in ("I agree, let’s go", "Later", "Which animal?", "Start", label):
        await person.presses(key)


def _make_reviewers(database: Database, first: int) -> None:
    change = text("UPDATE person SET role = 'reviewer' WHERE CAST(external_id AS INTEGER) BETWEEN :first AND 30")
    database.run(lambda tx: tx.connection.execute(change, {"first": first})).result()


async def test_a_group_votes(
    telegram: Telegram, sqlite_database: Database, clock: Clock, rng: random.Random, tmp_path: Path
) -> None:
    add_project(sqlite_database, {**ANIMALS, "overlap": 2}, [{"id": "t1", "caption": "animal 1"}], clock())
    parts = Parts(sqlite_database, Catalog(), NoMedia(), clock, rng, tmp_path)  # type: ignore[arg-type]
    async with (
        build_bot(parts, [telegram.channel], admins_of([_ADMIN]), ticking=False) as bot,
        listening(telegram.channel, bot.conversations.hear),
    ):
        for number, label in ((11, "Cat"), (12, "Dog")):
            await _answers(telegram.server.person(number), label)
        members = [telegram.server.person(number) for number in (21, 22, 23)]
        boss = telegram.server.person(_ADMIN)
        for person in (*members, boss):
            await person.says("/start")
        _make_reviewers(sqlite_database, 21)
        group = telegram.server.group(-100_7)
        await boss.within(group).says("/review@crowdloom_bot here")
        (posted,) = group.messages
        assert "0 of 3 votes" in posted.text
        for votes, person in enumerate(members[:2], 1):
            clock.pass_ms(60_000)
            await person.within(group).presses("Cat")
            await person.within(group).sees(f"{votes} of 3 votes")
        assert [message.id for message in group.messages] == [posted.id], "edited in place"
        await telegram.server.person(24).within(group).presses("Cat")
        assert "private chat first" in group.toasts[-1]
        await members[2].within(group).presses("Dog")
        await members[2].within(group).sees("Nothing to vote on just now.")
        revealed, following = group.messages
        assert revealed.id == posted.id
        assert "The verdict: Cat" in revealed.text
        assert not revealed.labels
        assert following.labels == ["Look again"]
        await members[0].within(group).presses("Look again")
        assert len(group.messages) == 2
