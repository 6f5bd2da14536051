"""What all screens of a case have in common: the item with its question, its picture, the reviewer's note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.ask import ASKS
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Picture, Screen, Style
from tasks.projects.catalog import Known
from tasks.words import Join, Local, Words, _

_MOST_OF_ITEM = 2_000
_MOST_READ = 3_500
_ROOM, _ROOM_BELOW_A_PICTURE = 2_000, 500
"""Characters of an item and an answer together that a screen shows whole beside all else."""
TO_REVIEWS = Key(_("To the reviews"), "review.home")


def item(known: Known, shown: Mapping[str, str], what: Words) -> list[Line]:
    """The head, the item's own text, the question."""
    text = shown.get(known.spec.show.text or "", "")
    text = text if len(text) <= _MOST_OF_ITEM else text[: _MOST_OF_ITEM - 1] + "…"
    return [
        Line(Join((Local(known.spec.title), " · ", what)), Style.HEAD),
        *([Line(text, Style.QUOTE)] if text else []),
        Line(Local(known.spec.question or known.spec.title), Style.STRONG),
    ]


def answer(known: Known, given: Any) -> Words:
    """An answer, a written one whole."""
    return str(given) if known.spec.kind == "text" else ASKS[known.spec.kind].words(known.spec, given)


def reading(
    known: Known, pictures: Mapping[str, str], shown: Mapping[str, str], given: Any, to: str
) -> list[list[Key]]:
    """The key that leads to all in full, where the screen has no room for it."""
    room = _ROOM_BELOW_A_PICTURE if picture(known, pictures, shown) else _ROOM
    texts = full(known, shown, given)
    return [[Key(_("Read all in full"), to, 0)]] if sum(len(text) for _head, text in texts) > room else []


def full(known: Known, shown: Mapping[str, str], given: Any) -> list[tuple[Words, str]]:
    """The item and the answer, as far as they are texts."""
    texts: list[tuple[Words, str]] = [(_("The item"), shown.get(known.spec.show.text or "", ""))]
    if known.spec.kind == "text":
        texts.append((_("The answer:"), str(given)))
    return [(head, text) for head, text in texts if text]


def read(texts: Sequence[tuple[Words, str]], page: int, to: str, back: Key) -> Screen:
    """One text a page, whole."""
    page, ((head, text),) = page_of(texts, page, 1)
    text = text if len(text) <= _MOST_READ else text[: _MOST_READ - 1] + "…"
    lines = [Line(head, Style.HEAD), Line(text, Style.QUOTE)]
    return Screen(lines, [[back], *pager(to, page, len(texts), 1)])


def picture(known: Known, pictures: Mapping[str, str], shown: Mapping[str, str]) -> Picture | None:
    """The item's picture, if the project shows one."""
    content = pictures.get(known.spec.show.image or "")
    return Picture(content, shown.get(known.spec.show.text or "", "")) if content else None


def note(written: str) -> list[Line]:
    """The note, or how to write one."""
    if written:
        return [Line(_("Your note: {note}", note=written))]
    return [Line(_("To say why, write a message before you tap: the worker reads it."), Style.FAINT)]
