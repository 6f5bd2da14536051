"""People are erased in the midst of work: whatever happens around it, the rows keep together."""

from __future__ import annotations

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from db.errors import InputError
from db.session import Database, Tx
from db.statement import Statement
from db.tables import Person
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.privacy.erase import forget
from tasks.projects.catalog import Known, progress
from tests.conftest import Clock
from tests.property.rig import LABELS, Rig, a_rig, chance
from tests.property.test_lease import WORKERS, Lease
from tests.support.people import broken_rows


class _Held(NamedTuple):
    """A lease of somebody who is gone."""

    task: int


HELD = Statement(
    """
    SELECT a.task_id FROM assignment a JOIN person p ON p.id = a.worker_id
    WHERE a.state = 'offered' AND p.erased_at IS NOT NULL
    """,
    _Held,
)


def _come_back(tx: Tx, now: int) -> int:
    """Somebody new."""
    person = Person(channel="test", external_id=f"new-{random.Random(now).random()}-{now}", joined_at=now)  # noqa: S311 - a test's chance
    tx.orm.add(person)
    tx.orm.flush()
    assert person.id is not None
    return person.id


class Leaving(Lease):
    """A small project, which people leave for good, and come back to as somebody new."""

    @rule(who=WORKERS)
    def leave(self, who: int) -> None:
        """What is believed and counted does not change; what they held is free."""
        self.clock.pass_ms(1)

        def believed(tx: Tx, known: Known) -> object:
            found = tx.connection.exec_driver_sql("SELECT id, status, label, confidence, answers FROM task ORDER BY id")
            return [tuple(row) for row in found], progress(tx, known.id)

        before = self.rig.run(believed)
        gone, now = self.rig.workers[who], self.clock()
        self.rig.run(lambda tx, _known: forget(tx, gone, now, random.Random(now)))  # noqa: S311 - a test's chance
        assert self.rig.run(believed) == before
        new = self.rig.run(lambda tx, _known: _come_back(tx, now))
        self.rig.workers = [new if worker == gone else worker for worker in self.rig.workers]

    @invariant()
    def rows_keep_together(self) -> None:
        """But for habits, which are gone on purpose."""
        assert broken_rows(self.rig) == []

    @invariant()
    def nobody_who_is_gone_holds_anything(self) -> None:
        """Their leases have gone back."""
        assert self.rig.run(lambda tx, _known: tx.all(HELD)) == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "changed",
    [
        {"overlap": 2, "gold": {"share": 0.3}},
        {"overlap": {"min": 1, "max": 3, "confidence": 0.85}, "gold": {"share": 0.3}},
    ],
    ids=["fixed overlap", "adaptive overlap"],
)
def test_leaving(changed: Mapping[str, Any], sqlite_template: Path) -> None:
    made = type("Made", (Leaving,), {"template": sqlite_template, "changed": changed})
    checks = list(HealthCheck)
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=checks
        ),
    )


@pytest.mark.timeout(120)
def test_people_leave_while_others_answer(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 12, 8, 2, {"overlap": 3, "gold": {"share": 0.2}})

    def turn(tx: Tx, known: Known, worker: int, seed: int) -> None:
        person = tx.orm.get_one(Person, worker, with_for_update={"key_share": True})  # as a conversation does
        rng = random.Random(seed)  # noqa: S311 - a test's chance
        if person.erased_at is not None:
            return
        if seed % 8 == 0:
            tx.orm.expunge(person)
            forget(tx, worker, clock(), rng)
            return
        found = offer(tx, known, worker, clock(), rng)
        if not isinstance(found, NoWork) and seed % 3:
            answering.submit(tx, known, worker, found.task, rng.choice(LABELS), clock())

    def act(worker: int, seed: int) -> None:
        try:
            rig.run(lambda tx, known: turn(tx, known, worker, seed))
        except InputError:
            return

    acts = [(worker, 31 * worker + n) for worker in rig.workers for n in range(10)]
    chance(5).shuffle(acts)
    with ThreadPoolExecutor(6) as threads:
        for done in [threads.submit(act, *one) for one in acts]:
            done.result()
    assert broken_rows(rig) == []
    assert rig.run(lambda tx, _known: tx.all(HELD)) == []
    assert _gone(rig) >= 6


def _gone(rig: Rig) -> int:
    def count(tx: Tx, _known: Known) -> int:
        return int(
            tx.connection.exec_driver_sql("SELECT COUNT(*) FROM person WHERE erased_at IS NOT NULL").scalar_one()
        )

    return rig.run(count)
