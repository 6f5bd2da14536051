"""What is looked up about people outside of any turn: how many there are, and one person's last answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot.conversation import Job
from db.queries import roll
from db.session import Database
from tasks.reports import answers

_KEPT_MS = 60_000
"""So long the same numbers are told again."""
_DAY_MS = 86_400_000
_WEEK = 7

Outcome = Mapping[str, Any]


class PeopleJobs:
    """Jobs that an admin's screens begin."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database, self._now = database, now
        self._one = asyncio.Lock()
        self._kept: tuple[int, Outcome] = (0, {})

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        return {"people_counts": self._counts, "person_answers": self._answers}

    async def _counts(self, _arguments: Outcome) -> Outcome:
        async with self._one:
            made, outcome = self._kept
            if not outcome or not 0 <= self._now() - made < _KEPT_MS:
                outcome = await asyncio.to_thread(self._count)
                self._kept = self._now(), outcome
            return outcome

    def _count(self) -> Outcome:
        with self._database.reading() as reader:
            found: roll.Counts | None = reader.one(roll.COUNTS, day=self._now() // _DAY_MS - _WEEK + 1)
        return {"people": found.people, "active": found.active} if found else {}

    async def _answers(self, arguments: Outcome) -> Outcome:
        return await asyncio.to_thread(self._look, int(arguments["person"]), arguments["before"])

    def _look(self, person: int, before: int | None) -> Outcome:
        with self._database.reading() as reader:
            found, older = answers.last(reader, person, before)
        return {"person": person, "answers": [row._asdict() for row in found], "older": older}
