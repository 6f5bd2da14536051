"""The ledger as a state machine: whatever is done and undone, it sums to zero and says what the other rows say.

Promise 4: nobody works for a spent budget, no answer and no vote is paid twice or not at all, nothing is spent that is
promised, and each assignment nets to what became of it.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from db.errors import InputError
from db.session import Database, Tx, open_database
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import end_leases
from tasks.cases import expire
from tasks.money import payout
from tasks.money.holding import release_due
from tasks.money.recount import differences
from tasks.people import Who
from tasks.projects import funding
from tasks.projects.catalog import Known
from tasks.review import seats, voting
from tests.conftest import Clock
from tests.property.rig import OVERLAP, a_rig, chance
from tests.property.test_lease import ANSWERS, WORKERS, Lease

_WORKERS, _REVIEWERS, _TASKS, _GOLDS = 4, 2, 4, 2
REVIEWERS = st.integers(0, _REVIEWERS - 1)
_NUMBERS = itertools.count(1)
BUDGETS = st.sampled_from(["0", "20", "50", "60", "200", "100000", "none"])


class Ledger(Lease):
    """Everything that the lease knows, in a project that pays; and everything that moves money beside it."""

    opened: Callable[[Path], Database]

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.rng = chance(1)
        changed = {**self.changed, "id": f"ledger-{next(_NUMBERS)}"}
        people = _WORKERS + _REVIEWERS
        self.rig = a_rig(type(self).opened(self.folder), self.clock(), people, _TASKS, _GOLDS, changed)
        self.reviewers = self.rig.workers[_WORKERS:]

    def _try(self, turn: Callable[[Tx, Known], object]) -> bool:
        """A turn that catches what is refused, and is committed: as in a conversation, so a refusal changes nothing."""

        def caught(tx: Tx, known: Known) -> bool:
            try:
                turn(tx, known)
            except InputError:
                return False
            return True

        return self.rig.run(caught)

    @rule(amount=BUDGETS)
    def budget(self, amount: str) -> None:
        """Another budget is named."""
        self._try(lambda tx, known: funding.change(tx, self.rig.catalog, known.key, amount, self.clock()))

    @rule(who=WORKERS, label=ANSWERS)
    def skip_and_go_on(self, who: int, label: str) -> None:
        """As a conversation does: skip, see the next one, answer it, see the next one."""

        def turn(tx: Tx, known: Known) -> None:
            worker, now = self.rig.workers[who], self.clock()
            found = offer(tx, known, worker, now, self.rng)
            if isinstance(found, NoWork):
                return
            answering.skip(tx, known, worker, found.task, "unsure", now)
            found = offer(tx, known, worker, now, self.rng)
            if not isinstance(found, NoWork):
                answering.submit(tx, known, worker, found.task, label, now)
                offer(tx, known, worker, now, self.rng)

        self._try(turn)

    @rule(hours=st.sampled_from([1, 30, 80]), most=st.integers(1, 5))
    def hold_ends(self, hours: int, most: int) -> None:
        """Days pass, and the sweep comes."""
        self.clock.pass_ms(hours * 3_600_000)
        while self.rig.run(lambda tx, _known: release_due(tx, self.clock(), most)) == most:
            pass

    @rule(who=WORKERS)
    def leave(self, who: int) -> None:
        """Somebody is suspended: what they hold goes to others."""
        self.rig.run(lambda tx, _known: end_leases(tx, self.rig.workers[who]))

    @rule(who=WORKERS)
    def ask_for_a_payout(self, who: int) -> None:
        """All that is payable."""
        self._try(lambda tx, _known: payout.request(tx, self.rig.workers[who], "KRW", "bank 1-2-3", {}, self.clock()))

    @rule(who=WORKERS)
    def cancel_a_payout(self, who: int) -> None:
        """Not yet."""
        worker = self.rig.workers[who]

        def turn(tx: Tx, _known: Known) -> None:
            for one in payout.open_of(tx, worker):
                payout.cancel(tx, worker, one.id, self.clock())

        self._try(turn)

    @rule(who=REVIEWERS, label=ANSWERS)
    def vote(self, who: int, label: str) -> None:
        """A reviewer takes a seat at a dispute, and votes."""
        self._try(lambda tx, known: self._vote(tx, known, who, label))

    @rule(who=REVIEWERS)
    def sit(self, who: int) -> None:
        """A reviewer takes a seat, and no more."""
        self._try(lambda tx, known: seats.take(tx, known, self._who(who), "dispute", self.clock(), self.rng))

    @rule(who=REVIEWERS)
    def get_up(self, who: int) -> None:
        """And leaves it."""

        def turn(tx: Tx, _known: Known) -> None:
            held = seats.mine(tx, self.rig.catalog, self._who(who))
            if held:
                seats.skip(tx, self._who(who), held.case.id)

        self._try(turn)

    @rule(minutes=st.sampled_from([1, 16]))
    def seats_end(self, minutes: int) -> None:
        """Nobody voted in time."""
        self.clock.pass_ms(minutes * 60_000)
        self.rig.run(lambda tx, _known: expire(tx, self.clock()))

    def _who(self, who: int) -> Who:
        return Who(self.reviewers[who], "en", "UTC", "reviewer", "1")

    def _vote(self, tx: Tx, known: Known, who: int, label: str) -> None:
        seated = seats.take(tx, known, self._who(who), "dispute", self.clock(), self.rng)
        if seated is not None:
            voting.vote(tx, known, self.reviewers[who], seated.case.id, {"answer": label}, "", self.clock())

    @invariant()
    def rows_keep_together(self) -> None:
        """After each step."""
        assert self.rig.broken((OVERLAP,)) == []
        with self.rig.database.reading() as reader:
            assert list(differences(reader)) == []


_PAYS = {"answer": "20", "vote": "10", "currency": "KRW"}
_PROJECTS: Mapping[str, Mapping[str, Any]] = {
    "reviewed": {
        "overlap": 2,
        "gold": {"share": 0.3},
        "reward": {**_PAYS, "budget": "200"},
        "review": {"votes": 1, "reasons": [{"key": "half", "text": "Half", "pay": 0.33}], "appeal_within": "1h"},
    },
    "as much as it takes": {"overlap": {"min": 2, "max": 4, "confidence": 0.9}, "reward": {**_PAYS, "hold": "30h"}},
    "payable at once": {"overlap": 2, "reward": {**_PAYS, "hold": "0s", "budget": "60"}, "review": {"votes": 2}},
}


def _run(machine: type[Ledger], examples: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize("changed", _PROJECTS.values(), ids=_PROJECTS)
def test_the_ledger(changed: Mapping[str, Any], sqlite_template: Path) -> None:
    def opened(folder: Path) -> Database:
        shutil.copy(sqlite_template, folder / "ledger.db")
        return open_database(f"sqlite:///{folder / 'ledger.db'}")

    _run(type("OnSQLite", (Ledger,), {"changed": changed, "opened": staticmethod(opened)}), 40)


@pytest.mark.timeout(240)
def test_the_ledger_on_postgresql(postgres_url: str) -> None:
    """All examples in one database: each has a project of its own, and all of them add up."""
    opened = staticmethod(lambda _folder: open_database(postgres_url))
    _run(type("OnPostgreSQL", (Ledger,), {"changed": _PROJECTS["reviewed"], "opened": opened}), 12)
