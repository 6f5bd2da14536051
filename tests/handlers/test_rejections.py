"""Rejecting many answers by chat: what it would cost is counted beside the turns, and what was counted is proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.queries import mass
from db.session import Database, Tx
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project

REASONS = {"reasons": [{"key": "blurred", "text": {"en": "It is blurred", "ko": "흐릿해요"}}]}


async def test_no_turn_counts_all_answers(
    sqlite_database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"id": f"t{n}", "caption": f"item {n}"} for n in range(4)]
    add_project(sqlite_database, {**ANIMALS, "review": REASONS}, rows, clock())
    ran: list[Any] = []
    every = Tx.all

    def noted(self: Tx, statement: Any, **values: Any) -> Any:
        ran.append(statement)
        return every(self, statement, **values)

    monkeypatch.setattr(Tx, "all", noted)
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        worker, admin = Talker(bot, channel, "worker", clock), Talker(bot, channel, "admin", clock)
        await worker.joins()
        await worker.presses("Cat")
        await admin.says("/person 1")
        for key in ("What to do", "Reject their answers", "☐ It is blurred", "Go on"):
            await admin.presses(key)
            await bot.conversations.settle()
        assert "1 answer of 1 person" in admin.screen.text
        clock.pass_ms(1_000)
        await worker.presses("Cat")
        await admin.says("Out of focus.")
        await bot.conversations.settle()
    assert mass.COSTS not in ran
    [proposed] = sqlite_database.run(lambda tx: tx.all(mass.WAITING, most=9)).result()
    assert (proposed.answers, proposed.until < clock()) == (1, True)
