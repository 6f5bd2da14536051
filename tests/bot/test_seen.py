"""When somebody was last here: a day on their row, written at the first word of the day and not again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.queries import people, roll
from db.session import Database, Tx
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project

_DAY_MS = 86_400_000


async def test_the_day_is_noted_once(
    database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_project(database, ANIMALS, [{"id": "t1", "caption": "one"}], clock())
    noted: list[int] = []
    run = Tx.run

    def watched(self: Tx, statement: Any, **values: Any) -> int:
        if statement is people.SEEN:
            noted.append(values["day"])
        return run(self, statement, **values)

    monkeypatch.setattr(Tx, "run", watched)
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        worker = Talker(bot, channel, "worker", clock)
        await worker.joins()
        today = clock() // _DAY_MS
        assert noted == [today]
        clock.pass_ms(_DAY_MS)
        await worker.says("/tasks")
        await worker.says("/help")
    assert noted == [today, today + 1]
    seen = database.run(lambda tx: tx.one(roll.SEEN, person=1)).result()
    assert seen == roll.Seen(today + 1)
