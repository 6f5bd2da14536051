"""Passes by the clock: the admin's card tells what they found, and a key asks again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.jobs.passes import Passes
from db.errors import DatabaseUnavailableError
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
        assert "look wrong" not in admin.screen.text
        await bot.passes.all()
        await admin.presses("Look again")
        wrong = number(r"(\d+) settled items look wrong by what is known now", admin)
        assert "2 people get more checks" in admin.screen.text
        await admin.presses(f"Ask {wrong} items again")
        assert f"{wrong} items are weighed again" in admin.seen.toasts[-1]
        assert f"{120 - wrong} of 120 items settled" in admin.screen.text
        assert "look wrong" not in admin.screen.text


async def test_in_korean(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    spoiled(sqlite_database, clock, reopen=0)
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = Talker(bot, channel, "admin", clock, "ko")
        await bot.passes.all()
        await admin.says("/start")
        await admin.presses("어떤 동물일까요?")
        wrong = number(r"끝난 항목 (\d+)개가 지금 보면", admin)
        assert "2명에게 확인 문항을 더 드려요" in admin.screen.text
        await admin.presses(f"{wrong}개 다시 묻기")
        assert f"{wrong}개를 다시 견주었어요" in admin.seen.toasts[-1]


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
    assert rigs[1].run(lambda _tx, known: known.crowd.answers) == 60
