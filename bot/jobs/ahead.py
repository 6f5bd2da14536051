"""When a project will be done, for its card: read outside of any turn, one after the other, and kept for a minute."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot.conversation import Job
from db.session import Database
from tasks.projects.catalog import Catalog
from tasks.words import Words

_KEPT_MS = 60_000
_MOST_KEPT = 1_000


class AheadJobs:
    """The job of the card. What it finds is the same for everybody."""

    def __init__(self, database: Database, catalog: Catalog, now: Callable[[], int]) -> None:
        self._database, self._catalog, self._now = database, catalog, now
        self._one = asyncio.Lock()
        self._kept: dict[str, tuple[int, list[Words]]] = {}

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        return {"ahead": self._run}

    async def _run(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        key = str(arguments["key"])
        async with self._one:
            made, said = self._kept.get(key, (0, []))
            if not made or not 0 <= self._now() - made < _KEPT_MS:
                said = await asyncio.to_thread(self._read, key)
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[key] = self._now(), said
            return {"key": key, "ahead": said}

    def _read(self, key: str) -> list[Words]:
        from tasks.reports.progress import ahead  # noqa: PLC0415 - loads NumPy
        from tasks.reports.told import ahead as told  # noqa: PLC0415 - as above

        known = self._database.run(lambda tx: self._catalog.by_key(tx, key)).result()
        with self._database.reading() as reader:
            return list(told(ahead(reader, known, self._now())))
