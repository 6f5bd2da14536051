"""What a person is to be told when they are next here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from db.queries import people
from db.session import Tx
from tasks.kept import pack, unpack
from tasks.words import Words


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: of what kind it is (``db.tables.people.Notice``), and its words."""

    topic: str
    words: Words


def tell(tx: Tx, person: int, words: Words, now: int, topic: str = "") -> None:
    """Keep it for them; it stands in their chat at whatever they do next. Nothing for whoever is erased."""
    if tx.run(people.TELLS, person=person):
        _keep(tx, person, words, now, topic, 1)


def tell_together(
    tx: Tx, person: int, topic: str, digest: Callable[[int, Words | None], Words], now: int, n: int = 1
) -> None:
    """Keep it with all that waits for them of the same ``topic``, as one notice.

    ``digest`` makes its words of how many things it tells now, and of its words so far (None for the first).
    """
    before = tx.one(people.TOLD_TOGETHER, person=person, topic=topic)
    if before is not None:
        words = digest(before.n + n, cast("Words", unpack(json.loads(before.words))))
        kept = json.dumps(pack(words), ensure_ascii=False)
        tx.run(people.TELL_MORE, notice=before.id, n=n, words=kept, now=now)
    elif tx.run(people.TELLS, person=person):
        _keep(tx, person, digest(n, None), now, topic, n)


def _keep(tx: Tx, person: int, words: Words, now: int, topic: str, n: int) -> None:
    kept = json.dumps(pack(words), ensure_ascii=False)
    tx.run(people.TELL, person=person, now=now, words=kept, topic=topic, n=n)


def take(tx: Tx, person: int) -> Sequence[Words]:
    """What waits for them, the oldest first; it waits no longer."""
    told = [_words(row) for row in tx.all(people.TOLD, person=person)]
    tx.run(people.DROP_TOLD, person=person)
    tx.run(people.NOTHING_TO_TELL, person=person)
    return told


def take_some(tx: Tx, person: int, wanted: Callable[[str], bool], most: int) -> Sequence[Told]:
    """Of what waits for them up to ``most`` of the kinds that are ``wanted``, the oldest first; the rest still waits.

    Their row is locked by whoever calls it.
    """
    rows = [row for row in tx.all(people.TOLD, person=person) if wanted(row.topic)][:most]
    tx.many(people.DROP_ONE_TOLD, [{"notice": row.id} for row in rows])
    tx.run(people.FEWER_TO_TELL, person=person)
    return [Told(row.topic, _words(row)) for row in rows]


def _words(row: people.Said) -> Words:
    return cast("Words", unpack(json.loads(row.words)))
