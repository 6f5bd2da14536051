"""The fake Bot API over HTTP: one bot, its chats, and everything it was asked to do."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.fakes.bot_api.files import Files
from tests.fakes.bot_api.limits import Limits
from tests.fakes.bot_api.methods import Methods
from tests.fakes.bot_api.params import ACCEPTED, Params, Upload
from tests.fakes.bot_api.people import Person, Place, person_user
from tests.fakes.bot_api.refusal import Refused, flood
from tests.fakes.bot_api.updates import Updates
from tests.fakes.bot_api.world import World

TOKEN = "4242:fake-token-of-the-fake-bot-api-server"
_PATH = re.compile(r"/(file/)?bot([^/]+)/(.+)")
_BY_LOWER = {name.lower(): name for name in ACCEPTED}
_MOST_BYTES = 64 * 2**20


@dataclass(slots=True)
class Call:
    """One call as it arrived: ``at`` in the server's clock, ``status`` of what it was answered."""

    method: str
    values: dict[str, str]
    at: float
    files: dict[str, Upload] = field(default_factory=dict)
    status: int = 0
    by_webhook: bool = False


@dataclass(slots=True)
class Trouble:
    """What happens to the next calls of a method. ``done`` does what was asked and then breaks the line."""

    method: str
    status: int
    times: int
    description: str
    retry_after: int
    done: bool


class BotApi:
    """The server. ``clock`` gives monotonic seconds, ``now`` seconds since 1970."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        record: bool = True,
    ) -> None:
        self.token = token
        self.bot = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Crowdloom",
            "username": "crowdloom_bot",
            "can_join_groups": True,
        }
        self.clock = clock
        self.calls: list[Call] = []
        self.updates = Updates(clock, self._obey)
        self.files = Files()
        self.methods = Methods(World(self.bot, now), self.files, self.updates)
        self.limits = Limits(clock)
        self.url = ""
        self._record = record
        self.watch: Callable[[str, int], None] = _nothing
        """Told of each call in a chat that is obeyed: method and chat."""
        self._troubles: list[Trouble] = []
        self._gates: dict[str, asyncio.Event] = {}
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None

    # ----------------------------------------------------------------- life

    async def start(self, port: int = 0) -> Self:
        """Listen; port 0 takes any free one."""
        app = web.Application(client_max_size=_MOST_BYTES)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Let everybody go."""
        for gate in self._gates.values():
            gate.set()
        await self.updates.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        return await self.start()

    async def __aexit__(self, *error: object) -> None:
        """Stop."""
        await self.stop()

    # ----------------------------------------------------------------- for tests

    def person(self, user_id: int, language_code: str = "en", name: str = "Ada") -> Person:
        """Somebody with a private chat."""
        chat = self.methods.world.chat(user_id, "private", name)
        return Person(self.methods, chat, self._numbers, person_user(user_id, language_code, name))

    def group(self, chat_id: int, kind: str = "supergroup", title: str = "A group") -> Place:
        """A group or a channel (ids below zero)."""
        return Place(self.methods, self.methods.world.chat(chat_id, kind, title), self._numbers)

    def fail(
        self,
        method: str,
        status: int = 500,
        times: int = 1,
        *,
        description: str = "Internal Server Error",
        retry_after: int = 0,
    ) -> None:
        """The next calls of a method are answered with an error."""
        self._troubles.append(Trouble(method, status, times, description, retry_after, done=False))

    def cut(self, method: str, times: int = 1) -> None:
        """The next calls of a method are obeyed, but the line breaks before the answer."""
        self._troubles.append(Trouble(method, 0, times, "", 0, done=True))

    def hold(self, method: str) -> asyncio.Event:
        """Calls of a method wait until the event is set."""
        gate = self._gates[method] = asyncio.Event()
        return gate

    def called(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    # ----------------------------------------------------------------- over HTTP

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = _PATH.fullmatch(request.path)
        if path is None or ":" not in path[2]:
            return _json(Refused(404, "Not Found").body(), 404)
        if path[2] != self.token:
            return _json(Refused(401, "Unauthorized").body(), 401)
        if path[1]:
            return self._download(path[3])
        method = _BY_LOWER.get(path[3].lower(), "")
        if not method:
            return _json(Refused(404, "Not Found: method not found").body(), 404)
        call = Call(method, *(await _read(request)))
        return await self._answer(call, request)

    async def _answer(self, call: Call, request: web.Request) -> web.StreamResponse:
        if gate := self._gates.get(call.method):
            await gate.wait()
        trouble = self._trouble(call.method)
        try:
            if trouble is not None and not trouble.done:
                raise _refusal(trouble)
            result = await self._obey(call.method, Params(call.values, call.files), call)
        except Refused as refused:
            call.status = refused.status
            return _json(refused.body(), refused.status)
        call.status = 200
        if trouble is not None and request.transport is not None:
            request.transport.close()
        return _json({"ok": True, "result": result}, 200)

    async def _obey(self, method: str, params: Params, call: Call | None = None) -> Any:
        call = call or Call(method, params.values, 0.0, by_webhook=True)
        call.at = self.clock()
        if self._record:
            self.calls.append(call)
        chat_id = params.text("chat_id")
        if chat_id.lstrip("-").isdigit():
            self.limits.take(method, int(chat_id))
        done = await self.methods.call(method, params)
        if chat_id:
            self.watch(method, int(chat_id))
        return done

    def _trouble(self, method: str) -> Trouble | None:
        found = next((one for one in self._troubles if one.method == method and one.times > 0), None)
        if found is not None:
            found.times -= 1
        return found

    def _download(self, path: str) -> web.StreamResponse:
        file = self.files.by_id.get(path.rpartition("/")[2])
        return web.Response(body=file.body) if file else _json(Refused(404, "Not Found").body(), 404)


def _nothing(_method: str, _chat: int) -> None:
    """Watches nothing."""


def _refusal(trouble: Trouble) -> Refused:
    return flood(trouble.retry_after) if trouble.retry_after else Refused(trouble.status, trouble.description)


def _json(body: dict[str, Any], status: int) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")


async def _read(request: web.Request) -> tuple[dict[str, str], float, dict[str, Upload]]:
    """The parameters of a call, however they were sent; values of JSON bodies become text again."""
    values = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.json()
        values |= {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(value.filename, value.file.read())
            else:
                values[name] = value if isinstance(value, str) else bytes(value).decode()
    return values, 0.0, files
