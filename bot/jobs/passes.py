"""Batch passes over the live projects, one after the other, each in a thread, so that no conversation waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict

import structlog

from db.errors import CrowdloomError
from db.session import Database
from tasks.behaviour.pool import pool
from tasks.projects.catalog import Catalog

_log = structlog.stdlib.get_logger(__name__)


class Passes:
    """Estimates everybody anew where enough has been answered."""

    def __init__(self, database: Database, catalog: Catalog, now: Callable[[], int]) -> None:
        self._database, self._catalog, self._now = database, catalog, now

    async def all(self) -> None:
        """One pass over each project that gives work; the next round tries again what did not go well."""
        live = await asyncio.wrap_future(self._database.run(self._catalog.live))
        for known in live:
            try:
                await asyncio.to_thread(self._one, known.id, known.key)
            except CrowdloomError as error:
                _log.warning("batch pass not done", project=known.key, reason=error.message)
            except Exception:  # noqa: BLE001 - one project's trouble is no other's
                _log.exception("batch pass not done", project=known.key)

    def _one(self, project: int, key: str) -> None:
        from tasks.consensus.revise import revise  # noqa: PLC0415 - loads NumPy and SciPy: only when it is time

        began = time.perf_counter()
        pool(self._database, project)
        done = revise(self._database, self._catalog, project, self._now)
        if done.answers:
            _log.info("batch pass", project=key, seconds=round(time.perf_counter() - began, 2), **asdict(done))
