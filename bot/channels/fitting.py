"""A message within Telegram's limits: text cut by UTF-16 units, formatting as entities, keys as an inline keyboard."""

from __future__ import annotations

import re
from typing import Any

from bot.channel import Button, Message

_STYLES = {"bold": "bold", "italic": "italic", "quote": "blockquote"}
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*")
_MORE = "…"
_MOST_ENTITIES = 100


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def shorten(text: str, limit: int) -> str:
    """A text of at most ``limit`` UTF-16 units; where it had to be cut, it ends with an ellipsis."""
    if len(text) * 2 <= limit or units(text) <= limit:
        return text
    return text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + _MORE


def fit(message: Message, limit: int) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities. Telegram takes no blank text, so a blank one without a picture becomes an ellipsis."""
    text = shorten(message.text, limit)
    if message.picture is None and _INVISIBLE.fullmatch(text):
        return _MORE, []
    end = units(text) if message.spans else 0
    entities = [
        {"type": _STYLES[span.style], "offset": span.offset, "length": min(span.length, end - span.offset)}
        for span in message.spans
        if span.length > 0 and span.offset < end
    ]
    return text, entities[:_MOST_ENTITIES]


def keyboard(message: Message) -> dict[str, Any] | None:
    """The keys; None where there are none. A key that shows nothing gets an ellipsis, since none may be blank."""
    rows = [
        [{"text": _MORE if _INVISIBLE.fullmatch(key.label) else key.label, **_does(key)} for key in row]
        for row in message.buttons
        if row
    ]
    return {"inline_keyboard": rows} if rows else None


def _does(key: Button) -> dict[str, str]:
    return {"url": key.url} if key.url else {"callback_data": key.data}
