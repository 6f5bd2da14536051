"""A project of texts that are asked once, and a desk at which one answer after the other is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from db.queries.work import LEASE
from db.session import Database, Tx
from db.statement import Statement
from tasks import cases, notices
from tasks.assignment import answering
from tasks.money import ledger
from tasks.projects.catalog import Known
from tasks.review import seats, voting
from tests.property.rig import ENROLMENTS, INVARIANTS
from tests.tasks.review.disputes import NEVER, Room, a_room

TEXT: Mapping[str, Any] = {
    "kind": "text",
    "labels": [],
    "overlap": 1,
    "review": {
        "redo_within": "2h",
        "reasons": [
            {"key": "short", "text": {"en": "Too short", "ko": "너무 짧아요"}, "pay": 0.5},
            {"key": "rude", "text": {"en": "Rude", "ko": "무례해요"}},
        ],
    },
}
HOLDS = tuple(one for one in INVARIANTS if one is not ENROLMENTS)
"""The counts of a worker are held against labels, which a text has none of."""


class Balance(NamedTuple):
    """What an account holds."""

    balance: int


BALANCE = Statement("SELECT balance FROM account WHERE id = :id", Balance)


@dataclass(slots=True)
class Desk:
    """A room in which one answer after the other is looked at."""

    room: Room

    def say(self, value: Any, note: str = "", reviewer: int = 0) -> voting.Outcome:
        """The next answer, looked at slowly."""
        room, who = self.room, self.room.reviewers[reviewer]
        seated = room.run(lambda tx, known: seats.take(tx, known, who, "answer", room.now, NEVER))
        assert seated is not None
        room.now += 60_000
        return room.run(lambda tx, known: voting.vote(tx, known, who.id, seated.case.id, value, note, room.now))

    def answer(self, worker: int, answer: str) -> None:
        """One of the workers answers what comes."""
        self.room.answer(self.room.rig.workers[worker], answer)

    def state(self, worker: int = 0, task: int = 1) -> str:
        """Of an assignment."""
        who = self.room.rig.workers[worker]
        lease = self.room.run(lambda tx, known: tx.one(LEASE, project=known.id, task=task, worker=who))
        return lease.state if lease else ""

    def money(self, worker: int = 0) -> tuple[int, int]:
        """Pending and payable."""
        who = self.room.rig.workers[worker]

        def turn(tx: Tx, _known: Known) -> tuple[int, int]:
            held = [tx.one(BALANCE, id=ledger.of_person(tx, kind, who, "KRW")) for kind in ("pending", "payable")]
            return tuple(row.balance if row else 0 for row in held)  # type: ignore[return-value] # two of them

        return self.room.run(turn)

    def told(self, worker: int = 0) -> str:
        """What waits for them."""
        return str(self.room.run(lambda tx, _known: notices.take(tx, self.room.rig.workers[worker])))

    def draw(self, worker: int) -> None:
        """A reviewer shall look at their answer to the first task."""
        who = self.room.rig.workers[worker]
        self.room.run(lambda tx, known: cases.ask(tx, known, 1, who, "soup", "spot", self.room.now))

    def undo(self, worker: int = 0) -> None:
        """They take back what they did last."""
        who = self.room.rig.workers[worker]
        self.room.run(lambda tx, known: answering.undo(tx, known, who, self.room.now))


def a_desk(database: Database, **changed: Any) -> Desk:
    """The texts, with what is changed of them."""
    return Desk(a_room(database, **{**TEXT, **changed}))
