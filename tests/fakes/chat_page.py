"""A scripted bot behind the chat page: a few items, no database; for what the page and its routes do by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from bot.channel import Button, Incoming, Message, PictureFile, Span
from bot.channels.web import Web
from bot.web.chat import ChatRoutes
from handlers.talk import Command, Press, Said, Sent
from tasks.words import Text, Words

ITEMS = ("The parcel came <b>late</b> & the box was wet.", "Where can I change my address?", "مرحبا 123 (!)", "Lovely!")


@dataclass
class ScriptedBot:
    """Asks item after item in one message; remembers what it heard."""

    channel: Web
    picture: Path
    heard: list[Incoming] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    at: dict[str, tuple[str, int]] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before it answers."""
    linger: float = 0.0
    """Seconds between what it shows and its return."""

    async def hear(self, incoming: Incoming) -> None:
        """Take an event; the same id again has no effect."""
        event = incoming.event
        if (event.sender.user, event.id) in self.seen:
            return
        self.seen.add((event.sender.user, event.id))
        self.heard.append(incoming)
        await asyncio.sleep(self.delay)
        await self._answer(incoming)
        await asyncio.sleep(self.linger)

    async def _answer(self, incoming: Incoming) -> None:
        chat, heard = incoming.chat, incoming.event.heard
        if isinstance(heard, Command | Said):
            text = "Welcome!" if isinstance(heard, Command) else f"You said: {heard.text}"
            await self.channel.send(chat, Message(text, [Span("bold", 0, 7)]))
            posted = await self.channel.send(chat, self.item(0))
            self.at[chat] = (posted.id, 0)
        elif isinstance(heard, Press):
            await self._pressed(incoming, heard)
        elif isinstance(heard, Sent) and incoming.file:
            path = await self.channel.fetch(incoming.file, self.channel.folder / "fetched")
            await self.channel.document(chat, path, f"copy of {heard.name}")

    async def _pressed(self, incoming: Incoming, heard: Press) -> None:
        message_id, number = self.at[incoming.chat]
        serial, _, label = heard.data.partition(".")
        if serial != str(number):
            await self.channel.answer(incoming.press, "Go on here: that key belongs to an earlier message.")
            return
        if label == "more":
            await self.channel.send(incoming.chat, Message("What would you like?"))
            return
        await self.channel.edit(incoming.chat, message_id, self.item(number + 1))
        self.at[incoming.chat] = (message_id, number + 1)
        await self.channel.answer(incoming.press, f"✓ {label}")

    def item(self, number: int) -> Message:
        """An item with its keys; every second one has a picture."""
        text = ITEMS[number % len(ITEMS)]
        head = f"Shop messages · {number + 1} of 20\n"
        units = len(text.encode("utf-16-le")) // 2
        spans = [Span("quote", len(head), units), Span("bold", len(head) + units + 2, 20)]
        keys = [
            [Button("Complaint", f"{number}.Complaint"), Button("Question", f"{number}.Question")],
            [Button("Praise", f"{number}.Praise")],
            [Button("Skip", f"{number}.Skip"), Button("⋯", f"{number}.more")],
        ]
        picture = PictureFile("ab" * 32, self.picture, describes="A red box") if number % 2 else None
        return Message(f"{head}{text}\n\nWhat does it say here", spans, keys, picture)


class Backstage:
    """A board that never changes, one project with results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.language = ""

    async def language_of(self, _user: str) -> str:
        """What the test has set."""
        return self.language

    async def board(self, _user: str, _language: str) -> Mapping[str, Any]:
        """Always the same."""
        row: dict[str, Any] = {"text": "Shop messages", "note": "12 of 48 agreed", "share": 0.25}
        row |= {"href": "/chat/results/shop.csv", "link": "Download results"}
        return {"sum": "40 answers · 12 of 48 agreed", "share": 0.25, "cards": [{"head": "Projects", "rows": [row]}]}

    async def results(self, project: str) -> Path | None:
        """One row, for one project."""
        if project != "shop":
            return None
        path = self.folder / "results.csv"
        path.write_text("task_id,label\n1,praise\n", encoding="utf-8")
        return path

    def commands(self, _user: str) -> Sequence[tuple[str, Words]]:
        """Two."""
        return [("start", "Start"), ("language", "Change the language")]


def english(words: Words, _language: str) -> str:
    """Words without a catalogue."""
    if isinstance(words, Text):
        return words.message.format(**words.values)
    return str(words)


def negotiate(wanted: str) -> str:
    """English and Korean."""
    return wanted[:2] if wanted[:2] in {"en", "ko"} else ""


def scripted_bot(channel: Web, folder: Path) -> ScriptedBot:
    """The bot, with its picture drawn."""
    Image.new("RGB", (400, 300), "#c0392b").save(folder / "red.png")
    return ScriptedBot(channel, folder / "red.png")


def chat_routes(bot: ScriptedBot, folder: Path, now: Callable[[], int]) -> ChatRoutes:
    """The page's routes over the bot."""
    return ChatRoutes(bot.channel, bot.hear, Backstage(folder), english, negotiate, now)
