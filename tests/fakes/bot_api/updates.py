"""Updates on their way to the bot: kept until confirmed, polled for or delivered to a webhook."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.fakes.bot_api.params import Params
from tests.fakes.bot_api.refusal import Refused, bad

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
SAME_OFFSET_SECONDS = 0.5
_RETRY_SECONDS = 0.05

Obey = Callable[[str, Params], Awaitable[Any]]


@dataclass(slots=True)
class Pending:
    """An update that waits; ``queue`` names the webhook queue it stands in."""

    id: int
    kind: str
    queue: str
    json: dict[str, Any]
    confirmed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Webhook:
    """Where updates are delivered."""

    url: str = ""
    secret: str = ""
    connections: int = 40
    last_error: str = ""


class Updates:
    """The queue of one bot. Confirmed updates are forgotten; everything else is delivered again."""

    def __init__(self, clock: Callable[[], float], obey: Obey) -> None:
        self.waiting: list[Pending] = []
        self.webhook = Webhook()
        self.held = False
        self.polled = asyncio.Event()
        self._clock = clock
        self._obey = obey
        self._ids = itertools.count(1000)
        self._again: list[dict[str, Any]] = []
        self._allowed: list[str] = []
        self._poller: asyncio.Future[None] | None = None
        self._last_poll = (-1, 0.0)
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(40)

    # ----------------------------------------------------------------- from people

    def add(self, kind: str, queue: str, content: dict[str, Any]) -> Pending | None:
        """Something happened; None if the bot has not asked to hear of its kind."""
        if kind not in self._allowed if self._allowed else kind in NOT_BY_DEFAULT:
            return None
        number = next(self._ids)
        pending = Pending(number, kind, queue, {"update_id": number, kind: content})
        self.waiting.append(pending)
        self._wake()
        return pending

    def redeliver(self, update: dict[str, Any]) -> None:
        """Deliver an update once more, as after a confirmation that never arrived."""
        if self.webhook.url:
            self.waiting.append(Pending(update["update_id"], "again", f"again {update['update_id']}", update))
        else:
            self._again.append(update)
        self._wake()

    def release(self, *, backwards: bool = False) -> None:
        """End a time in which updates were ``held``; ``backwards`` delivers the latest first."""
        self.held = False
        if backwards:
            self.waiting.reverse()
        self._wake()

    def _wake(self) -> None:
        if self.held:
            return
        if self._poller is not None:
            _finish(self._poller)
        if self.webhook.url:
            self._start_workers()

    # ----------------------------------------------------------------- long polling

    async def poll(self, params: Params) -> list[dict[str, Any]]:
        """getUpdates: an offset confirms all before it; a second poller ends the first with 409."""
        if self.webhook.url:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self.polled.set()
        self._allow(params)
        offset = params.integer("offset", 0)
        self._confirm(offset)
        limit = min(max(params.integer("limit", 100), 1), 100)
        if self._last_poll[0] == offset and self._clock() < self._last_poll[1] + SAME_OFFSET_SECONDS:
            limit = 1
        self._last_poll = (offset, self._clock())
        if not self._ready():
            await self._wait(params.integer("timeout", 0))
        again, self._again = self._again, []
        return again + ([] if self.held else [pending.json for pending in self.waiting[:limit]])

    def _ready(self) -> bool:
        return bool(self._again or (self.waiting and not self.held))

    async def _wait(self, seconds: int) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(
                Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            )
        if seconds <= 0:
            return
        mine = self._poller = asyncio.get_running_loop().create_future()
        timer = asyncio.get_running_loop().call_later(seconds, _finish, mine)
        try:
            await mine
        finally:
            timer.cancel()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = self.waiting[offset:][0].id if self.waiting[offset:] else 0
        for pending in [pending for pending in self.waiting if pending.id < offset]:
            self.waiting.remove(pending)
            pending.confirmed.set()

    def _allow(self, params: Params) -> None:
        allowed = params.json("allowed_updates", list, "allowed updates")
        if allowed is not None:
            self._allowed = allowed

    # ----------------------------------------------------------------- webhook

    def set_webhook(self, params: Params) -> bool:
        """setWebhook; unlike the real server it takes http, since a test has no certificate."""
        url = params.text("url")
        if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(params.text("secret_token")) > 256:
            raise bad("secret token is too long")
        self._allow(params)
        self._drop(params)
        self.webhook = Webhook(url, params.text("secret_token"), params.integer("max_connections", 40))
        self._slots = asyncio.Semaphore(self.webhook.connections)
        self._wake()
        return True

    def delete_webhook(self, params: Params) -> bool:
        """Go back to polling."""
        self._drop(params)
        self.webhook = Webhook()
        return True

    def webhook_info(self) -> dict[str, Any]:
        """What getWebhookInfo tells."""
        info = {"url": self.webhook.url, "has_custom_certificate": False, "pending_update_count": len(self.waiting)}
        if self.webhook.url:
            info["max_connections"] = self.webhook.connections
        if self.webhook.last_error:
            info |= {"last_error_message": self.webhook.last_error, "last_error_date": 1}
        return info

    def _drop(self, params: Params) -> None:
        if params.text("drop_pending_updates").lower() in {"true", "1"}:
            self.waiting.clear()

    def _start_workers(self) -> None:
        for pending in self.waiting:
            if pending.queue not in self._workers:
                self._workers[pending.queue] = asyncio.ensure_future(self._deliver_queue(pending.queue))

    async def _deliver_queue(self, queue: str) -> None:
        """One update at a time of this queue, each until the bot has taken it."""
        try:
            while self.webhook.url and (first := next((one for one in self.waiting if one.queue == queue), None)):
                if await self._deliver(first.json):
                    self.waiting.remove(first)
                    first.confirmed.set()
                else:
                    await asyncio.sleep(_RETRY_SECONDS)
        finally:
            del self._workers[queue]

    async def _deliver(self, update: dict[str, Any]) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.secret} if self.webhook.secret else {}
        try:
            async with self._slots, self._session.post(self.webhook.url, json=update, headers=headers) as response:
                body = await response.read()
                taken = 200 <= response.status < 300
        except aiohttp.ClientError as error:
            self.webhook.last_error = str(error)
            return False
        if not taken:
            self.webhook.last_error = f"Wrong response from the webhook: {response.status} {response.reason}"
        elif body.startswith(b"{"):
            await self._reply(json.loads(body))
        return taken

    async def _reply(self, reply: dict[str, Any]) -> None:
        """Obey the method in a webhook's reply; its result is told to nobody."""
        method = reply.pop("method", "")
        if method:
            values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in reply.items()}
            await self._obey(method, Params(values))

    async def stop(self) -> None:
        """Deliver nothing more."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        if self._poller is not None:
            _finish(self._poller)
        if self._session is not None:
            await self._session.close()


def _finish(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
