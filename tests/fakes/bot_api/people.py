"""People in front of the fake: they say, press and send, and see their screen."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.bot_api.files import Stored
from tests.fakes.bot_api.methods import Methods
from tests.fakes.bot_api.updates import Pending
from tests.fakes.bot_api.world import Chat

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it."""

    id: int
    text: str
    rows: Sequence[Sequence[str]]
    photo: str
    raw: dict[str, Any] = field(repr=False)

    @property
    def labels(self) -> list[str]:
        """All keys, row by row."""
        return [label for row in self.rows for label in row]

    def styled(self, kind: str) -> list[str]:
        """The stretches of text that are set in bold, italic or as a blockquote."""
        encoded = self.text.encode("utf-16-le")
        entities = self.raw.get("entities") or self.raw.get("caption_entities") or []
        return [
            encoded[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
            for one in entities
            if one["type"] == kind
        ]


def seen(message: dict[str, Any]) -> Seen:
    """What is visible of a message."""
    rows = [[button["text"] for button in row] for row in message.get("reply_markup", {}).get("inline_keyboard", [])]
    photo = message["photo"][-1]["file_id"] if "photo" in message else ""
    return Seen(message["message_id"], message.get("text", message.get("caption", "")), rows, photo, message)


class Place:
    """A chat as seen from outside."""

    def __init__(self, methods: Methods, chat: Chat, numbers: itertools.count[int]) -> None:
        self.chat = chat
        self.id = chat.id
        self._methods = methods
        self._world = methods.world
        self._numbers = numbers

    @property
    def messages(self) -> list[Seen]:
        """Everything the bot has written here that still stands, oldest first."""
        bot = self._world.bot["id"]
        return [seen(message) for message in self.chat.messages.values() if message["from"]["id"] == bot]

    @property
    def screen(self) -> Seen:
        """The newest message of the bot's with keys; the newest one at all where none has keys."""
        messages = self.messages
        return next((message for message in reversed(messages) if message.rows), messages[-1])

    @property
    def last(self) -> Seen:
        """The newest message of the bot's."""
        return self.messages[-1]

    @property
    def toasts(self) -> list[str]:
        """What popped up, oldest first."""
        return self.chat.toasts

    async def sees(self, what: str | Callable[[], bool]) -> Seen:
        """Wait until a text stands in the screen or the last message (or until ``what()`` holds)."""
        holds = what if callable(what) else lambda: self._shows(what)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                await self.chat.changed.wait()
        return self.screen

    def _shows(self, text: str) -> bool:
        return bool(self.messages) and (text in self.screen.text or text in self.last.text)

    def freeze(self, message_id: int) -> None:
        """From now on the message can be neither edited nor deleted: it is too old."""
        self.chat.frozen.add(message_id)

    def clears(self, message_id: int) -> None:
        """The person deletes a message from the chat."""
        del self.chat.messages[message_id]

    async def _happens(self, kind: str, queue: str, content: dict[str, Any], *, wait: bool) -> Pending | None:
        pending = self._methods.updates.add(kind, queue, content)
        if pending is not None and wait:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await pending.confirmed.wait()
        return pending


class Person(Place):
    """Somebody who talks with the bot, here or in a group (``within``).

    Every deed waits until the bot has taken the update, unless ``wait=False``.
    """

    def __init__(self, methods: Methods, chat: Chat, numbers: itertools.count[int], user: dict[str, Any]) -> None:
        super().__init__(methods, chat, numbers)
        self.user = user

    def within(self, place: Place) -> Person:
        """The same person, speaking in a group."""
        return Person(self._methods, place.chat, self._numbers, self.user)

    async def says(self, text: str, *, wait: bool = True) -> Pending | None:
        """Write a text; one that begins with a slash is marked as a command."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return await self._message(content, wait=wait)

    async def forwards(self, text: str, *, wait: bool = True) -> Pending | None:
        """Pass on somebody else's text."""
        origin = {"type": "hidden_user", "sender_user_name": "Someone", "date": int(self._world.now())}
        return await self._message({"text": text, "forward_origin": origin}, wait=wait)

    async def edits(self, message_id: int, text: str, *, wait: bool = True) -> Pending | None:
        """Change a message of their own."""
        message = self.chat.messages[message_id]
        message |= {"text": text, "edit_date": int(self._world.now())}
        return await self._happens("edited_message", f"m{self.id}", dict(message), wait=wait)

    async def sends_photo(self, caption: str = "", *, wait: bool = True) -> Pending | None:
        """Send a photo, which Telegram keeps in several sizes."""
        sizes = [self._file("Photo", "", b"jpeg", sides=(side, side)).json() for side in (90, 1280)]
        return await self._message({"photo": sizes, "caption": caption}, wait=wait)

    async def sends_document(
        self, body: bytes, name: str, caption: str = "", *, size: int | None = None, wait: bool = True
    ) -> Pending | None:
        """Send a file; ``size`` lets it claim to be larger than it is."""
        document = self._file("Document", name, body, size=size).json()
        return await self._message({"document": document, "caption": caption}, wait=wait)

    async def sends_sticker(self, *, wait: bool = True) -> Pending | None:
        """Send a sticker."""
        sticker = self._file("Sticker", "", b"webp", sides=(512, 512)).json()
        return await self._message({"sticker": sticker}, wait=wait)

    async def sends_voice(self, *, wait: bool = True) -> Pending | None:
        """Send a voice message."""
        return await self._message({"voice": self._file("Voice", "", b"ogg").json()}, wait=wait)

    async def sends_video(self, *, wait: bool = True) -> Pending | None:
        """Send a video."""
        return await self._message({"video": self._file("Video", "", b"mp4").json()}, wait=wait)

    async def sends_dice(self, *, wait: bool = True) -> Pending | None:
        """Send something that no bot asks for."""
        return await self._message({"dice": {"emoji": "🎲", "value": 4}}, wait=wait)

    async def shares_contact(self, phone: str = "+8210000000", *, wait: bool = True) -> Pending | None:
        """Share their own number."""
        contact = {"phone_number": phone, "first_name": self.user["first_name"], "user_id": self.user["id"]}
        return await self._message({"contact": contact}, wait=wait)

    async def shares_location(self, latitude: float, longitude: float, *, wait: bool = True) -> Pending | None:
        """Share a place."""
        return await self._message({"location": {"latitude": latitude, "longitude": longitude}}, wait=wait)

    async def presses(self, label: str, message: Seen | None = None, *, wait: bool = True) -> Pending | None:
        """Tap a key by its label (or the end of it), on the screen or on an older message."""
        message = message or self.screen
        data = [
            button["callback_data"]
            for row in message.raw["reply_markup"]["inline_keyboard"]
            for button in row
            if button["text"] == label or button["text"].endswith(f" {label}")
        ]
        if not data:
            raise LookupError(f"no key {label!r} among {message.labels}")
        return await self.forges(data[0], message, wait=wait)

    async def forges(self, data: str, message: Seen | None = None, *, wait: bool = True) -> Pending | None:
        """A press with any data on any message, as a tampered app would send it."""
        message = message or self.screen
        query = f"{next(self._numbers) + 10**15}"
        self._methods.queries[query] = self.chat
        gone = {"message_id": message.id, "date": 0, "chat": self.chat.json()}
        content = {
            "id": query,
            "from": self.user,
            "chat_instance": f"{self.id}",
            "data": data,
            "message": self.chat.messages.get(message.id, gone),
        }
        return await self._happens("callback_query", f"q{self.user['id']}", content, wait=wait)

    async def blocks(self, *, wait: bool = True) -> Pending | None:
        """Stop the bot."""
        self.chat.blocked = "bot was blocked by the user"
        return await self._member("member", "kicked", wait=wait)

    async def unblocks(self, *, wait: bool = True) -> Pending | None:
        """Start the bot again."""
        self.chat.blocked = ""
        return await self._member("kicked", "member", wait=wait)

    async def _member(self, before: str, after: str, *, wait: bool) -> Pending | None:
        def status(word: str) -> dict[str, Any]:
            return {"user": self._world.bot, "status": word} | ({"until_date": 0} if word == "kicked" else {})

        content = {
            "chat": self.chat.json(),
            "from": self.user,
            "date": int(self._world.now()),
            "old_chat_member": status(before),
            "new_chat_member": status(after),
        }
        return await self._happens("my_chat_member", f"b{self.user['id']}", content, wait=wait)

    async def _message(self, content: dict[str, Any], *, wait: bool) -> Pending | None:
        message = self._world.post(self.chat, self.user, content)
        kind = "channel_post" if self.chat.kind == "channel" else "message"
        return await self._happens(kind, f"m{self.id}", dict(message), wait=wait)

    def _file(
        self, kind: str, name: str, body: bytes, *, size: int | None = None, sides: tuple[int, int] = (1, 1)
    ) -> Stored:
        return self._methods.files.add(kind, name, body, size=size, sides=sides)


def person_user(user_id: int, language_code: str, name: str) -> dict[str, Any]:
    """A User; without a language code where the app told none."""
    user = {"id": user_id, "is_bot": False, "first_name": name}
    return user | ({"language_code": language_code} if language_code else {})
