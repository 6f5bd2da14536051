"""Answers are rejected, sent back, restored, done again and taken back by chance: the rows keep together throughout."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from db.errors import InputError
from db.queries.cases import Case
from db.session import Database, Tx
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases
from tasks.projects.catalog import Known
from tasks.review import rejecting
from tests.conftest import Clock
from tests.property.recount import made
from tests.property.rig import ENROLMENTS, INVARIANTS, LABELS, Rig, a_rig, chance
from tests.property.test_lease import ANSWERED, WAITING, decide
from tests.property.test_race import Somebody

_STEPS = 400
_PAYS = {"answer": "20", "currency": "KRW"}


class Walk:
    """A project that people work on and reviewers look at, one thing after the other."""

    def __init__(self, rig: Rig, clock: Clock, rng: random.Random) -> None:
        self.rig, self.clock, self.rng, self.done = rig, clock, rng, Counter[str]()

    def step(self) -> None:
        """One thing; a refusal is an answer too."""
        acts: Mapping[Callable[[], None], int] = {
            self.answer: 8, self.undo: 2, self.skip: 1, self.accept: 1, self.repair: 1, self.reject: 3, self.redo: 2,
            self.restore: 2, self.finish: 1, self.do_again: 2, self.start_redo: 2, self.time: 1,
        }  # fmt: skip
        act = self.rng.choices(list(acts), list(acts.values()))[0]
        try:
            act()
        except InputError:
            return
        self.done[act.__name__] += 1

    def answer(self) -> None:
        """Somebody answers what comes."""
        worker, label = self.rng.choice(self.rig.workers), self.rng.choice(LABELS)

        def turn(tx: Tx, known: Known) -> None:
            found = offer(tx, known, worker, self.clock(), self.rng)
            if not isinstance(found, NoWork):
                answering.submit(tx, known, worker, found.task, label, self.clock())

        self.rig.run(turn)

    def undo(self) -> None:
        """Somebody takes back what they did last."""
        worker = self.rng.choice(self.rig.workers)
        self.rig.run(lambda tx, known: answering.undo(tx, known, worker, self.clock()))

    def skip(self) -> None:
        """Somebody skips what comes, or reports it."""
        worker, report = self.rng.choice(self.rig.workers), self.rng.random() < 0.1

        def turn(tx: Tx, known: Known) -> None:
            found = offer(tx, known, worker, self.clock(), self.rng)
            if not isinstance(found, NoWork):
                answering.skip(tx, known, worker, found.task, "unsure", self.clock(), report=report)

        self.rig.run(turn)

    def accept(self) -> None:
        """A reviewer accepts an answer."""
        self._decide("accept")

    def repair(self) -> None:
        """A reviewer accepts one with a correction."""
        self._decide(self.rng.choice(LABELS))

    def reject(self) -> None:
        """A reviewer rejects one."""
        self._decide("reject")

    def redo(self) -> None:
        """A reviewer sends one back."""
        self._decide("redo")

    def _decide(self, verdict: str) -> None:
        def turn(tx: Tx, known: Known) -> None:
            if there := tx.all(ANSWERED, project=known.id):
                task, worker = self.rng.choice(there)
                decide(tx, known, self.rig, task, worker, verdict, self.clock())

        self.rig.run(turn)

    def restore(self) -> None:
        """An appeal is granted."""
        self._then(rejecting.restore)

    def finish(self) -> None:
        """A rejection is final."""
        self._then(rejecting.finish)

    def do_again(self) -> None:
        """Somebody does a rejected one again."""

        def again(tx: Tx, known: Known, case: Case, now: int) -> None:
            before = made(tx, known.id, case.task, case.worker or 0)
            rejecting.do_again(tx, known, case, now)
            self.rig.gone += [before] if before else []

        self._then(again)

    def start_redo(self) -> None:
        """Somebody goes on with what was sent back."""
        self._then(rejecting.start_redo)

    def _then(self, then: Callable[[Tx, Known, Case, int], None]) -> None:
        def turn(tx: Tx, known: Known) -> None:
            if waiting := tx.all(WAITING, project=known.id):
                then(tx, known, self.rng.choice(waiting), self.clock())

        self.rig.run(turn)

    def time(self) -> None:
        """Time passes, and leases end."""
        self.clock.pass_ms(self.rng.choice([1, 10, 90]) * 60_000)
        self.rig.run(lambda tx, _known: expire_leases(tx, self.clock()))


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "changed",
    [
        {"overlap": 2, "gold": {"share": 0.3}, "reward": _PAYS},
        {"overlap": {"min": 2, "max": 4, "confidence": 0.9}, "review": {"share": 0.5, "redo_within": "1h"}},
        {"overlap": {"min": 1, "max": 3, "confidence": 0.85}, "gold": {"share": 0.3}, "reward": _PAYS},
        {"overlap": 1, "reward": {**_PAYS, "hold": "0s"}},
    ],
    ids=["fixed overlap", "adaptive overlap", "from one answer on", "one answer, paid at once"],
)
def test_the_rows_keep_together(changed: Mapping[str, Any], database: Database, clock: Clock) -> None:
    done = Counter[str]()
    for seed in range(3):
        walk = Walk(a_rig(database, clock(), 4, 12, 2, {**changed, "id": f"w{seed}"}), clock, chance(seed))
        for n in range(_STEPS):
            walk.step()
            if n % 4 == 0:
                assert walk.rig.broken() == [], f"after {n} steps of {seed}: {walk.done}"
        done += walk.done
    assert min(done[name] for name in ("reject", "redo", "restore", "finish", "do_again", "start_redo")) > 10, done


class Looking(Somebody):
    """A worker as in the race for tasks, who is a reviewer of others' answers too."""

    def act(self) -> None:
        """One turn, now and then as a reviewer."""
        if self._rng.random() < 0.6:
            super().act()
            return
        verdict, pick = self._rng.choice(["accept", "reject", "reject", "redo", *LABELS]), self._rng.randrange(1_000)
        then = self._rng.choice([rejecting.restore, rejecting.finish])

        def turn(tx: Tx, known: Known) -> None:
            there = tx.all(ANSWERED, project=known.id)
            waiting = tx.all(WAITING, project=known.id)
            if pick % 3 and there:
                task, worker = there[pick % len(there)]
                rejecting.hold(tx, known, task, worker)
                decide(tx, known, self._rig, task, worker, verdict, self._clock())
            elif waiting:
                then(tx, known, waiting[pick % len(waiting)], self._clock())

        try:
            self._rig.run(turn)
        except InputError:
            return


@pytest.mark.timeout(120)
@pytest.mark.parametrize("overlap", [2, {"min": 1, "max": 4, "confidence": 0.9}], ids=["fixed", "adaptive"])
def test_reviewers_and_workers_race(database: Database, clock: Clock, overlap: object) -> None:
    changed = {"overlap": overlap, "gold": {"share": 0.1}, "reward": _PAYS, "review": {"share": 0.3}}
    rig = a_rig(database, clock(), 12, 20, golds=4, changed=changed)
    with ThreadPoolExecutor(8) as threads:
        acts = [Looking(rig, worker, clock).act for worker in rig.workers for _ in range(40)]
        chance(11).shuffle(acts)
        for done in [threads.submit(act) for act in acts]:
            done.result()
    assert rig.broken([one for one in INVARIANTS if one is not ENROLMENTS]) == []
    assert rig.broken([ENROLMENTS]) == []
