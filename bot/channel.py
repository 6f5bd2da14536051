"""The contract that every channel keeps: eight verbs and five errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from handlers.talk import Event


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting of a stretch of text: ``style`` bold | italic | quote, offset and length in UTF-16 units."""

    style: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Button:
    """A key as a channel shows it: its label, and the data a press returns (at most 12 bytes), or what it opens."""

    label: str
    data: str
    url: str = ""
    """An address that opens instead: a press on it is not heard."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture to show: ``handle`` is the channel's own file id, if it has seen it; else ``path`` is uploaded."""

    content: str
    path: Path
    handle: str | None = None
    describes: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is asked to show, in the person's language, within the channel's limits."""

    text: str
    spans: Sequence[Span] = ()
    buttons: Sequence[Sequence[Button]] = ()
    picture: PictureFile | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that a channel has taken: its id, and the file id of its picture, if any."""

    id: str
    handle: str | None = None


class ChannelError(Exception):
    """A message could not be shown; nothing is lost, the next event shows the saved screen again."""


class Unchanged(ChannelError):
    """The message already says that."""


class Gone(ChannelError):
    """The message is deleted, too old, or of a kind that cannot be edited into this: send a new one."""


class Unanswered(ChannelError):
    """The channel is in trouble, or out of reach, and nobody knows whether it has arrived: it may go better later."""


class Blocked(ChannelError):
    """The person has blocked the bot, or is not there any more."""


class RetryAfter(ChannelError):
    """The channel asks to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:g} s")
        self.seconds = seconds


class Channel(Protocol):
    """Where people are. ``chat`` is the channel's id of the chat, ``message`` that of a message in it.

    All verbs raise only the five errors above, or ``ChannelError`` for anything else that failed.
    """

    name: str
    """``telegram``, ``web``, ``terminal``, ``test``: the same in ``Sender.channel``."""

    async def send(self, chat: str, message: Message) -> Posted:
        """Send a new message."""

    async def edit(self, chat: str, message_id: str, message: Message) -> Posted:
        """Replace a message in place. Raises Gone where it cannot be (text for a picture, too old)."""

    async def delete(self, chat: str, message_id: str) -> None:
        """Remove a message; one that is gone already is no error."""

    async def pin(self, chat: str, message_id: str) -> None:
        """Keep a message at the top of the chat, quietly; a channel that has no such place does nothing."""

    async def answer(self, press: str, toast: str) -> None:
        """Answer a press (its id at the channel) with a toast, ``""`` for none. Too old is no error."""

    async def album(self, chat: str, pictures: Sequence[PictureFile]) -> Sequence[Posted]:
        """Send 2 to 10 pictures together."""

    async def document(self, chat: str, path: Path, name: str) -> Posted:
        """Send a file."""

    async def fetch(self, handle: str, to: Path) -> Path:
        """Download a file that a person sent, into the folder ``to``; the path of it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event and what is needed to answer it at the channel.

    ``chat`` is where to show; ``press`` the channel's id of a press, for ``answer``; ``message_id`` the message
    that was pressed; ``file`` the handle of a document to ``fetch`` before the turn.
    """

    event: Event
    chat: str
    press: str = ""
    message_id: str = ""
    file: str = ""


Hear = Callable[[Incoming], Awaitable[None]]
"""What a channel calls for everything it receives (``bot.conversation.Conversations.hear``).

It returns when the event's effect is stored and shown; it never raises. Order within one chat is kept by
the callee, so a channel may call it for many updates at once.
"""
