"""Who may speak to the local chat: pages it served itself, on this machine, and nobody else."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SESSION = re.compile(r"[0-9a-f]{32}")

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def guarded(handler: Handler) -> Handler:
    """Refuse other hosts (a foreign name that resolves to this machine) and other origins; set strict headers."""

    async def guard(request: web.Request) -> web.StreamResponse:
        refuse_strangers(request)
        return await handler(request)

    return guard


def secure(response: web.StreamResponse) -> web.StreamResponse:
    """The headers that every answer to a page carries; before it is prepared."""
    response.headers.update(_HEADERS)
    return response


def refuse_strangers(request: web.Request) -> None:
    """Raise 403 unless the host is this machine and, for changes, the page is ours."""
    host = request.headers.get("Host", "")
    if host.rpartition(":")[0] not in _LOCAL and host not in _LOCAL:
        raise web.HTTPForbidden(text="Open this page at http://127.0.0.1: it is not served under another name.")
    if request.method in {"GET", "HEAD"}:
        return
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if urlsplit(origin).netloc != host or site != "same-origin":
        raise web.HTTPForbidden(text="Use the chat page itself: requests of other pages are not heard.")


def session_of(request: web.Request) -> str:
    """The session in the cookie. Raises 401 when there is none: the page asks for itself again."""
    session = request.cookies.get(_cookie(request), "")
    if not _SESSION.fullmatch(session):
        raise web.HTTPUnauthorized(text="Load the page again: its session is gone.")
    return session


def give_session(request: web.Request, response: web.StreamResponse) -> None:
    """Set a session cookie where there is none; scripts cannot read it, other sites cannot send it."""
    name = _cookie(request)
    if not _SESSION.fullmatch(request.cookies.get(name, "")):
        response.set_cookie(
            name, secrets.token_hex(16), httponly=True, samesite="Strict", path="/", max_age=30 * 24 * 3600
        )


def _cookie(request: web.Request) -> str:
    """Browsers share cookies between ports: the port in the name keeps two demos apart."""
    return "crowdloom_" + (request.host.rpartition(":")[2] if ":" in request.host else "80")
