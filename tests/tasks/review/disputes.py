"""A project with a disputed task and reviewers, for the tests of this room."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from db.queries import cases as raised
from db.queries.cases import Case
from db.queries.work import TASK, TaskRow
from db.session import Database, Tx
from db.statement import Statement
from db.tables import Person
from tasks.assignment import answering
from tasks.assignment.deal import Offer, offer
from tasks.money import budget
from tasks.people import Who
from tasks.projects.catalog import Known
from tasks.review import seats, voting
from tasks.review.voting import Outcome
from tests.conftest import NOON
from tests.property.rig import Rig, a_rig, chance

T = TypeVar("T")
PAID: Mapping[str, Any] = {"overlap": 2, "reward": {"answer": "20", "vote": "10", "currency": "KRW"}}


class Set(random.Random):
    """Chance that always falls the same way."""

    def __init__(self, drawn: float) -> None:
        super().__init__(0)
        self._drawn = drawn

    def random(self) -> float:
        """The same."""
        return self._drawn


NEVER, ALWAYS = Set(0.99), Set(0.0)
"""Chance that plants nothing, and that plants whatever it can."""


class Row(NamedTuple):
    """The number of a case."""

    id: int


CASES = Statement("SELECT id FROM review_case WHERE project_id = :project ORDER BY id", Row)


@dataclass(slots=True)
class Room:
    """The rig, its reviewers, and short ways to do things."""

    rig: Rig
    reviewers: Sequence[Who]
    now: int = NOON

    def run(self, work: Callable[[Tx, Known], T]) -> T:
        """A turn."""
        return self.rig.run(work)

    def answer(self, worker: int, label: str) -> int:
        """The worker's next task gets this answer."""

        def turn(tx: Tx, known: Known) -> int:
            found = offer(tx, known, worker, self.now, chance(1))
            assert isinstance(found, Offer)
            answering.submit(tx, known, worker, found.task, label, self.now)
            return found.task

        return self.run(turn)

    def case(self, number: int = 0) -> Case:
        """The case of that place."""

        def turn(tx: Tx, known: Known) -> Case:
            found = tx.one(raised.CASE, case_id=tx.all(CASES, project=known.id)[number].id)
            assert found is not None
            return found

        return self.run(turn)

    def task(self, task: int = 1) -> TaskRow:
        """A task as it stands."""
        found = self.run(lambda tx, known: tx.one(TASK, project=known.id, task=task))
        assert found is not None
        return found

    def sit(self, who: Who) -> seats.Seated | None:
        """The next seat."""
        return self.run(lambda tx, known: seats.take(tx, known, who, "dispute", self.now, NEVER))

    def vote(self, who: Who, value: Mapping[str, Any], note: str = "", case: int | None = None) -> Outcome:
        """Sit down and vote, slowly; with ``case`` without sitting down."""
        if case is None:
            seated = self.sit(who)
            assert seated is not None
            case = seated.case.id
        self.now += 60_000
        wanted = case
        return self.run(lambda tx, known: voting.vote(tx, known, who.id, wanted, value, note, self.now))

    def fund(self) -> None:
        """Give the project its budget."""

        def turn(tx: Tx, known: Known) -> None:
            assert known.purse is not None
            budget.follow(tx, known.purse, self.now)

        self.run(turn)

    def report(self, worker: int) -> None:
        """The worker's next task is reported as broken."""

        def turn(tx: Tx, known: Known) -> None:
            found = offer(tx, known, worker, self.now, chance(1))
            assert isinstance(found, Offer)
            answering.skip(tx, known, worker, found.task, "broken", self.now, report=True)

        self.run(turn)

    def label(self, task: int = 1) -> Any:
        """What the task is decided with."""
        return json.loads(self.task(task).label or "null")


def a_room(database: Database, *, workers: int = 2, tasks: int = 1, reviewers: int = 4, **changed: Any) -> Room:
    """A live project whose tasks two people answer, and people who review it."""
    rig = a_rig(database, NOON, workers, tasks, changed={**PAID, **changed})

    def join(tx: Tx) -> list[Who]:
        people = [
            Person(channel="test", external_id=f"r{rig.known_id}-{n}", joined_at=NOON, role="reviewer")
            for n in range(reviewers)
        ]
        tx.orm.add_all(people)
        tx.orm.flush()
        return [Who(one.id or 0, "en", "", "reviewer", "", "test") for one in people]

    return Room(rig, database.run(join).result())


def disputed(database: Database, **changed: Any) -> Room:
    """The same with its first task disputed: one says cat, one says dog."""
    room = a_room(database, **changed)
    for worker, label in zip(room.rig.workers, ("cat", "dog"), strict=False):
        room.answer(worker, label)
    return room


CAT: Mapping[str, Any] = {"answer": "cat"}
DOG: Mapping[str, Any] = {"answer": "dog"}
UNCLEAR: Mapping[str, Any] = {"fault": "unclear"}
GAP: Mapping[str, Any] = {"fault": "gap"}
