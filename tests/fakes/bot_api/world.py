"""What the server remembers of chats: their messages, and who has blocked the bot."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.bot_api.refusal import Refused, bad

DELETABLE_SECONDS = 48 * 3600
_KEPT = ("message_id", "from", "chat", "date", "media_group_id")


@dataclass(slots=True)
class Chat:
    """One chat: ``messages`` by id in the order they were posted, ``blocked`` once the person wants no more."""

    id: int
    kind: str  # private | group | supergroup | channel
    title: str
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    frozen: set[int] = field(default_factory=set)
    blocked: str = ""
    pinned: list[int] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def json(self) -> dict[str, Any]:
        """As a message names its chat."""
        name = "first_name" if self.kind == "private" else "title"
        return {"id": self.id, "type": self.kind, name: self.title}

    def touch(self) -> None:
        """Wake whoever waits for a change of this chat."""
        self.changed.set()
        self.changed = asyncio.Event()


class World:
    """All chats of the one bot. ``now`` gives seconds since 1970."""

    def __init__(self, bot: dict[str, Any], now: Callable[[], float]) -> None:
        self.bot = bot
        self.now = now
        self.chats: dict[int, Chat] = {}
        self.walls = range(0)
        """Ids of people who are there and keep nothing: for benches with very many."""
        self._message_ids = itertools.count(1)

    def chat(self, chat_id: int, kind: str = "private", title: str = "Someone") -> Chat:
        """The chat of that id, made if it is new."""
        return self.chats.setdefault(chat_id, Chat(chat_id, kind, title))

    def reachable(self, chat_id: int) -> Chat:
        """A chat the bot may write to."""
        found = self.chats.get(chat_id)
        if found is None and chat_id in self.walls:
            return Chat(chat_id, "private", "Wall")
        if found is None:
            raise bad("chat not found")
        if found.blocked:
            raise Refused(403, f"Forbidden: {found.blocked}")
        return found

    def post(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        """A new message in the chat."""
        message = {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": chat.json(),
            "date": int(self.now()),
            **{name: value for name, value in content.items() if value not in (None, [], "")},
        }
        chat.messages[message["message_id"]] = message
        chat.touch()
        return message

    def editable(self, chat: Chat, message_id: int) -> dict[str, Any]:
        """A message of the bot's own that may still be edited."""
        message = chat.messages.get(message_id)
        if message is None:
            raise bad("message to edit not found")
        reply_keyboard = "keyboard" in message.get("reply_markup", {})
        if message["from"]["id"] != self.bot["id"] or message_id in chat.frozen or reply_keyboard:
            raise bad("message can't be edited")
        return message

    def change(self, chat: Chat, message: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        """Replace what a message says; refused if it says so already."""
        kept = {
            name: message[name] for name in ("message_id", "from", "chat", "date", "media_group_id") if name in message
        }
        wanted = kept | {name: value for name, value in content.items() if value not in (None, [], "")}
        if wanted == {name: value for name, value in message.items() if name != "edit_date"}:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        wanted["edit_date"] = int(self.now())
        chat.messages[message["message_id"]] = wanted
        chat.touch()
        return wanted

    def remove(self, chat: Chat, message_id: int) -> None:
        """Delete a message as the bot may."""
        message = chat.messages.get(message_id)
        if message is None:
            raise bad("message to delete not found")
        if message_id in chat.frozen or self.now() - message["date"] > DELETABLE_SECONDS:
            raise bad("message can't be deleted for everyone")
        del chat.messages[message_id]
        chat.touch()
