"""What all screens of a case have in common: the item with its question, its picture, the reviewer's note."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.talk import Key, Line, Picture, Style
from tasks.projects.catalog import Known
from tasks.words import Join, Local, Words, _

_MOST_OF_ITEM = 2_000
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


def picture(known: Known, pictures: Mapping[str, str], shown: Mapping[str, str]) -> Picture | None:
    """The item's picture, if the project shows one."""
    content = pictures.get(known.spec.show.image or "")
    return Picture(content, shown.get(known.spec.show.text or "", "")) if content else None


def note(written: str) -> list[Line]:
    """The note, or how to write one."""
    if written:
        return [Line(_("Your note: {note}", note=written))]
    return [Line(_("To say why, write a message before you tap: the worker reads it."), Style.FAINT)]
