"""Screens as JSON: how the current screen is kept in a conversation's row."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from handlers.talk import Key, Line, Picture, Screen, Style
from tasks.words import Join, Local, Moment, Money, Share, Text


def dump(screen: Screen) -> str:
    """The screen as JSON text."""
    picture = screen.picture
    return json.dumps(
        {
            "lines": [[_pack(line.words), line.style] for line in screen.lines],
            "keys": [[[_pack(key.words), key.to, key.value] for key in row] for row in screen.keys],
            "picture": None if picture is None else [picture.content, _pack(picture.describes)],
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
        [Line(_unpack(words), Style(style)) for words, style in data["lines"]],
        [[Key(_unpack(words), to, value) for words, to, value in row] for row in data["keys"]],
        None if picture is None else Picture(picture[0], _unpack(picture[1])),
        None if receipt is None else (receipt[0], receipt[1], receipt[2]),
    )


def key_at(text: str, row: int, column: int) -> Key | None:
    """One key of a saved screen; None where there is none."""
    rows = json.loads(text)["keys"] if text else []
    if row >= len(rows) or column >= len(rows[row]):
        return None
    _words, to, value = rows[row][column]
    return Key("", to, value)


def _pack(value: Any) -> Any:  # noqa: PLR0911 - one line a shape
    if isinstance(value, str | int):
        return value
    if isinstance(value, Text):
        return {"text": value.message, "values": {k: _pack(v) for k, v in value.values.items()}, "plural": value.plural}
    if isinstance(value, Local):
        return {"local": dict(value.by_language)}
    if isinstance(value, Join):
        return {"join": [_pack(part) for part in value.parts], "between": value.between}
    if isinstance(value, Money):
        return {"money": [value.minor, value.currency]}
    if isinstance(value, Share):
        return {"share": value.value}
    if isinstance(value, Moment):
        return {"moment": value.millis}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    return str(value)


def _unpack(value: Any) -> Any:  # noqa: PLR0911 - one line a shape
    if not isinstance(value, dict):
        return value
    if "text" in value:
        return Text(value["text"], {k: _unpack(v) for k, v in value["values"].items()}, value["plural"])
    if "local" in value:
        return Local(value["local"])
    if "join" in value:
        return Join([_unpack(part) for part in value["join"]], value["between"])
    if "money" in value:
        return Money(*value["money"])
    if "share" in value:
        return Share(value["share"])
    if "moment" in value:
        return Moment(value["moment"])
    return timedelta(seconds=value["seconds"])
