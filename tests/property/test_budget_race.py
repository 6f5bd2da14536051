"""Many people race for a budget that ends: it adds up, is spent to the last answer, and few wait in a circle."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from db.queries import work
from db.session import Database, Tx
from db.statement import Statement
from db.tables import Person
from tasks.assignment import answering
from tasks.money import budget
from tasks.money.holding import release_due
from tasks.money.recount import differences
from tasks.projects.catalog import Known
from tests.conftest import Clock
from tests.property.rig import LABELS, a_rig, chance
from tests.property.test_race import Somebody

_WORKERS, _TASKS, _TURNS_EACH = 40, 60, 14
_BUDGET = 2_000
_HOLD_MS = 3 * 86_400_000


class Worker(Somebody):
    """Works as in a conversation: what is offered in one turn is handed in in another, and then the next is offered."""

    def act(self) -> None:
        """Two turns: look, and do something."""
        self._rig.run(lambda tx, known: self._turn(tx, known, self._look))
        super().act()

    def _turn(self, tx: Tx, known: Known, does: Callable[[Tx, Known, random.Random], None]) -> None:
        tx.orm.get_one(Person, self._worker, with_for_update={"key_share": True})
        does(tx, known, self._rng)

    def _answer(self, tx: Tx, known: Known, rng: random.Random) -> None:
        """Only what is in hand."""
        enrolled = tx.one(work.ENROLLED, project=known.id, worker=self._worker)
        if enrolled and enrolled.open_task:
            answering.submit(tx, known, self._worker, enrolled.open_task, rng.choice(LABELS), self._clock())
            self._offered(tx, known, rng)

    def _skip(self, tx: Tx, known: Known, rng: random.Random) -> None:
        enrolled = tx.one(work.ENROLLED, project=known.id, worker=self._worker)
        if enrolled and enrolled.open_task:
            answering.skip(tx, known, self._worker, enrolled.open_task, "unsure", self._clock())
            self._offered(tx, known, rng)


class Number(NamedTuple):
    """How many."""

    n: int


_DEADLOCKS = Statement("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", Number)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("named", ["2000", None], ids=["a budget that ends", "as much as it takes"])
def test_a_race_for_a_budget(database: Database, clock: Clock, named: str | None) -> None:
    pays = {"answer": "20", "currency": "KRW", "budget": named}
    changed = {"overlap": {"min": 1, "max": 5, "confidence": 0.9}, "gold": {"share": 0.1}, "reward": pays}
    rig = a_rig(database, clock(), _WORKERS, _TASKS, golds=6, changed=changed)
    acts = [Worker(rig, worker, clock).act for worker in rig.workers for _ in range(_TURNS_EACH)]
    chance(7).shuffle(acts)
    with ThreadPoolExecutor(12) as threads:
        for n, done in enumerate([threads.submit(act) for act in acts]):
            done.result()
            if n % 60 == 0:
                rig.run(lambda tx, _known: release_due(tx, clock() + _HOLD_MS, 20))
    with database.reading() as reader:
        assert list(differences(reader)) == []
    stands = rig.run(lambda tx, known: budget.standing(tx, known.purse) if known.purse else budget.Budget(0, 0, 0))
    assert stands.spent > 0
    if named:
        assert stands.given == _BUDGET
        assert stands.left < 20
    assert database.run(_deadlocks).result() <= 3


def _deadlocks(tx: Tx) -> int:
    """How often turns have waited for each other in a circle (and one was tried again)."""
    found = tx.one(_DEADLOCKS) if tx.dialect == "postgresql" else None
    return found.n if found else 0
