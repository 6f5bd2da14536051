"""The way to what was sent back, where something waits for a word: for the screens that one comes by."""

from __future__ import annotations

from handlers.flow import Visit
from handlers.talk import Key
from tasks.review.returned import count
from tasks.words import _n


def keys(visit: Visit) -> list[list[Key]]:
    """One key, or none."""
    n = count(visit.tx, visit.who.id, visit.now)
    return [[Key(_n("{n} answer was sent back", "{n} answers were sent back", n), "sent_back.home")]] if n else []
