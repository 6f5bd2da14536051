"""People to write to, and what was sent to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.session import Database, Tx
from db.tables import Conversation, Person
from tasks.outreach.broadcast import Draft
from tasks.outreach.content import Content
from tests.conftest import NOON

HELLO: Mapping[str, str] = {"en": "New work is here.", "ko": "새 일이 있어요."}


def a_draft(**changes: Any) -> Draft:
    """A broadcast of a plain text to everybody, but for what is changed."""
    return Draft(**{"content": Content((HELLO,)), **changes})


def people(database: Database, *each: Mapping[str, Any]) -> list[int]:
    """Workers who have agreed, with these changes, each with a conversation; their numbers."""

    def turn(tx: Tx) -> list[int]:
        made: list[int] = []
        for number, changes in enumerate(each):
            values = {"channel": "test", "external_id": f"p{number}", "language": "en", "consent": "1", "gate": 1}
            person = Person(**{**values, "joined_at": NOON, "seen_day": NOON // 86_400_000, **changes})
            tx.orm.add(person)
            tx.orm.flush()
            tx.orm.add(Conversation(person_id=person.id or 0, chat=person.external_id))
            made.append(person.id or 0)
        tx.orm.flush()
        return made

    return database.run(turn).result()
