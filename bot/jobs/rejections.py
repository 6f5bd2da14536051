"""What it would cost to reject many answers at once, counted outside of any turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bot.conversation import Job
from db.errors import CrowdloomError
from db.session import Database
from tasks.projects.catalog import Catalog
from tasks.words import error_words


class RejectionJobs:
    """The job that an admin's screen begins."""

    def __init__(self, database: Database, catalog: Catalog, now: Callable[[], int]) -> None:
        self._database, self._catalog, self._now = database, catalog, now
        self._one = asyncio.Lock()

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        return {"rejection_preview": self._preview}

    async def _preview(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        async with self._one:
            try:
                return await asyncio.to_thread(self._count, arguments)
            except CrowdloomError as error:
                return {"mistakes": [error_words(error)]}

    def _count(self, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        from tasks.review import mass_cost  # noqa: PLC0415 - seldom needed

        known = self._database.run(lambda tx: self._catalog.get(tx, int(wanted["project"]))).result()
        with self._database.reading() as reader:
            cost = mass_cost.preview(reader, known, wanted["person"], wanted["reasons"], self._now())
        return {**wanted, "cost": asdict(cost)}
