"""The terminal as a channel: messages are printed, keys have numbers, what is edited is drawn again below."""

from __future__ import annotations

import asyncio
import re
import shutil
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from bot.channel import Button, ChannelError, Gone, Hear, Incoming, Message, PictureFile, Posted, Span, Unchanged
from handlers.talk import Command, Event, Heard, Press, Said, Sender, Sent

_STYLES: Mapping[str, str] = {"bold": "bold", "italic": "dim italic", "quote": "cyan"}
_MESSAGES_KEPT = 200
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")


class Terminal:
    """The channel of one person at a terminal (``bot.channel.Channel``), or of a script through a pipe.

    ``run`` is a word that no other run used: it begins the ids of messages and events, so that the database
    never takes this run's for an earlier one's. ``folder`` is where documents for the person are put.
    """

    name = "terminal"

    def __init__(self, console: Console, folder: Path, run: str) -> None:
        self.run = run
        self._console = console
        self._folder = folder
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._current = ""
        self._count = 0

    # ----------------------------------------------------------------------- the eight verbs

    async def send(self, chat: str, message: Message) -> Posted:  # noqa: ARG002 - there is one chat
        """Print a message."""
        self._count += 1
        return await self._show(f"{self.run}-{self._count}", message)

    async def edit(self, chat: str, message_id: str, message: Message) -> Posted:  # noqa: ARG002 - as above
        """Print it again below: a terminal keeps what it has shown."""
        if message_id not in self._messages:
            raise Gone
        if self._messages[message_id] == message:
            raise Unchanged
        return await self._show(message_id, message)

    async def delete(self, chat: str, message_id: str) -> None:  # noqa: ARG002 - as above
        """Its keys can be pressed no more."""
        self._messages.pop(message_id, None)

    async def pin(self, chat: str, message_id: str) -> None:
        """A terminal has no top: it keeps what it has shown."""

    async def answer(self, press: str, toast: str) -> None:  # noqa: ARG002 - one press at a time
        """A dim line."""
        if toast:
            self._print(Text(f"· {_clean(toast)}", style="dim"))

    async def album(self, chat: str, pictures: Sequence[PictureFile]) -> Sequence[Posted]:
        """A line for each picture."""
        return [await self.send(chat, Message("", picture=picture)) for picture in pictures]

    async def document(self, chat: str, path: Path, name: str) -> Posted:
        """Put the file into the folder and say where it is."""
        return await self.send(chat, Message(f"📄 {_copied(path, self._folder, name)}"))

    async def fetch(self, handle: str, to: Path) -> Path:
        """A copy of the file whose path the person typed."""
        return _copied(Path(handle), to)

    # ----------------------------------------------------------------------- what is shown

    async def _show(self, message_id: str, message: Message) -> Posted:
        await asyncio.sleep(0)  # a press's toast is on its way at the same time: it goes above
        self._messages[message_id] = message
        self._messages.move_to_end(message_id)
        if len(self._messages) > _MESSAGES_KEPT:
            self._messages.popitem(last=False)
        if message.buttons:
            self._current = message_id
        self._print(Rule(style="dim") if self._console.is_terminal else Text(""))
        if message.picture:
            described = f" ({_clean(message.picture.describes)})" if message.picture.describes else ""
            self._print(Text(f"🖼  {message.picture.path}{described}", style="dim"))
        if message.text:
            self._print(_styled(message.text, message.spans))
        for row in _rows(message.buttons):
            self._print(row)
        return Posted(message_id)

    def _print(self, what: Text | Rule) -> None:
        self._console.print(what, soft_wrap=not self._console.is_terminal, highlight=False)

    # ----------------------------------------------------------------------- what is typed

    def key(self, typed: str) -> tuple[str, str] | None:
        """Message id and data of the key that was meant: by its number, or by its label in brackets."""
        message = self._messages.get(self._current)
        if message is None:
            return None
        for number, button in _numbered(message.buttons):
            if typed in {number, f"[{button.label}]"} and not button.url:
                return self._current, button.data
        return None


class Listener:
    """Turns what one person types into events. ``user`` is who they are at this channel."""

    def __init__(self, terminal: Terminal, hear: Hear, user: str, language: str, now_ms: Callable[[], int]) -> None:
        self._terminal, self._hear, self._now_ms = terminal, hear, now_ms
        self._sender = Sender(terminal.name, user, language)
        self._heard = 0

    async def typed(self, line: str) -> None:
        """Hear one line: a key's number, a command, ``/file PATH``, or a text; a backslash makes it a text."""
        said = line.strip()
        if pressed := self._terminal.key(said):
            await self.heard(Press(pressed[1]), message_id=pressed[0])
        elif found := re.fullmatch(r"/file\s+(.+)", said):
            await self._file(found[1])
        elif found := re.fullmatch(r"/(\w+)\s*(.*)", said):
            await self.heard(Command(found[1].lower(), found[2]))
        elif said:
            await self.heard(Said(line.rstrip("\r\n").removeprefix("\\")))

    async def _file(self, path: str) -> None:
        file = _file_at(path)
        if file is None:
            await self._terminal.answer("", f"? {path}")
            return
        what = "photo" if file.suffix.lower() in _PICTURES else "document"
        await self.heard(Sent(what, name=file.name), file=str(file))

    async def heard(self, heard: Heard, *, message_id: str = "", file: str = "") -> None:
        """Hand one thing to the bot; done when it is answered."""
        self._heard += 1
        number = f"{self._terminal.run}-{self._heard}"
        press = number if isinstance(heard, Press) else ""
        event = Event(number, self._now_ms(), self._sender, heard)
        await self._hear(Incoming(event, self._sender.user, press, message_id, file))


def _copied(source: Path, folder: Path, name: str = "") -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(source, folder / Path(name or source).name))
    except OSError as error:
        raise ChannelError(str(error)) from error


def _file_at(path: str) -> Path | None:
    file = Path(path).expanduser()
    return file if file.is_file() else None


def _numbered(rows: Iterable[Sequence[Button]]) -> list[tuple[str, Button]]:
    """Each button with what to type for it: a button whose label is a number has that one, the others what is left."""
    buttons = [button for row in rows for button in row]
    taken = {button.label for button in buttons if button.label.isdecimal()}
    free = (str(n) for n in range(1, len(buttons) + len(taken) + 1) if str(n) not in taken)
    return [(button.label if button.label in taken else next(free), button) for button in buttons]


def _rows(rows: Sequence[Sequence[Button]]) -> Iterable[Text]:
    numbered = iter(_numbered(rows))
    for row in rows:
        line = Text()
        for _button in row:
            number, button = next(numbered)
            line.append(f"[{number}]", style="bold blue")
            says = f"{button.label}: {button.url}" if button.url else button.label
            line.append(f" {_clean(says)}   " if button.label != number else "   ")
        line.rstrip()
        yield line


def _styled(text: str, spans: Sequence[Span]) -> Text:
    """The text with its spans, whose offsets count UTF-16 units."""
    units = text.encode("utf-16-le", "replace")
    line = Text(_clean(text))
    for span in spans:
        start = len(units[: 2 * span.offset].decode("utf-16-le", "replace"))
        end = len(units[: 2 * (span.offset + span.length)].decode("utf-16-le", "replace"))
        line.stylize(_STYLES.get(span.style, ""), start, end)
    return line


def _clean(text: str) -> str:
    """Without characters that would command the terminal."""
    return "".join("�" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)
