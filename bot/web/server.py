"""The web server of the bot: one aiohttp application, on loopback unless the settings say otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from db.errors import FailureError, told

Mount = Callable[[web.Application], None]
"""Adds routes: ``Health(...).mount``, ``ChatRoutes(...).mount``, the webhook's."""

_MOST_BYTES = 51 * 1024 * 1024
"""An upload to the local chat, at most; a webhook's update is far smaller."""
_GRACE = 5.0
"""Seconds that requests under way may take to end when the server stops."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""For every answer; a page that needs more says so in its own."""


class AddressTakenError(FailureError):
    """The server cannot listen where it is told to."""

    message = told("Set CROWDLOOM_LISTEN to another address, or stop what listens at {address}: {reason}.")


async def _secure(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "crowdloom"


def application(mounts: Iterable[Mount]) -> web.Application:
    """An application with these routes and with safe headers on all it says."""
    app = web.Application(client_max_size=_MOST_BYTES)
    app.on_response_prepare.append(_secure)
    for mount in mounts:
        mount(app)
    return app


@asynccontextmanager
async def serving(mounts: Iterable[Mount], host: str, port: int) -> AsyncIterator[str]:
    """Serve until the end of the block; the address where (port 0 takes any free one). Raises AddressTakenError."""
    runner = web.AppRunner(application(mounts), handle_signals=False, access_log=None, shutdown_timeout=_GRACE)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise AddressTakenError(address=f"{_bracketed(host)}:{port}", reason=reason) from error
        yield f"http://{_bracketed(host)}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
