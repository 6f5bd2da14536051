"""How live projects go, for ``/metrics``: read in a thread from a read connection, seldom enough to cost nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from db.queries.deliveries import QUEUE, Queue
from db.session import Database
from tasks.projects.catalog import Catalog, Known

if TYPE_CHECKING:
    from bot.metrics import Metrics
    from tasks.reports.course import Course

_log = structlog.stdlib.get_logger(__name__)
_EVERY_MS = 60_000
_SHARE = 100
"""What took a second to read is read again after so many: a hundredth of one processor, however large projects are."""
_PATIENCE = 2.0
"""Seconds that somebody who asks waits for newer figures."""


class Figures:
    """Keeps each live project's figures, at most a minute old, or a hundred times as old as reading them took."""

    def __init__(self, database: Database, catalog: Catalog, now: Callable[[], int], metrics: Metrics) -> None:
        self._database, self._catalog, self._now, self._metrics = database, catalog, now, metrics
        self._kept: dict[int, tuple[int, Course]] = {}
        """By project: when it is read again, and how it went."""
        self._next = 0
        self._reading: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        """See that what the metrics hold is not too old; raises nothing, waits little."""
        if self._reading is None and self._now() >= self._next:
            self._next = self._now() + _EVERY_MS
            self._reading = asyncio.create_task(self._refresh())
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=_PATIENCE)

    async def _refresh(self) -> None:
        try:
            live = await asyncio.wrap_future(self._database.run(self._catalog.live))
            await asyncio.to_thread(self._read, live)
            self._metrics.hold_projects([course for _again, course in self._kept.values()])
            self._metrics.hold_queue(await asyncio.to_thread(self._waiting))
        except Exception:  # noqa: BLE001 - the other metrics are worth having all the same
            _log.warning("figures of projects not read", exc_info=True)
        finally:
            self._reading = None

    def _waiting(self) -> Queue:
        with self._database.reading() as reader:
            return reader.one(QUEUE, now=self._now()) or Queue(0, 0, 0)

    def _read(self, live: list[Known]) -> None:
        from tasks.reports.progress import read  # noqa: PLC0415 - loads NumPy

        self._kept = {known.id: self._kept[known.id] for known in live if known.id in self._kept}
        for known in live:
            again, _course = self._kept.get(known.id, (0, None))
            if self._now() < again:
                continue
            began = time.perf_counter()
            with self._database.reading() as reader:
                course = read(reader, known, self._now())
            took = round(1000 * (time.perf_counter() - began))
            self._kept[known.id] = self._now() + max(_EVERY_MS, _SHARE * took), course
