"""A screen in a person's language: text with spans, buttons with their data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.channel import Button, Message, PictureFile, Span
from handlers.talk import SAMPLE, Line, Screen, Style
from tasks.words import Words

_APART = frozenset({Style.STRONG, Style.HEAD})
"""A blank line stands above these, unless they come first."""
_SPANS = {Style.STRONG: "bold", Style.QUOTE: "quote", Style.FAINT: "italic"}
_TEXT, _CAPTION, _TOAST = 4096, 1024, 200
"""Limits of the Bot API, in UTF-16 units; other channels keep them too, so that all show the same."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SERIALS = 36**6


class Speaks(Protocol):
    """Puts words into a language (``bot.translate.Translator``)."""

    def words(self, words: Words, language: str, zone: str = "UTC") -> str:
        """The words as that person reads them."""


def message(
    screen: Screen,
    serial: int,
    speaks: Speaks,
    language: str,
    zone: str,
    aside: Words | None,
    picture: PictureFile | None,
) -> Message:
    """The screen as a channel shows it; ``aside`` is said above it."""
    lines = list(screen.lines)
    if aside is not None:
        lines.insert(0, Line(aside, Style.FAINT))
    text, spans = _text(lines, speaks, language, zone, _CAPTION if picture else _TEXT)
    buttons = [
        [Button(speaks.words(key.words, language, zone), data(serial, row, column)) for column, key in enumerate(keys)]
        for row, keys in enumerate(screen.keys)
    ]
    return Message(text, spans, buttons, picture)


def sample(screen: Screen, speaks: Speaks, language: str, zone: str, picture: PictureFile | None) -> Message:
    """A screen that only shows how it looks to others."""
    shown = message(screen, 0, speaks, language, zone, None, picture)
    buttons = [
        [Button(key.label, f"{SAMPLE}.{row}.{column}") for column, key in enumerate(keys)]
        for row, keys in enumerate(shown.buttons)
    ]
    return replace(shown, buttons=buttons)


def letter(
    lines: Sequence[Line],
    keys: Sequence[tuple[Words, str, str]],
    reader: tuple[Speaks, str, str],
    picture: PictureFile | None,
) -> Message:
    """A message of the bot's own accord: lines, and keys one below the other, each with its words, data and address.

    ``reader`` is who puts words into a language, that language, and the zone.
    """
    speaks, language, zone = reader
    text, spans = _text(lines, speaks, language, zone, _CAPTION if picture else _TEXT)
    buttons = [[Button(speaks.words(words, language, zone), pressed, url)] for words, pressed, url in keys]
    return Message(text, spans, buttons, picture)


def note(lines: Sequence[Line], speaks: Speaks, language: str, zone: str) -> Message:
    """Lines without keys."""
    text, spans = _text(lines, speaks, language, zone, _TEXT)
    return Message(text, spans)


def toast(words: Words, speaks: Speaks, language: str, zone: str) -> str:
    """A word on the side, cut to what a toast holds."""
    return cut(speaks.words(words, language, zone), _TOAST)


def data(serial: int, row: int, column: int) -> str:
    """What a key carries: ``serial.row.column``, at most 12 bytes."""
    return f"{_base36(serial % _SERIALS)}.{row}.{column}"


def read_data(text: str) -> tuple[str, int, int] | None:
    """Serial (as written), row and column; None for anything that ``data`` did not make."""
    parts = text.split(".")
    if len(parts) != 3 or len(text) > 12 or not text.isascii():  # noqa: PLR2004 - serial.row.column, 12 bytes
        return None
    serial, row, column = parts
    return (serial, int(row), int(column)) if row.isdigit() and column.isdigit() else None


def current(serial: int, written: str) -> bool:
    """Whether the written serial is this one."""
    return _base36(serial % _SERIALS) == written


def units(text: str) -> int:
    """Length in UTF-16 units, as the Bot API counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """At most ``limit`` UTF-16 units, with an ellipsis where something is left out."""
    if units(text) <= limit:
        return text
    raw = text.encode("utf-16-le")[: 2 * (limit - 1)]
    return raw.decode("utf-16-le", errors="ignore") + "…"


def _text(lines: Sequence[Line], speaks: Speaks, language: str, zone: str, limit: int) -> tuple[str, Sequence[Span]]:
    said = [(speaks.words(line.words, language, zone), line.style) for line in lines]
    said = [(text, style) for text, style in said if text]
    over = sum(units(text) + 2 for text, _style in said) - limit
    if over > 0:
        said = _shortened(said, over)
    out: list[str] = []
    spans: list[Span] = []
    at = 0
    for text, style in said:
        gap = "" if not out else "\n\n" if style in _APART else "\n"
        out += (gap, text)
        at += len(gap)
        length = units(text)
        if style in _SPANS:
            spans.append(Span(_SPANS[style], at, length))
        at += length
    return "".join(out), spans


def _shortened(said: Sequence[tuple[str, Style]], over: int) -> list[tuple[str, Style]]:
    """What is too long is taken from the longest line, half of it at most at a time: two long ones share the room."""
    kept = list(said)
    while over > 0:
        longest = max(range(len(kept)), key=lambda i: (kept[i][1] is not Style.STRONG, units(kept[i][0])))
        text, style = kept[longest]
        shorter = cut(text, max(1, units(text) - over, units(text) // 2))
        if units(shorter) == units(text):
            break
        over -= units(text) - units(shorter)
        kept[longest] = (shorter, style)
    return kept


def _base36(number: int) -> str:
    if number < len(_DIGITS):
        return _DIGITS[number]
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
