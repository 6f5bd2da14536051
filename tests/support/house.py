"""A small project whose people answer through the services, and whose rows can be looked at."""

from __future__ import annotations

from typing import Any, TypeVar

from db.session import Database, Tx
from db.tables import Answer, Crowd, Enrolment, Task
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.projects.catalog import Known
from tasks.quality.model import CrowdModel
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

R = TypeVar("R", Task, Enrolment, Answer)


class House:
    """Short words for a project and its rows."""

    def __init__(self, database: Database, clock: Clock, tasks: int = 1, golds: int = 0, **changed: Any) -> None:
        self.rig: Rig = a_rig(database, clock(), 4, tasks, golds, changed)
        self.clock = clock

    def answer(self, who: int, label: Any) -> int:
        """Somebody answers what they are dealt; the task."""

        def turn(tx: Tx, known: Known) -> int:
            found = offer(tx, known, self.rig.workers[who], self.clock(), chance(1))
            assert not isinstance(found, NoWork)
            answering.submit(tx, known, self.rig.workers[who], found.task, label, self.clock())
            return found.task

        self.clock.pass_ms(1)
        return self.rig.run(turn)

    def undo(self, who: int) -> None:
        """They take it back."""
        self.rig.run(lambda tx, known: answering.undo(tx, known, self.rig.workers[who], self.clock()))

    def enrolled(self, who: int, **columns: Any) -> None:
        """They are known for something."""

        def turn(tx: Tx, known: Known) -> None:
            row = Enrolment(project_id=known.id, worker_id=self.rig.workers[who], joined_at=0, **columns)
            tx.orm.add(row)

        self.rig.run(turn)

    def learned(self, model: CrowdModel, revision: int = 1) -> None:
        """A batch pass has written this."""
        row = Crowd(project_id=self.rig.known_id, revision=revision, model=model.to_json(), made_at=0)
        self.rig.run(lambda tx, _known: tx.orm.merge(row))

    def task(self, number: int = 1) -> Task:
        """The row."""
        return self._row(Task, (self.rig.known_id, number))

    def of(self, who: int) -> Enrolment:
        """The row."""
        return self._row(Enrolment, (self.rig.known_id, self.rig.workers[who]))

    def given(self, who: int, number: int = 1) -> Answer:
        """The row."""
        return self._row(Answer, (self.rig.known_id, number, self.rig.workers[who]))

    def _row(self, table: type[R], key: tuple[int, ...]) -> R:
        def turn(tx: Tx, _known: Known) -> R:
            row = tx.orm.get_one(table, key)
            tx.orm.expunge_all()
            return row

        return self.rig.run(turn)
