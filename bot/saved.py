"""Screens as JSON: how the current screen is kept in a conversation's row."""

from __future__ import annotations

import json

from bot.channel import Incoming
from bot.render import current, read_data
from handlers.talk import Key, Line, Picture, Press, Screen, Style
from tasks.kept import pack, unpack


def dump(screen: Screen) -> str:
    """The screen as JSON text."""
    picture = screen.picture
    return json.dumps(
        {
            "lines": [[pack(line.words), line.style] for line in screen.lines],
            "keys": [[[pack(key.words), key.to, key.value] for key in row] for row in screen.keys],
            "picture": None if picture is None else [picture.content, pack(picture.describes)],
            "receipt": screen.receipt,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def load(text: str) -> Screen:
    """The screen that ``dump`` made the text of."""
    data = json.loads(text)
    picture, receipt = data["picture"], data["receipt"]
    return Screen(
        [Line(unpack(words), Style(style)) for words, style in data["lines"]],
        [[Key(unpack(words), to, value) for words, to, value in row] for row in data["keys"]],
        None if picture is None else Picture(picture[0], unpack(picture[1])),
        None if receipt is None else (receipt[0], receipt[1], receipt[2]),
    )


def key_at(text: str, row: int, column: int) -> Key | None:
    """One key of a saved screen; None where there is none."""
    rows = json.loads(text)["keys"] if text else []
    if row >= len(rows) or column >= len(rows[row]):
        return None
    _words, to, value = rows[row][column]
    return Key("", to, value)


def pressed(incoming: Incoming, serial: int, screen: str, message_id: str) -> Key | None:
    """The key that was pressed, if it is one of the current screen, in the message that shows it."""
    heard = incoming.event.heard
    read = read_data(heard.data) if isinstance(heard, Press) else None
    if read is None or not current(serial, read[0]):
        return None
    if incoming.message_id and message_id and incoming.message_id != message_id:
        return None
    return key_at(screen, read[1], read[2])
