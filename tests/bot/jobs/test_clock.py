"""The clock does what is due: once at a time, long ones beside short ones, whatever one of them does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest

from bot.jobs.clock import Clock, Job
from bot.jobs.lead import Lead
from db.lock import lock_of
from db.queries.schedules import Row
from db.session import Database, open_database
from tasks.privacy.audit import SHELL
from tasks.projects.errors import NoBudgetError
from tasks.schedules import table
from tasks.words import _
from tests.conftest import Clock as Time

_DAY = 86_400_000


class Rig:
    """A clock whose jobs are noted, and may be held up or fail."""

    def __init__(self, database: Database, now: Time) -> None:
        self.database, self.now = database, now
        self.lead = Lead(lock_of(database.engine), patience=30)
        self.done: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.fails: dict[str, Exception] = {}
        self.clock = Clock(database, self.lead, now, self._jobs())

    def _jobs(self) -> Mapping[str, Job]:
        return dict.fromkeys(("leases", "reviews", "passes", "endings", "digest", "broadcast"), self._job)

    async def _job(self, row: Row) -> None:
        self.done.append(row.name)
        if row.name in self.held:
            await self.held[row.name].wait()
        if row.name in self.fails:
            raise self.fails[row.name]

    async def tick(self) -> list[str]:
        """What one tick has begun, once all of it is done that is not held up."""
        self.done.clear()
        await self.clock.tick()
        if self.held:
            await self._until_only_held()
        else:
            await self.clock.settle()
        return sorted(self.done)

    async def _until_only_held(self) -> None:
        await self.until(lambda: not set(self.clock.under_way()) - set(self.held))

    async def until(self, so: Callable[[], bool]) -> None:
        """Let others go on until it is so."""
        while not so():  # noqa: ASYNC110 - of what runs nothing tells
            await asyncio.sleep(0)

    def row(self, name: str) -> Row:
        """How one stands."""
        return self.database.run(lambda tx: table.one(tx, name)).result()


@pytest.fixture
async def rig(database: Database, clock: Time) -> AsyncIterator[Rig]:
    made = Rig(database, clock)
    await made.lead.look()
    yield made
    await made.clock.stop()
    await made.lead.leave()


async def test_what_is_due_is_done_and_comes_again_in_its_time(rig: Rig) -> None:
    assert await rig.tick() == ["endings", "leases", "passes", "reviews"]
    assert await rig.tick() == []
    rig.now.pass_ms(15_000)
    assert await rig.tick() == ["leases"]


async def test_what_a_day_of_downtime_missed_is_done_once_in_a_sensible_order(rig: Rig) -> None:
    await rig.tick()
    rig.now.pass_ms(_DAY)
    rig.done.clear()
    await rig.clock.tick()
    await rig.clock.settle()
    assert rig.done == ["leases", "reviews", "passes", "endings", "digest"]
    assert await rig.tick() == []


async def test_a_long_one_is_not_begun_twice_and_holds_up_no_short_one(rig: Rig) -> None:
    rig.held["passes"] = asyncio.Event()
    rig.clock._patience = 0
    await rig.tick()
    rig.now.pass_ms(_DAY)
    assert "leases" in await rig.tick()
    rig.now.pass_ms(_DAY)
    again = await rig.tick()
    assert "leases" in again
    assert "passes" not in again
    rig.held.pop("passes").set()
    await rig.clock.settle()


async def test_people_are_told_after_what_else_was_due(rig: Rig) -> None:
    rig.held["leases"] = asyncio.Event()
    await rig.clock.tick()
    await rig.until(lambda: "passes" not in rig.clock.under_way())
    assert "endings" not in rig.done
    rig.held.pop("leases").set()
    await rig.clock.settle()
    assert rig.done[-1] == "endings"


async def test_the_error_of_one_is_shown_and_stops_nothing(rig: Rig) -> None:
    rig.fails = {"leases": ValueError("no"), "reviews": NoBudgetError(key="x", left=0)}
    assert await rig.tick() == ["endings", "leases", "passes", "reviews"]
    assert table.error_of(rig.row("leases")) == _("It did not work ({error}): the log says more.", error="ValueError")
    said: Any = table.error_of(rig.row("reviews"))
    assert said.message == NoBudgetError.message
    rig.fails = {}
    rig.now.pass_ms(60_000)
    await rig.tick()
    assert table.error_of(rig.row("leases")) is None


async def test_only_who_leads_does_anything(rig: Rig, database_url: str) -> None:
    database = open_database(database_url)
    other = Rig(database, rig.now)
    await other.lead.look()
    assert await other.tick() == []
    assert "leases" in await rig.tick()
    await rig.lead.leave()
    rig.now.pass_ms(_DAY)
    assert await rig.tick() == []
    await other.lead.look()
    assert "leases" in await other.tick()
    await other.lead.leave()
    database.close()


async def test_what_was_cut_short_is_done_by_whoever_leads_next(rig: Rig) -> None:
    rig.held["passes"] = asyncio.Event()
    await rig.tick()
    await rig.lead.leave()
    await rig.until(lambda: not rig.clock.under_way())
    rig.held.clear()
    await rig.lead.look()
    assert await rig.tick() == ["passes"]


async def test_what_is_run_by_hand_is_done_at_the_next_tick(rig: Rig) -> None:
    await rig.tick()
    rig.database.run(lambda tx: table.pause(tx, SHELL, "passes", rig.now())).result()
    rig.database.run(lambda tx: table.run_now(tx, SHELL, "passes", rig.now())).result()
    assert await rig.tick() == ["passes"]
    assert await rig.tick() == []


async def test_a_database_that_is_away_is_waited_for(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as away:
        away.setattr(table, "due", lambda _tx, _now: 1 / 0)
        assert await rig.tick() == []
    assert "leases" in await rig.tick()
