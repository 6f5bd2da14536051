"""``/webhook``: updates as Telegram delivers them, and the one call that goes back in the reply."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

PATH = "/webhook"
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

Take = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any] | None]]
"""Takes an update; the call to reply with, if any."""


class Hook:
    """The route. Only who knows ``secret`` is heard; a failure is answered with 500, and Telegram tries again."""

    def __init__(self, secret: str, take: Take) -> None:
        self.secret, self._take = secret, take

    def mount(self, app: web.Application) -> None:
        """Add the route to an application."""
        app.router.add_post(PATH, self.update)

    async def update(self, request: web.Request) -> web.Response:
        """Take one update; the reply is sent once its effect is stored."""
        if not hmac.compare_digest(request.headers.get(_SECRET, "").encode(), self.secret.encode()):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
            known = isinstance(update["update_id"], int)
        except (ValueError, TypeError, KeyError):
            known = False
        if not known:
            return web.Response(status=400)
        call = await self._take(update)
        return web.Response() if call is None else web.json_response(dict(call))


def address(url: str) -> str:
    """Where Telegram is told to call: ``url`` as it stands, with our path if it has none."""
    return url if urlsplit(url).path not in {"", "/"} else url.rstrip("/") + PATH
