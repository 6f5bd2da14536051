"""What a person is to be told when they are next here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

from db.queries import people
from db.session import Tx
from tasks.kept import pack, unpack
from tasks.words import Words


def tell(tx: Tx, person: int, words: Words, now: int) -> None:
    """Keep it for them; it stands in their chat at whatever they do next. Nothing for whoever is erased."""
    if tx.run(people.TELLS, person=person):
        tx.run(people.TELL, person=person, now=now, words=json.dumps(pack(words), ensure_ascii=False))


def take(tx: Tx, person: int) -> Sequence[Words]:
    """What waits for them, the oldest first; it waits no longer."""
    told = [cast("Words", unpack(json.loads(row.words))) for row in tx.all(people.TOLD, person=person)]
    tx.run(people.DROP_TOLD, person=person)
    tx.run(people.NOTHING_TO_TELL, person=person)
    return told
