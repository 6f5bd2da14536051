"""Reviewers, workers, admins and the clock at once: no seat is given twice, no verdict comes twice, nobody waits."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from db.errors import InputError
from db.session import Database, Tx
from db.tables import Person
from tasks import cases
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.people import Who
from tasks.projects.catalog import Known
from tasks.review import seats, voting
from tests.conftest import Clock
from tests.property.rig import LABELS, Rig, a_rig, chance
from tests.property.test_disputes import CASES, ONE, RULES, SEATS, join

_WORKERS, _TASKS, _THREADS, _TURNS_EACH = 8, 6, 8, 30
_REWARD = {"answer": "20", "vote": "10", "currency": "KRW"}
_MINUTE = 60_000


class Somebody:
    """A person who does one thing after the other, by chance."""

    def __init__(self, rig: Rig, who: Who, clock: Clock) -> None:
        self._rig, self._who, self._clock, self._rng = rig, who, clock, chance(who.id)
        self._acts: list[Callable[[Tx, Known, random.Random], object]] = [self._answer, self._answer, self._undo]
        if who.role == "reviewer":
            self._acts = [self._vote, self._vote, self._vote, self._change, self._skip, self._decide]

    def act(self) -> None:
        """One turn; a refusal is an answer too."""
        does, seed = self._rng.choice(self._acts), self._rng.random()

        def turn(tx: Tx, known: Known) -> None:
            tx.orm.get_one(Person, self._who.id, with_for_update={"key_share": True})  # as a conversation does
            does(tx, known, random.Random(seed))  # noqa: S311 - simulated people

        try:
            self._rig.run(turn)
        except InputError:
            return

    def _answer(self, tx: Tx, known: Known, rng: random.Random) -> None:
        found = offer(tx, known, self._who.id, self._clock(), rng)
        if not isinstance(found, NoWork):
            answering.submit(tx, known, self._who.id, found.task, rng.choice(LABELS), self._clock())

    def _undo(self, tx: Tx, known: Known, _rng: random.Random) -> None:
        answering.undo(tx, known, self._who.id, self._clock())

    def _vote(self, tx: Tx, known: Known, rng: random.Random) -> None:
        seated = seats.take(tx, known, self._who, "dispute", self._clock(), rng)
        if seated and rng.random() < 0.8:
            voting.vote(tx, known, self._who.id, seated.case.id, self._value(rng), "", self._clock())

    def _change(self, tx: Tx, known: Known, rng: random.Random) -> None:
        if there := tx.all(CASES, project=known.id):
            voting.vote(tx, known, self._who.id, rng.choice(there).id, self._value(rng), "", self._clock())

    def _skip(self, tx: Tx, _known: Known, _rng: random.Random) -> None:
        held = seats.mine(tx, self._rig.catalog, self._who)
        if held:
            seats.skip(tx, self._who, held.case.id)
        self._clock.pass_ms(_MINUTE)

    def _decide(self, tx: Tx, known: Known, rng: random.Random) -> None:
        there = tx.all(CASES, project=known.id)
        if there and rng.random() < 0.2:
            admin = replace(self._who, role="admin")
            voting.decide(tx, known, admin, rng.choice(there).id, self._value(rng), "because", self._clock())

    def _value(self, rng: random.Random) -> dict[str, str]:
        return {"answer": rng.choice(LABELS)} if rng.random() < 0.8 else {"fault": "gap"}


def _watch(rig: Rig, clock: Clock, over: threading.Event, found: list[str]) -> None:
    while not over.wait(0.01):
        rig.run(lambda tx, _known: cases.expire(tx, clock(), most=20))
        found += rig.broken((SEATS, ONE))


@pytest.mark.timeout(120)
def test_reviewers_race(database: Database, clock: Clock) -> None:
    review = {"votes": 2, "most": 3, "audit": 0.3}
    rig = a_rig(database, clock(), _WORKERS, _TASKS, changed={"overlap": 3, "review": review, "reward": _REWARD})
    workers = [Who(worker, "en", "", "worker", "", "test") for worker in rig.workers]
    people = [*workers, *join(database, rig.known_id, clock()), replace(workers[0], role="reviewer")]
    found: list[str] = []
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(rig, clock, over, found))
    watch.start()
    with ThreadPoolExecutor(_THREADS) as threads:
        turns = [one.act for one in [Somebody(rig, who, clock) for who in people] for _ in range(_TURNS_EACH)]
        chance(5).shuffle(turns)
        for done in [threads.submit(act) for act in turns]:
            done.result()
    over.set()
    watch.join()
    assert found == []
    assert rig.broken() + rig.broken(RULES) == []
