"""The local chat's routes: the page, its stream of messages, what it says, pictures, files and results."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import web

from bot.channel import Hear, Incoming
from bot.channels.web import Chat, Page, Web
from bot.web.guard import give_session, guarded, secure, session_of
from bot.web.pagewords import PAGE
from bot.web.said import ROLES, number_of, read, save, typed, user_of
from handlers.talk import Command, Event, Heard, Press, Sender, Sent
from tasks.words import Words

_STATIC = Path(__file__).parent / "chat"
_FILES = ("board.js", "bubbles.js", "chat.css", "chat.js", "icon.svg", "log.js", "stream.js")
_TICK = 1.0
"""Seconds between two looks at the board, and the longest a page waits for a sign of life."""
_QUIET_TICKS = 15
_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)


class Backstage(Protocol):
    """What the page needs beside the talk."""

    async def language_of(self, user: str) -> str:
        """The language that the person chose, ``""`` when unknown."""

    async def board(self, user: str, language: str) -> Mapping[str, Any]:
        """What the crowd has done so far, in words; empty for no board."""

    async def results(self, project: str) -> Path | None:
        """The results of a project as a fresh CSV file; None when there is no such project."""

    def commands(self, user: str) -> Sequence[tuple[str, Words]]:
        """The commands menu: name without slash, what it does."""


@dataclass(frozen=True)
class ChatRoutes:
    """Everything the routes stand on."""

    channel: Web
    hear: Hear
    backstage: Backstage
    words: Callable[[Words, str], str]
    negotiate: Callable[[str], str]
    """From a language as browsers write it to one of ours, ``""`` when there is none."""
    now_ms: Callable[[], int]
    name: str = "Crowdloom"

    def mount(self, app: web.Application) -> None:
        """Add the routes to an application, and end the streams when it stops."""
        routes: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
            "/": self.page,
            "/chat/static/{file}": self.static,
            "/chat/stream": self.stream,
            "/chat/words": self.texts,
            "/chat/media/{content}": self.media,
            "/chat/files/{name}": self.download,
            "/chat/results/{project}.csv": self.results,
        }
        for path, handler in routes.items():
            app.router.add_get(path, guarded(handler))
        app.router.add_post("/chat/say", guarded(self.say))
        app.router.add_post("/chat/file", guarded(self.upload))
        app.on_shutdown.append(self._stop)

    # ----------------------------------------------------------------- the page

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The page with its texts in it, and a session."""
        language = self._guess(request) or "en"
        texts = json.dumps(self._texts("", language), ensure_ascii=False).replace("<", "\\u003c")
        html = Template((_STATIC / "index.html").read_text("utf-8")).substitute(language=language, texts=texts)
        response = web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})
        give_session(request, response)
        return secure(response)

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A file of the page; asked about each time, sent only when it has changed."""
        if request.match_info["file"] not in _FILES:
            raise web.HTTPNotFound
        return secure(web.FileResponse(_STATIC / request.match_info["file"], headers={"Cache-Control": "no-cache"}))

    async def texts(self, request: web.Request) -> web.StreamResponse:
        """The page's own sentences in the language that the person has chosen."""
        user = user_of(request, request.query.get("role", ""))
        language = await self._language(request, user)
        return secure(web.json_response(self._texts(user, language)))

    def _texts(self, user: str, language: str) -> dict[str, Any]:
        return {
            "language": language,
            "name": self.name,
            "words": {name: self.words(text, language) for name, text in PAGE.items()},
            "commands": [[name, self.words(text, language)] for name, text in self.backstage.commands(user)],
        }

    async def _language(self, request: web.Request, user: str) -> str:
        return await self.backstage.language_of(user) or self._guess(request) or "en"

    def _guess(self, request: web.Request) -> str:
        """The first language of the browser that we have, ``""`` when there is none."""
        wanted = [part.partition(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
        return next((ours for ours in map(self.negotiate, wanted[:10]) if ours), "")

    # ----------------------------------------------------------------- from the bot to the page

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the whole chat at first, then each change; the board when it has changed."""
        user = user_of(request, request.query.get("role", ""))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await secure(response).prepare(request)
        chat = self.channel.chat(user)
        with self.channel.showing(user) as page:
            await _tell(response, "hello", json.dumps({"messages": [*chat.messages.values()]}, ensure_ascii=False))
            greeting = asyncio.ensure_future(self._greet(request, user, chat))
            try:
                await self._follow(request, response, user, page)
            except ConnectionError:
                pass
            finally:
                await greeting
        return response

    async def _greet(self, request: web.Request, user: str, chat: Chat) -> None:
        """Ask the bot to show itself where the page would be empty: a new person, or the bot was started again."""
        if chat.greeted or chat.messages:
            return
        chat.greeted = True
        await self._heard(request, user, f"hello-{self.channel.run}", Command("start"))

    async def _follow(self, request: web.Request, response: web.StreamResponse, user: str, page: Page) -> None:
        shown, quiet, due = "", 0, 0
        while True:
            try:
                push = await page.next(_TICK)
            except TimeoutError:
                push, quiet = ("", ""), quiet + 1
            if push is None:
                return
            if push[0]:
                await _tell(response, *push)
            if self.now_ms() >= due:
                due = self.now_ms() + int(_TICK * 1000)
                board = json.dumps(await self._board(request, user), ensure_ascii=False)
                if board != shown:
                    await _tell(response, "board", board)
                    shown, quiet = board, 0
            if quiet >= _QUIET_TICKS:
                await response.write(b": still here\n\n")
                quiet = 0

    async def _board(self, request: web.Request, user: str) -> Mapping[str, Any]:
        return await self.backstage.board(user, await self._language(request, user))

    # ----------------------------------------------------------------- from the page to the bot

    async def say(self, request: web.Request) -> web.StreamResponse:
        """A press or a text. The same id again has its effect once, so a page may repeat itself."""
        user, number, said = await read(request)
        if "press" in said:
            await self._heard(request, user, number, Press(str(said["press"])), message_id=str(said.get("message", "")))
        else:
            text = str(said["text"])
            self.channel.mine(user, number, {"text": text})
            await self._heard(request, user, number, typed(text))
        return secure(web.json_response({"language": await self._language(request, user)}))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """A file, as the body of the request."""
        user, number = user_of(request, request.query.get("role", "")), number_of(request.query.get("id"))
        name = "".join(filter(str.isprintable, Path(request.query.get("name", "")).name))[:200] or "file"
        picture = request.content_type.startswith("image/")
        path = self.channel.folder / "in" / (number + Path(name).suffix[:10])
        size = await save(request, path)
        self.channel.mine(user, number, {"file": {"name": name, "size": size}})
        sent = Sent("photo" if picture else "document", name=name)
        await self._heard(request, user, number, sent, file=path.name)
        path.unlink(missing_ok=True)
        return secure(web.json_response({"language": await self._language(request, user)}))

    async def _heard(
        self, request: web.Request, user: str, number: str, heard: Heard, *, message_id: str = "", file: str = ""
    ) -> None:
        sender = Sender("web", user, self._guess(request))
        press = f"{user}/{number}" if isinstance(heard, Press) else ""
        event = Event(number, self.now_ms(), sender, heard)
        await self.hear(Incoming(event, user, press, message_id, file))

    # ----------------------------------------------------------------- things to load

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A picture, by its content: it can never change."""
        session_of(request)
        path = self.channel.picture(request.match_info["content"])
        if path is None or not path.is_file():
            raise web.HTTPNotFound
        with path.open("rb") as file:
            start = file.read(8)
        kind = next((kind for magic, kind in _PICTURES if start.startswith(magic)), "application/octet-stream")
        headers = {"Content-Type": kind, "Cache-Control": "private, max-age=31536000, immutable"}
        return secure(web.FileResponse(path, headers=headers))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A document of the chat, for whoever it was sent to."""
        session = session_of(request)
        name = request.match_info["name"]
        for role in ROLES:
            if found := self.channel.file(f"{session}-{role}", name):
                return _attachment(*found)
        raise web.HTTPNotFound

    async def results(self, request: web.Request) -> web.StreamResponse:
        """The results of a project as they stand now."""
        session_of(request)
        project = request.match_info["project"]
        path = await self.backstage.results(project)
        if path is None:
            raise web.HTTPNotFound
        return _attachment(path, f"{project}-results.csv")

    async def _stop(self, _app: web.Application) -> None:
        self.channel.close()


async def _tell(response: web.StreamResponse, name: str, data: str) -> None:
    await response.write(f"event: {name}\ndata: {data}\n\n".encode())


def _attachment(path: Path, name: str) -> web.StreamResponse:
    response = web.FileResponse(path, headers={"Cache-Control": "no-store", "Content-Type": "application/octet-stream"})
    if name.endswith(".csv"):
        response.content_type = "text/csv"
        response.charset = "utf-8"
    response.headers["Content-Disposition"] = _disposition(name)
    return secure(response)


def _disposition(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"
