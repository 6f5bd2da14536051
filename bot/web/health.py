"""``/healthz``, ``/readyz`` and ``/metrics``: is it alive, can it work, how is it doing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.metrics import CONTENT_TYPE, Metrics
from db.errors import CrowdloomError
from db.migrations.upgrade import head
from db.queries.pulse import ALIVE, TOTALS
from db.session import Database

_PATIENCE = 5.0
"""Seconds that the database may take to answer."""


class Health:
    """The three answers. ``receiving`` says why a channel does not receive, ``""`` when all do.

    ``refresh`` sees that figures of projects are not too old, before the metrics are read.
    """

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        receiving: Callable[[], str],
        refresh: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._database, self._metrics, self._receiving, self._refresh = database, metrics, receiving, refresh

    def mount(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/healthz", self.alive)
        app.router.add_get("/readyz", self.ready)
        app.router.add_get("/metrics", self.metrics)

    async def alive(self, _request: web.Request) -> web.Response:
        """The process runs, and its loop turns."""
        return web.json_response({"status": "alive"})

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when updates can be taken; 503 with what is in the way."""
        reasons = [reason for reason in (await self._database_trouble(), self._receiving()) if reason]
        if reasons:
            return web.json_response({"status": "not ready", "reasons": reasons}, status=503)
        return web.json_response({"status": "ready"})

    async def _database_trouble(self) -> str:
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await asyncio.wrap_future(self._database.run(lambda tx: tx.one(ALIVE)))
        except TimeoutError:
            return "the database does not answer in time"
        except CrowdloomError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - whatever the driver says, the answer is the same
            return f"the database does not answer: {type(error).__name__}"
        revision = found.revision if found else "none"
        return "" if revision == head() else f"the database is at revision {revision}, the program at {head()}"

    async def metrics(self, _request: web.Request) -> web.Response:
        """Everything that is counted; without the state of the work while the database is away."""
        try:
            async with asyncio.timeout(_PATIENCE):
                totals = await asyncio.wrap_future(self._database.run(lambda tx: tx.one(TOTALS)))
        except Exception:  # noqa: BLE001 - /readyz tells; the counts are worth having all the same
            totals = None
        if totals:
            self._metrics.hold(totals)
        if self._refresh:
            await self._refresh()
        return web.Response(body=self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})
