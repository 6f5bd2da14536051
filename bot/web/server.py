"""The process's own web server: health, readiness, metrics; the webhook and pages are added to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiohttp import web

from bot.metrics import Metrics
from db.errors import InputError, told
from db.session import Database
from db.statement import Statement

Check = Callable[[], Awaitable[str]]
"""Something that must be well before work is sent here: ``""``, or what is wrong."""

_PATIENCE = 5.0


class AddressTakenError(InputError):
    """Another program listens there."""

    message = told("Choose another port, or end the program that uses it: nothing can listen on {listen}.")


class _One(NamedTuple):
    one: int


_PING = Statement("SELECT 1", _One)


def database_answers(database: Database) -> Check:
    """A check that a turn comes back."""

    async def check() -> str:
        try:
            await asyncio.wait_for(asyncio.wrap_future(database.run(lambda tx: tx.one(_PING))), _PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever it is, this process is not ready
            return type(error).__name__
        return ""

    return check


def build_app(metrics: Metrics, checks: Mapping[str, Check]) -> web.Application:
    """An application with ``/healthz``, ``/readyz`` and ``/metrics``; others add their routes."""

    async def alive(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"alive": True})

    async def ready(_request: web.Request) -> web.StreamResponse:
        wrong = {name: said for name, check in checks.items() if (said := await check())}
        return web.json_response({"ready": not wrong, "wrong": wrong}, status=503 if wrong else 200)

    async def figures(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app = web.Application()
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", figures)
    return app


@asynccontextmanager
async def serving(app: web.Application, listen: str) -> AsyncIterator[str]:
    """Serve on ``host:port`` (port 0: any free one); the address. Raises AddressTakenError."""
    host, _colon, port = listen.rpartition(":")
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host.strip("[]"), int(port))
        try:
            await site.start()
        except OSError as error:
            raise AddressTakenError(listen=listen) from error
        real = runner.addresses[0][1]
        yield f"http://{host}:{real}"
    finally:
        await runner.cleanup()
