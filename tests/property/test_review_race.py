"""Everybody at once: workers who answer, undo and appeal, reviewers, admins, the clock, and somebody who leaves."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from db.errors import InputError
from db.session import Database, Tx
from db.tables import Person
from tasks import cases
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases
from tasks.money import budget, payout
from tasks.money.holding import release_due
from tasks.money.recount import differences
from tasks.people import Who
from tasks.privacy.audit import SHELL, Actor
from tasks.privacy.erase import forget
from tasks.projects.catalog import Known
from tasks.review import appeals, mass, returned, seats, spot, sweep, voting
from tasks.review.mass_cost import preview
from tests.conftest import Clock
from tests.property.rig import LABELS, OVERLAP, SLOTS, Rig, a_rig, chance
from tests.property.test_appeals import ENDS, WAITING
from tests.property.test_disputes import CASES, DECIDED, ONE, PAID, SEATS, SETTLED, join

_WORKERS, _TASKS, _THREADS, _TURNS_EACH = 8, 8, 8, 30
_MINUTE, _HOUR = 60_000, 3_600_000
_REASONS = [{"key": "half", "text": "Half of it", "pay": 0.5}, {"key": "none", "text": "Nothing of it"}]
_CHANGED: dict[str, Any] = {
    "overlap": {"min": 2, "max": 3, "confidence": 0.9},
    "gold": {"share": 0.1},
    "review": {
        "votes": 2, "most": 3, "audit": 0.3, "share": 0.5, "reasons": _REASONS,
        "appeal_within": "2h", "decide_within": "2h", "redo_within": "2h",
    },
}  # fmt: skip
_REWARD = {"answer": "20", "vote": "10", "currency": "KRW", "hold": "1h"}

Act = Callable[[Tx, Known, random.Random], object]


class Somebody:
    """A person who does one thing after the other, by chance."""

    def __init__(self, rig: Rig, who: Who, clock: Clock) -> None:
        self._rig, self._who, self._clock, self._rng = rig, who, clock, chance(who.id)
        self._acts: Sequence[Act] = [self._answer] * 4 + [self._undo, self._say, self._say, self._ask]
        if who.role == "reviewer":
            self._acts = [self._vote] * 5 + [self._change, self._skip, self._decide, self._together, self._spot]

    def act(self) -> None:
        """One turn; as in a conversation a refusal is an answer too, and what was written before it stays."""
        does, seed = self._rng.choice(self._acts), self._rng.random()

        def turn(tx: Tx, known: Known) -> None:
            person = tx.orm.get_one(Person, self._who.id, with_for_update={"key_share": True})  # as a conversation does
            if person.erased_at is None:
                with suppress(InputError):
                    does(tx, known, random.Random(seed))  # noqa: S311 - simulated people

        self._rig.run(turn)

    # ------------------------------------------------------------------------- workers

    def _answer(self, tx: Tx, known: Known, rng: random.Random) -> None:
        found = offer(tx, known, self._who.id, self._clock(), rng)
        if isinstance(found, NoWork):
            return
        answering.submit(tx, known, self._who.id, found.task, rng.choice(LABELS), self._clock())
        if rng.random() < 0.7:
            offer(tx, known, self._who.id, self._clock(), rng)

    def _undo(self, tx: Tx, known: Known, _rng: random.Random) -> None:
        answering.undo(tx, known, self._who.id, self._clock())

    def _say(self, tx: Tx, known: Known, rng: random.Random) -> None:
        there = [one.case for one in tx.all(WAITING, project=known.id) if one.worker == self._who.id]
        if not there:
            return
        says = rng.choice((self._appeal, self._appeal, returned.accept, returned.again))
        says(tx, known, there[0], self._who.id, self._clock())

    def _appeal(self, tx: Tx, known: Known, case: int, person: int, now: int) -> None:
        appeals.appeal(tx, known, case, person, "Look again.", now)

    def _ask(self, tx: Tx, _known: Known, rng: random.Random) -> None:
        """For a payout, or no more."""
        if mine := payout.open_of(tx, self._who.id):
            payout.cancel(tx, self._who.id, mine[0].id, self._clock())
        elif rng.random() < 0.5:
            payout.request(tx, self._who.id, "KRW", "my bank", {}, self._clock())

    # ------------------------------------------------------------------------- reviewers

    def _vote(self, tx: Tx, known: Known, rng: random.Random) -> None:
        """As in a conversation: what is in hand is decided, and then the next is taken."""
        held = seats.mine(tx, self._rig.catalog, self._who)
        what = held.case.what if held else rng.choice(seats.WHAT)
        if held:
            voting.vote(tx, known, self._who.id, held.case.id, _value(what, rng), "so", self._clock())
        seats.take(tx, known, self._who, what, self._clock(), rng)

    def _change(self, tx: Tx, known: Known, rng: random.Random) -> None:
        if there := tx.all(CASES, project=known.id):
            case = seats.case(tx, rng.choice(there).id)
            voting.vote(tx, known, self._who.id, case.id, _value(case.what, rng), "no", self._clock())

    def _together(self, tx: Tx, known: Known, rng: random.Random) -> None:
        if there := tx.all(CASES, project=known.id):
            case = seats.case(tx, rng.choice(there).id)
            if case.what == "dispute":
                voting.vote_at_once(
                    tx, known, self._who.id, case.id, _value("dispute", rng), self._clock(), self._clock()
                )

    def _skip(self, tx: Tx, _known: Known, _rng: random.Random) -> None:
        held = seats.mine(tx, self._rig.catalog, self._who)
        if held:
            seats.skip(tx, self._who, held.case.id)
        self._clock.pass_ms(_MINUTE)

    def _decide(self, tx: Tx, known: Known, rng: random.Random) -> None:
        there = tx.all(CASES, project=known.id)
        if there and rng.random() < 0.3:
            admin = replace(self._who, role="admin")
            voting.decide(tx, known, admin, rng.choice(there).id, _value("dispute", rng), "because", self._clock())

    def _spot(self, tx: Tx, known: Known, rng: random.Random) -> None:
        spot.draw(tx, Actor(self._who.id, "test"), known, rng.choice(self._rig.workers), 2, rng, self._clock())


def _value(what: str, rng: random.Random) -> dict[str, Any]:
    if what == "appeal":
        return {"granted": rng.random() < 0.5}
    if what == "dispute":
        return {"answer": rng.choice(LABELS)} if rng.random() < 0.8 else {"fault": "gap"}
    return rng.choice(
        (
            {"accept": True},
            {"repair": rng.choice(LABELS)},
            {"redo": ["half"]},
            {"reject": ["half"]},
            {"reject": ["none"]},
        )
    )


class Tick:
    """What happens by itself, and what the shell does."""

    def __init__(self, rig: Rig, clock: Clock, admin: Who) -> None:
        self._rig, self._clock, self._rng, self._n, self._admin = rig, clock, chance(77), 0, admin

    def __call__(self) -> None:
        """Everything once."""
        rig, clock = self._rig, self._clock
        self._n += 1
        clock.pass_ms(5 * _MINUTE)
        rig.run(lambda tx, _known: expire_leases(tx, clock(), most=20))
        rig.run(lambda tx, _known: cases.expire(tx, clock(), most=20))
        rig.run(lambda tx, _known: release_due(tx, clock(), most=20))
        for due in rig.run(lambda tx, _known: sweep.silent(tx, clock(), 0)):
            rig.run(lambda tx, _known, due=due: sweep.end_silent(tx, rig.catalog, due, clock()))  # type: ignore[misc]
        if self._n % 4 == 1:
            self._reject_many()
        if self._n == 9:
            rig.run(lambda tx, _known: forget(tx, rig.workers[1], clock(), self._rng))
        rig.run(lambda tx, _known: mass.carry_on(tx, rig.catalog, clock()))

    def _reject_many(self) -> None:
        def turn(tx: Tx, known: Known) -> None:
            wanted = mass.Wanted(None, ["half"], "All the same.")
            row = mass.propose(tx, known, SHELL, wanted, cost, self._clock())
            mass.confirm(tx, self._rig.catalog, Actor(self._admin.id, "test"), row.id, self._clock())

        with self._rig.database.reading() as reader:
            cost = preview(reader, self._rig.run(lambda _tx, known: known), None, ["half"], self._clock())
        try:
            self._rig.run(turn)
        except InputError:
            return


def _watch(rig: Rig, tick: Tick, over: threading.Event, found: list[str]) -> None:
    try:
        while not over.wait(0.05):
            tick()
            found += rig.broken((OVERLAP, SLOTS, SEATS, ONE))
    except BaseException as error:  # noqa: BLE001 - told by the test
        found.append(f"the clock failed: {error!r}")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("named", ["4000", None], ids=["a budget", "as much as it takes"])
def test_everybody_at_once(database: Database, clock: Clock, named: str | None) -> None:
    rig = a_rig(
        database, clock(), _WORKERS, _TASKS, golds=2, changed={**_CHANGED, "reward": {**_REWARD, "budget": named}}
    )
    workers = [Who(worker, "en", "", "worker", "", "test") for worker in rig.workers]
    reviewers = join(database, rig.known_id, clock())
    people = [*workers, *reviewers, replace(workers[0], role="reviewer")]
    found: list[str] = []
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(rig, Tick(rig, clock, reviewers[0]), over, found))
    watch.start()
    with ThreadPoolExecutor(_THREADS) as threads:
        turns = [one.act for one in [Somebody(rig, who, clock) for who in people] for _ in range(_TURNS_EACH)]
        chance(5).shuffle(turns)
        for done in [threads.submit(act) for act in turns]:
            done.result()
    over.set()
    watch.join()
    assert found == []
    with database.reading() as reader:
        assert list(differences(reader)) == []
    assert rig.broken((SEATS, ONE, PAID, SETTLED, DECIDED, ENDS)) == []
    stands = rig.run(lambda tx, known: budget.standing(tx, known.purse) if known.purse else budget.Budget(0, 0, 0))
    assert stands.left >= 0
