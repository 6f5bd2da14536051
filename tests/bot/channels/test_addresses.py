"""Keys that open an address instead of being heard: on every channel."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from bot.channel import Button, Message
from bot.channels.fitting import keyboard
from bot.channels.terminal import Terminal
from bot.channels.web import _key

RULES = Button("Rules", "d1.0", "https://example.org/rules")
MORE = Button("More", "d1.1")


def test_on_telegram() -> None:
    rows = keyboard(Message("Hello", buttons=[[RULES], [MORE]]))
    assert rows == {
        "inline_keyboard": [
            [{"text": "Rules", "url": "https://example.org/rules"}],
            [{"text": "More", "callback_data": "d1.1"}],
        ]
    }


def test_on_the_page() -> None:
    assert [_key(RULES), _key(MORE)] == [
        {"label": "Rules", "url": "https://example.org/rules"},
        {"label": "More", "data": "d1.1"},
    ]


async def test_in_the_terminal(tmp_path: Path) -> None:
    out = io.StringIO()
    terminal = Terminal(Console(file=out, width=120), tmp_path, "x")
    await terminal.send("me", Message("Hello", buttons=[[RULES], [MORE]]))
    assert "Rules: https://example.org/rules" in out.getvalue()
    assert terminal.key("1") is None
    pressed = terminal.key("2")
    assert pressed is not None
    assert pressed[1] == "d1.1"
