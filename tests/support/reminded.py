"""People who are reminded: what waits in the queue, and what the courier would do with it now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import text

from db.session import Database, Tx
from tasks.outreach import occasions, reminders
from tasks.outreach.queue import Go, read
from tasks.projects.catalog import Catalog
from tasks.words import Words
from tests.conftest import Clock


class Queued(NamedTuple):
    """A delivery that waits."""

    id: int
    person: int
    topic: str
    cause: str | None
    words: str | None
    due_at: int
    state: str


@dataclass
class Post:
    """A queue, and somebody who takes from it; ``sent`` is what went out: person, topic, moment, words."""

    database: Database
    clock: Clock
    catalog: Catalog = field(default_factory=Catalog)
    per_day: int = reminders.PER_DAY
    sent: list[tuple[int, str, int, Words]] = field(default_factory=list)

    def change(self, sql: str, **values: Any) -> None:
        """Change rows by hand."""
        self.database.run(lambda tx: tx.connection.execute(text(sql), values)).result()

    def queued(self, state: str = "queued") -> list[Queued]:
        """What there is in that state."""
        sql = "SELECT id, person_id, topic, cause, words, due_at, state FROM delivery WHERE state = :state ORDER BY id"
        rows = self.database.run(lambda tx: tx.connection.execute(text(sql), {"state": state}).all()).result()
        return [Queued(*row) for row in rows]

    def look(self) -> None:
        """What the clock does every minute."""
        now = self.clock()

        def turn(tx: Tx) -> None:
            occasions.unfinished(tx, self.catalog, now)
            occasions.waiting(tx, now, 0)
            for project, _at in occasions.opened(tx, now):
                occasions.new_work(tx, self.catalog, project, 0, now)

        self.database.run(turn).result()

    def when(self, delivery: Queued) -> int | None:
        """What is said of it at this moment."""
        return self.database.run(
            lambda tx: reminders.when(tx, self.catalog, delivery, self.clock(), self.per_day)
        ).result()

    def post(self) -> list[tuple[Words, Go | None]]:
        """Take all that is due, drop what is not wanted, put off what is too early; what was sent now."""
        taken = [delivery for delivery in self.queued() if delivery.due_at <= self.clock()]
        for delivery in taken:
            self.change(
                "UPDATE delivery SET state = 'sending', taken_at = :now WHERE id = :id",
                id=delivery.id,
                now=self.clock(),
            )
        to_send = []
        for delivery in taken:
            moment = self.when(delivery)
            if moment is not None and moment > self.clock():
                self.change(
                    "UPDATE delivery SET state = 'queued', taken_at = NULL, due_at = :at WHERE id = :id",
                    id=delivery.id,
                    at=moment,
                )
            elif moment is not None:
                to_send.append(delivery.id)
        return [self._send(number) for number in to_send]

    def _send(self, number: int) -> tuple[Words, Go | None]:
        kept = next(one for one in self.queued("sending") if one.id == number)
        self.change(
            "UPDATE delivery SET state = 'sent', sent_at = :now, taken_at = NULL WHERE id = :id",
            id=number,
            now=self.clock(),
        )
        words, go = read(kept.words or "{}")
        self.sent.append((kept.person, kept.topic, self.clock(), words))
        return words, go
