"""Pools of two labels, and somebody who may take a quiz."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from db.session import Database, Tx
from db.tables import Person

POOL: Sequence[Mapping[str, Any]] = [
    *({"id": f"w{n}", "caption": f"work {n}"} for n in range(5)),
    *(
        {"id": f"p{n}", "caption": f"practice {n}", "gold": "cat", "split": "practice", "why": "It purrs."}
        for n in range(4)
    ),
    *({"id": f"c{n}", "caption": f"cat {n}", "gold": "cat", "split": "quiz"} for n in range(6)),
    *({"id": f"d{n}", "caption": f"dog {n}", "gold": "dog", "split": "quiz"} for n in range(6)),
]


def a_worker(database: Database, now: int, name: str = "worker", **columns: Any) -> int:
    """Somebody who has joined."""

    def join(tx: Tx) -> int:
        said = {"gate": 1, "age": 18, "language": "en", **columns}
        person = Person(channel="test", external_id=name, joined_at=now, **said)
        tx.orm.add(person)
        tx.orm.flush()
        assert person.id is not None
        return person.id

    return database.run(join).result()
