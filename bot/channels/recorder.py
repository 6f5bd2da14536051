"""A channel that only remembers: what each chat shows, for tests and simulated people."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.channel import Button, Gone, Message, PictureFile, Posted, Unchanged

_KEPT = 200


@dataclass(slots=True)
class Seen:
    """What one chat has shown: messages by id in order, the pinned ones, toasts, documents (name and content)."""

    messages: dict[str, Message] = field(default_factory=dict)
    pinned: list[Message] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    documents: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def last(self) -> Message:
        """The newest message."""
        return next(reversed(self.messages.values()))

    @property
    def last_id(self) -> str:
        """The newest message's id."""
        return next(reversed(self.messages))

    def button(self, label: str) -> Button:
        """The button whose label ends with this. Raises KeyError with the labels there are."""
        buttons = [button for row in self.last.buttons for button in row]
        for button in buttons:
            if button.label == label or button.label.endswith(f" {label}"):
                return button
        raise KeyError(label, [button.label for button in buttons])


class Recorder:
    """The channel ``test``, or another by name. It keeps the rules that all channels have in common."""

    def __init__(self, name: str = "test") -> None:
        self.name = name
        self.chats: defaultdict[str, Seen] = defaultdict(Seen)
        self._count = 0

    async def send(self, chat: str, message: Message) -> Posted:
        """Append."""
        self._count += 1
        seen = self.chats[chat]
        seen.messages[str(self._count)] = message
        if len(seen.messages) > _KEPT:
            del seen.messages[next(iter(seen.messages))]
        return Posted(str(self._count), _handle(message.picture))

    async def edit(self, chat: str, message_id: str, message: Message) -> Posted:
        """Replace, as Telegram would."""
        messages = self.chats[chat].messages
        before = messages.get(message_id)
        if before is None or (before.picture and not message.picture):
            raise Gone
        if before == message:
            raise Unchanged
        messages[message_id] = message
        return Posted(message_id, _handle(message.picture))

    async def delete(self, chat: str, message_id: str) -> None:
        """Remove."""
        self.chats[chat].messages.pop(message_id, None)

    async def pin(self, chat: str, message_id: str) -> None:
        """Remember which."""
        seen = self.chats[chat]
        if message_id not in seen.messages:
            raise Gone
        seen.pinned.append(seen.messages[message_id])

    async def answer(self, press: str, toast: str) -> None:
        """``press`` is the chat's id here."""
        if toast:
            self.chats[press].toasts.append(toast)

    async def album(self, chat: str, pictures: Sequence[PictureFile]) -> Sequence[Posted]:
        """One message a picture."""
        return [await self.send(chat, Message("", picture=picture)) for picture in pictures]

    async def document(self, chat: str, path: Path, name: str) -> Posted:
        """Keep its content."""
        self.chats[chat].documents.append((name, path.read_bytes()))  # noqa: ASYNC240 - small, and only in tests
        self._count += 1
        return Posted(str(self._count))

    async def fetch(self, handle: str, to: Path) -> Path:
        """A handle is a path here."""
        to.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - as above
        return Path(shutil.copy(handle, to))


def _handle(picture: PictureFile | None) -> str | None:
    return f"seen-{picture.content}" if picture else None
