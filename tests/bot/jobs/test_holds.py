"""The clock makes payable what was on hold long enough."""

from __future__ import annotations

import pytest

from bot.jobs import sweeps as jobs
from bot.jobs.sweeps import Sweeps
from db.session import Database
from tasks.money import holding
from tasks.projects.catalog import Catalog
from tests.conftest import Clock
from tests.support.purses import DAY, Paying


async def test_holds_end_in_bounded_turns(
    sqlite_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []

    def two_at_once(tx: object, now: int) -> int:
        turns.append(holding.release_due(tx, now, 2))  # type: ignore[arg-type]
        return turns[-1]

    monkeypatch.setattr(jobs, "release_due", two_at_once)
    monkeypatch.setattr(jobs, "RELEASED_AT_ONCE", 2)
    here = Paying(sqlite_database, clock)
    for task in (1, 2, 3):
        here.offer(0)
        here.answer(0, task)
    sweeps = Sweeps(sqlite_database, Catalog(), clock, lambda _leases: None)
    await sweeps.holds()
    assert (turns, here.has(0, "payable")) == ([0], 0)
    clock.pass_ms(3 * DAY)
    await sweeps.holds()
    assert (turns, here.has(0, "payable")) == ([0, 2, 1], 60)
