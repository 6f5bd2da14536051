"""The browser as a channel: chats are kept in memory and pushed to the pages that show them."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.channel import Button, ChannelError, Gone, Message, PictureFile, Posted, Unchanged

_MOST_MESSAGES = 200
_MOST_CHATS = 500
_MOST_WAITING = 500
"""Pushes that may wait for one page; a page that is slower is let go, comes back and gets the whole chat."""

Push = tuple[str, str]
"""Name of a server-sent event, and its data as JSON."""


class Page:
    """One open page (a tab): what is waiting to be pushed to it."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Push | None] = asyncio.Queue()

    def push(self, what: Push | None) -> None:
        """Hand something to the page; ``None`` ends its stream."""
        if self._waiting.qsize() < _MOST_WAITING:
            self._waiting.put_nowait(what)
        elif self._waiting.qsize() == _MOST_WAITING:
            self._waiting.put_nowait(None)

    async def next(self, seconds: float) -> Push | None:
        """The next push. Raises TimeoutError when there is none for that long."""
        return await asyncio.wait_for(self._waiting.get(), seconds)


@dataclass
class Chat:
    """What one person sees: the last messages by id, in order, and the pages that show them."""

    messages: OrderedDict[str, dict[str, Any]] = field(default_factory=OrderedDict)
    pages: set[Page] = field(default_factory=set)
    greeted: bool = False
    """Whether the bot was asked to show itself, so that two pages do not ask twice."""


class Web:
    """The channel of browser pages (``bot.channel.Channel``).

    ``run`` is a word that no other run of the process used: it begins every message id, so that an id that the
    database remembers from an earlier run is Gone, never somebody else's message. ``folder`` keeps copies of
    the documents that people may download, until their message is forgotten, and of the files they send.
    Pictures get no handle: the file itself is at hand, and the page keeps what it has loaded.
    """

    name = "web"

    def __init__(self, folder: Path, now_ms: Callable[[], int], run: str) -> None:
        self.folder = folder
        self.run = run
        self._now_ms = now_ms
        self._chats: OrderedDict[str, Chat] = OrderedDict()
        self._pictures: dict[str, Path] = {}
        self._count = 0

    # ----------------------------------------------------------------- the eight verbs

    async def send(self, chat: str, message: Message) -> Posted:
        """Append a message."""
        return self._append(chat, self._shown(message))

    async def edit(self, chat: str, message_id: str, message: Message) -> Posted:
        """Replace a message where it stands."""
        messages = self.chat(chat).messages
        if message_id not in messages:
            raise Gone
        old = messages[message_id]
        new = {"id": message_id, "at": old["at"], **self._shown(message)}
        if new == old:
            raise Unchanged
        messages[message_id] = new
        self._push(chat, "edit", new)
        return Posted(message_id)

    async def delete(self, chat: str, message_id: str) -> None:
        """Take a message away."""
        if self.chat(chat).messages.pop(message_id, None) is not None:
            self._push(chat, "delete", {"id": message_id})

    async def pin(self, chat: str, message_id: str) -> None:
        """Mark a message as pinned."""
        message = self.chat(chat).messages.get(message_id)
        if message is None:
            raise Gone
        message["pinned"] = True
        self._push(chat, "edit", message)

    async def answer(self, press: str, toast: str) -> None:
        """Show a toast on the pages of whoever pressed."""
        chat, _, number = press.partition("/")
        self._push(chat, "toast", {"press": number, "text": toast})

    async def album(self, chat: str, pictures: Sequence[PictureFile]) -> Sequence[Posted]:
        """Append one message with several pictures."""
        return [self._append(chat, {"album": [self._picture(picture) for picture in pictures]})]

    async def document(self, chat: str, path: Path, name: str) -> Posted:
        """Append a link to a copy of the file."""
        self._count += 1
        copy = self.folder / "out" / f"{self.run}-{self._count}"
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            await asyncio.to_thread(shutil.copyfile, path, copy)
        except OSError as error:
            raise ChannelError(str(error)) from error
        file = {"href": f"/chat/files/{copy.name}", "name": name, "size": copy.stat().st_size}
        return self._append(chat, {"file": file})

    async def fetch(self, handle: str, to: Path) -> Path:
        """Move a file that a page sent into the folder ``to``."""
        source = self.folder / "in" / Path(handle).name
        target = to / source.name
        try:
            to.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a moment
            await asyncio.to_thread(shutil.move, source, target)
        except OSError as error:
            raise ChannelError(str(error)) from error
        return target

    # ----------------------------------------------------------------- for the pages

    def chat(self, chat: str) -> Chat:
        """A chat; a new one is empty. The longest unused is forgotten when there are too many."""
        found = self._chats.setdefault(chat, Chat())
        self._chats.move_to_end(chat)
        while len(self._chats) > _MOST_CHATS:
            _, forgotten = self._chats.popitem(last=False)
            for message in forgotten.messages.values():
                self._forget(message)
        return found

    def mine(self, chat: str, message_id: str, shown: dict[str, Any]) -> None:
        """Keep what the person said or sent; once, however often the page says it."""
        if message_id not in self.chat(chat).messages:
            self._keep(chat, {"id": message_id, "at": self._now_ms(), "mine": True, **shown})

    @contextmanager
    def showing(self, chat: str) -> Iterator[Page]:
        """A page that gets everything pushed to the chat."""
        page = Page()
        pages = self.chat(chat).pages
        pages.add(page)
        try:
            yield page
        finally:
            pages.discard(page)

    def picture(self, content: str) -> Path | None:
        """The file of a picture that was shown on some page."""
        return self._pictures.get(content)

    def file(self, chat: str, name: str) -> tuple[Path, str] | None:
        """The copy of a document of this chat, and the name to save it under."""
        for message in self.chat(chat).messages.values():
            if "file" in message and message["file"].get("href") == f"/chat/files/{name}":
                return self.folder / "out" / name, message["file"]["name"]
        return None

    def close(self) -> None:
        """End the streams of all pages."""
        for chat in self._chats.values():
            for page in chat.pages:
                page.push(None)

    # ----------------------------------------------------------------- inside

    def _append(self, chat: str, shown: dict[str, Any]) -> Posted:
        self._count += 1
        message_id = f"{self.run}-{self._count}"
        self._keep(chat, {"id": message_id, "at": self._now_ms(), **shown})
        return Posted(message_id)

    def _keep(self, chat: str, message: dict[str, Any]) -> None:
        messages = self.chat(chat).messages
        messages[message["id"]] = message
        while len(messages) > _MOST_MESSAGES:
            self._forget(messages.popitem(last=False)[1])
        self._push(chat, "message", message)

    def _forget(self, message: dict[str, Any]) -> None:
        href = message.get("file", {}).get("href", "")
        if href:
            (self.folder / "out" / Path(href).name).unlink(missing_ok=True)

    def _push(self, chat: str, name: str, data: dict[str, Any]) -> None:
        text = json.dumps(data, ensure_ascii=False)
        for page in self.chat(chat).pages:
            page.push((name, text))

    def _shown(self, message: Message) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "text": message.text,
            "spans": [[span.style, span.offset, span.length] for span in message.spans],
            "keys": [[_key(button) for button in row] for row in message.buttons],
        }
        if message.picture is not None:
            shown["picture"] = self._picture(message.picture)
        return shown

    def _picture(self, picture: PictureFile) -> dict[str, str]:
        self._pictures[picture.content] = picture.path
        return {"src": f"/chat/media/{picture.content}", "alt": picture.describes}


def _key(button: Button) -> dict[str, str]:
    return {"label": button.label, "url": button.url} if button.url else {"label": button.label, "data": button.data}
