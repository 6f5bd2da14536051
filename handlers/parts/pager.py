"""A long list in pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from handlers.talk import Key

T = TypeVar("T")


def pages(total: int, size: int) -> int:
    """How many pages there are, at least one."""
    return max(1, -(-total // size))


def page_of(items: Sequence[T], page: int, size: int) -> tuple[int, Sequence[T]]:
    """The page that exists nearest to ``page``, and what is on it."""
    page = min(max(page, 0), pages(len(items), size) - 1)
    return page, items[page * size : (page + 1) * size]


def pager(to: str, page: int, total: int, size: int) -> Sequence[Sequence[Key]]:
    """The row of keys that turns pages; the keys keep their places, round and round. None for one page."""
    count = pages(total, size)
    if count == 1:
        return []
    return [
        [Key("‹", to, (page - 1) % count), Key(f"{page + 1} / {count}", to, page), Key("›", to, (page + 1) % count)]
    ]
