"""Passes by the clock: the admin's card tells what they found, and a key asks again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.jobs.passes import Passes
from db.errors import DatabaseUnavailableError
from db.queries import quality
from db.session import Database
from tasks.projects.catalog import Catalog
from tests.conftest import Clock
from tests.property.rig import a_rig
from tests.support.bots import Talker, a_bot
from tests.support.working import spoiled, work_through


def number(pattern: str, admin: Talker) -> int:
    """The number that the screen tells."""
    found = re.search(pattern, admin.screen.text)
    assert found, admin.screen.text
    return int(found[1])


async def test_the_admin_sees_what_looks_wrong_and_asks_again(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    spoiled(sqlite_database, clock, reopen=0)
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = Talker(bot, channel, "admin", clock)
        await admin.says("/start")
        await admin.presses("Which animal?")
        assert "not sure any more" not in admin.screen.text
        await bot.passes.all()
        await admin.presses("⋯")
        await admin.presses("Look again")
        wrong = number(r"(\d+) settled items are not sure any more by what is known now", admin)
        assert "The answers of 2 people hardly depend on the item" in admin.screen.text
        await admin.presses(f"Weigh {wrong} items again")
        await bot.conversations.settle()
        assert f"Weighed again: {wrong}." in admin.screen.text
        assert f"{120 - wrong} of 120 items settled" in admin.screen.text
        assert "not sure any more" not in admin.screen.text


async def test_in_korean(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    spoiled(sqlite_database, clock, reopen=0)
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = Talker(bot, channel, "admin", clock, "ko")
        await bot.passes.all()
        await admin.says("/start")
        await admin.presses("어떤 동물일까요?")
        wrong = number(r"끝난 항목 (\d+)개가 이제는", admin)
        assert "2명의 답은 항목에 따라 거의" in admin.screen.text
        await admin.presses(f"{wrong}개 다시 견주기")
        await bot.conversations.settle()
        assert f"항목 {wrong}개를 다시 견주었어요." in admin.screen.text


async def test_one_project_that_fails_keeps_no_other_from_its_pass(
    sqlite_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rigs = [
        a_rig(sqlite_database, clock(), workers=3, tasks=20, changed={"id": name, "overlap": 3})
        for name in ("first", "second")
    ]
    for rig in rigs:
        work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    passes = Passes(sqlite_database, Catalog(), clock)
    genuine, done = passes._one, []

    def failing(project: int, key: str) -> None:
        if key == "first":
            raise DatabaseUnavailableError
        done.append(key)
        genuine(project, key)

    monkeypatch.setattr(passes, "_one", failing)
    await passes.all()
    assert done == ["second"]
    standing = rigs[1].run(lambda tx, known: tx.one(quality.STANDING, project=known.id))
    assert standing
    assert standing.answers == 60
