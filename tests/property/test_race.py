"""Promise 2: whatever races, no task holds more than its overlap, and nobody gets a task twice."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from db.errors import InputError
from db.session import Database, Tx
from db.tables import Person
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases
from tasks.projects.catalog import Known, progress
from tasks.projects.rules import Rule
from tasks.rules.look import look
from tests.conftest import Clock
from tests.property.rig import INVARIANTS, LABELS, OVERLAP, SLOTS, Rig, a_rig, chance

_WORKERS, _TASKS, _OVERLAP = 50, 20, 3
_THREADS, _TURNS_EACH = 10, 16
_LEASE_MS = 15 * 60_000
_RULES = [
    Rule.model_validate({"if": {"accuracy": bound}, "then": then})
    for bound, then in (
        ({"from": 0.7, "last": 2}, "promote"),
        ({"below": 0.5, "last": 2}, "demote"),
        ({"below": 0.6, "last": 3}, "more-answers"),
        ({"to": 1, "last": 4}, "propose-suspension"),
    )
]


class Somebody:
    """A worker who does one thing after the other, by chance."""

    def __init__(self, rig: Rig, worker: int, clock: Clock) -> None:
        self._rig, self._worker, self._clock, self._rng = rig, worker, clock, chance(worker)

    def act(self) -> None:
        """One turn; a refusal is an answer too."""
        does: Callable[[Tx, Known, random.Random], None] = self._rng.choices(
            (self._answer, self._skip, self._undo, self._look, self._linger), (8, 2, 2, 1, 1)
        )[0]
        seed = self._rng.random()

        def turn(tx: Tx, known: Known) -> None:
            tx.orm.get_one(Person, self._worker, with_for_update={"key_share": True})  # as a conversation does
            does(tx, known, random.Random(seed))  # noqa: S311 - simulated people

        try:
            self._rig.run(turn)
        except InputError:
            return

    def _offered(self, tx: Tx, known: Known, rng: random.Random) -> int | None:
        found = offer(tx, known, self._worker, self._clock(), rng)
        return None if isinstance(found, NoWork) else found.task

    def _answer(self, tx: Tx, known: Known, rng: random.Random) -> None:
        task = self._offered(tx, known, rng)
        if task is not None:
            answering.submit(tx, known, self._worker, task, rng.choice(LABELS), self._clock())
            look(tx, _RULES, known, self._worker, self._clock())
            self._offered(tx, known, rng)

    def _skip(self, tx: Tx, known: Known, rng: random.Random) -> None:
        task = self._offered(tx, known, rng)
        if task is not None:
            answering.skip(tx, known, self._worker, task, "unsure", self._clock())
            look(tx, _RULES, known, self._worker, self._clock())
            self._offered(tx, known, rng)

    def _undo(self, tx: Tx, known: Known, rng: random.Random) -> None:
        task = answering.undo(tx, known, self._worker, self._clock())
        if rng.random() < 0.8:
            answering.submit(tx, known, self._worker, task, rng.choice(LABELS), self._clock())

    def _look(self, tx: Tx, known: Known, rng: random.Random) -> None:
        self._offered(tx, known, rng)

    def _linger(self, tx: Tx, known: Known, rng: random.Random) -> None:
        self._offered(tx, known, rng)
        self._clock.pass_ms(_LEASE_MS // 4)


def _watch(rig: Rig, clock: Clock, over: threading.Event, found: list[str]) -> None:
    """End leases and look for what does not hold, all the while."""
    while not over.wait(0.005):
        rig.run(lambda tx, _known: expire_leases(tx, clock(), most=20))
        found += rig.broken((OVERLAP, SLOTS))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("overlap", [_OVERLAP, {"min": 1, "max": 5, "confidence": 0.9}], ids=["fixed", "adaptive"])
def test_fifty_workers_race_for_twenty_tasks(database: Database, clock: Clock, overlap: object) -> None:
    rig = a_rig(database, clock(), _WORKERS, _TASKS, golds=4, changed={"overlap": overlap, "gold": {"share": 0.1}})
    found: list[str] = []
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(rig, clock, over, found))
    watch.start()
    with ThreadPoolExecutor(_THREADS) as threads:
        acts = [Somebody(rig, worker, clock).act for worker in rig.workers]
        turns = [act for act in acts for _ in range(_TURNS_EACH)]
        chance(7).shuffle(turns)
        for done in [threads.submit(act) for act in turns]:
            done.result()
    over.set()
    watch.join()
    assert found == []
    assert rig.broken() == []
    _finish(rig, clock)
    assert rig.broken(INVARIANTS) == []
    counts = rig.run(lambda tx, known: progress(tx, known.id))
    assert counts.agreed + counts.disputed == counts.tasks == _TASKS


def _finish(rig: Rig, clock: Clock) -> None:
    """Everybody answers what is left, until nobody gets anything more."""
    clock.pass_ms(2 * _LEASE_MS)
    rig.run(lambda tx, _known: expire_leases(tx, clock()))
    rng = chance(3)

    def answer(tx: Tx, known: Known, worker: int) -> bool:
        task = offer(tx, known, worker, clock(), rng)
        if isinstance(task, NoWork):
            return False
        answering.submit(tx, known, worker, task.task, rng.choice(LABELS), clock())
        return True

    for worker in rig.workers:
        while rig.run(lambda tx, known, worker=worker: answer(tx, known, worker)):  # type: ignore[misc]
            pass
