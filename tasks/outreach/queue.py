"""The queue of messages that the bot sends of its own accord: one to one person, in words not yet in a language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from db.queries import outreach
from db.session import Tx
from tasks.kept import pack, unpack
from tasks.words import Words

TOPICS = ("broadcast", "assignment", "qualification", "new", "notice", "digest")
"""What such a message is about: each has a switch of its own (``Person.muted``)."""


@dataclass(frozen=True, slots=True)
class Go:
    """The key below a message: its words, what hears the press (``flow.verb``), and the value that goes with it."""

    words: Words
    to: str
    value: Any = None


def remind(
    tx: Tx,
    person: int,
    topic: str,
    cause: str,
    words: Words,
    now: int,
    *,
    go: Go | None = None,
    due_at: int | None = None,
) -> bool:
    """Queue one message to a person, once for each ``cause``, not before ``due_at`` (milliseconds).

    False where nothing is queued: this cause has reminded already, or they are erased, have blocked the bot, or have
    said that they want no messages of this topic.
    """
    key = [pack(go.words), go.to, go.value] if go else None
    kept = json.dumps({"words": pack(words), "go": key}, ensure_ascii=False)
    values = {"person": person, "topic": topic, "cause": cause, "words": kept, "muted": f'%"{topic}"%'}
    return bool(tx.run(outreach.REMIND, due=now if due_at is None else due_at, **values))


def read(kept: str) -> tuple[Words, Go | None]:
    """Words and key as ``remind`` has kept them."""
    packed = json.loads(kept)
    words, key = cast("Words", unpack(packed["words"])), packed["go"]
    return words, Go(cast("Words", unpack(key[0])), key[1], key[2]) if key else None
