"""A pinned note: each channel keeps it where it can, and one that is refused stops nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from bot.channel import Channel, ChannelError, Gone, Message
from bot.channels.recorder import Recorder
from bot.channels.terminal import Terminal
from bot.channels.web import Web
from bot.presenter import Presenter, View
from bot.translate import Translator
from handlers.talk import Key, Line, Note, Screen, Show


class Refusing(Recorder):
    """A channel that pins nothing."""

    async def pin(self, chat: str, message_id: str) -> None:
        """Not here."""
        raise ChannelError(f"not enough rights to pin {message_id} in {chat}")


def _view(*actions: Note | Show) -> View:
    return View(1, "en", "UTC", "ann", 1, None, "", actions, fresh=True)


@pytest.mark.parametrize("channel", [Recorder(), Refusing()])
async def test_a_note_is_pinned_and_the_screen_comes_below_whatever_happens(channel: Recorder) -> None:
    presenter = Presenter(channel, Translator(lambda: 0), None, lambda _receipt: None)  # type: ignore[arg-type]
    note, screen = Note([Line("kept")], pin=True), Screen([Line("Go on")], [[Key("On", "a.b")]])
    played = await presenter.play(_view(note, Show(screen)), "")
    assert played.shown
    assert [message.text for message in channel.chats["ann"].messages.values()] == ["kept", "Go on"]
    assert [message.text for message in channel.chats["ann"].pinned] == (
        [] if isinstance(channel, Refusing) else ["kept"]
    )


async def test_a_note_that_is_not_to_be_pinned_is_not() -> None:
    channel = Recorder()
    presenter = Presenter(channel, Translator(lambda: 0), None, lambda _receipt: None)  # type: ignore[arg-type]
    await presenter.play(_view(Note([Line("said")])), "")
    assert channel.chats["ann"].pinned == []


async def test_the_page_marks_it(tmp_path: Path) -> None:
    web = Web(tmp_path, lambda: 0, "run")
    posted = await web.send("ann", Message("kept"))
    with web.showing("ann") as page:
        await web.pin("ann", posted.id)
        assert await page.next(1) == ("edit", _shown(web, posted.id))
    with pytest.raises(Gone):
        await web.pin("ann", "nothing")


def _shown(web: Web, message_id: str) -> str:
    message = web.chat("ann").messages[message_id]
    assert message["pinned"]
    return json.dumps(message, ensure_ascii=False)


async def test_a_terminal_has_no_top(tmp_path: Path) -> None:
    said = io.StringIO()
    terminal: Channel = Terminal(Console(file=said), tmp_path, "run")
    posted = await terminal.send("ann", Message("kept"))
    before = said.getvalue()
    await terminal.pin("ann", posted.id)
    assert said.getvalue() == before
