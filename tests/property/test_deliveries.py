"""A delivery's whole life by chance: whoever dies, blocks or calls off in between, nobody is left out or gets it twice.

The machine plays the courier by hand, call by call, so that a process can die at every point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from db.queries import people as queries
from db.queries.deliveries import Taken
from db.session import Database, Tx
from db.statement import Statement
from tasks.outreach import broadcast
from tasks.outreach.audience import Audience
from tasks.outreach.content import OutreachError
from tasks.outreach.deliveries import Outcome, again, choose, claim, drop, finish, settle, take_back
from tasks.outreach.queue import remind
from tasks.outreach.timing import Timing
from tasks.privacy.audit import SHELL
from tasks.privacy.erase import forget
from tasks.projects.catalog import Catalog
from tasks.words import _
from tests.conftest import Clock
from tests.property.rig import chance
from tests.support.outreach import a_draft, people

_PEOPLE = 6
_HOUR = 3_600_000


class _Row(NamedTuple):
    broadcast: int | None
    state: str


_ROWS = Statement("SELECT broadcast_id, state FROM delivery ORDER BY id", _Row)


class Deliveries(RuleBasedStateMachine):
    """Six people, any number of broadcasts and reminders."""

    database: Database
    examples = 0

    @initialize()
    def begin(self) -> None:
        """Nobody has heard of anything."""
        Deliveries.examples += 1
        self.clock, self.catalog = Clock(), Catalog()
        self.people = people(self.database, *[{"external_id": f"{Deliveries.examples}-{n}"} for n in range(_PEOPLE)])
        self.arrived: Counter[tuple[int | None, int]] = Counter()
        self.lost: Counter[tuple[int | None, int]] = Counter()
        """What arrived and was not written down before a death: it may come once more."""
        self.hand: list[Taken] = []
        self.erased: set[int] = set()
        self.sent: list[int] = []
        self.causes = 0

    # ------------------------------------------------------------------------- people in charge

    @rule(later=st.booleans())
    def sends(self, later: bool) -> None:  # noqa: FBT001 - a strategy's value
        """A broadcast to everybody, now or in an hour."""
        timing = Timing(at=self.clock() + _HOUR) if later else Timing()
        made = a_draft(timing=timing, audience=Audience(people=tuple(self.people)))
        number = self._do(lambda tx: broadcast.draft(tx, SHELL, made, self.clock()))
        self._do(lambda tx: broadcast.send(tx, self.catalog, SHELL, number, self.clock()))
        self.sent.append(number)

    @rule(at=st.integers(0, 9), deed=st.sampled_from([broadcast.pause, broadcast.resume, broadcast.cancel]))
    def held(self, at: int, deed: Callable[..., None]) -> None:
        """One of them is paused, goes on, or is called off, where it can be."""
        if not self.sent:
            return
        number = self.sent[at % len(self.sent)]
        try:
            self._do(partial(deed, actor=SHELL, number=number, now=self.clock()))
        except OutreachError:
            return

    @rule(at=st.integers(0, _PEOPLE - 1))
    def reminds(self, at: int) -> None:
        """Something of somebody's own."""
        self.causes += 1
        cause = f"told:{Deliveries.examples}:{self.causes}"
        self._do(lambda tx: remind(tx, self.people[at], "notice", cause, _("Nothing to do just now."), self.clock()))

    # ------------------------------------------------------------------------- the courier, and its death

    @rule()
    def looks(self) -> None:
        """All that goes on around the courier, once."""
        for number in self.sent:
            self._do(partial(choose, number=number, now=self.clock()))
            if self._do(partial(broadcast.standing, number=number)).state == "cancelled":
                self._do(partial(drop, number=number))
        self._do(lambda tx: finish(tx, self.clock()))

    @rule(most=st.integers(1, 4))
    def claims(self, most: int) -> None:
        """Some are taken."""
        found = self._do(lambda tx: claim(tx, self.catalog, self.clock(), most, 3))
        self._do(lambda tx: settle(tx, found.dropped, self.clock()))
        self.hand += found.letters

    @precondition(lambda self: self.hand)
    @rule(at=st.integers(0, 9), end=st.sampled_from(["sent", "sent", "blocked", "failed", "again"]))
    def ends(self, at: int, end: str) -> None:
        """One comes back, and is written down."""
        taken = self.hand.pop(at % len(self.hand))
        if end == "sent":
            self.arrived[taken.broadcast, taken.person] += 1
        outcome = again(taken, self.clock(), "x") if end == "again" else Outcome(taken, end, "1", "x")
        self._do(lambda tx: settle(tx, [outcome], self.clock()))

    @rule(sent=st.integers(0, 3))
    def dies(self, sent: int) -> None:
        """The process dies with all in its hand, some of which has just arrived; another takes over at once."""
        for taken in self.hand[:sent]:
            self.arrived[taken.broadcast, taken.person] += 1
            self.lost[taken.broadcast, taken.person] += 1
        self.hand.clear()
        self._do(lambda tx: take_back(tx, self.clock() + 1))

    @rule()
    def time_passes(self) -> None:
        """Half an hour."""
        self.clock.pass_ms(_HOUR // 2)

    # ------------------------------------------------------------------------- people

    @rule(at=st.integers(0, _PEOPLE - 1))
    def writes(self, at: int) -> None:
        """They can be reached again."""
        self._do(lambda tx: tx.run(queries.REACHABLE, person=self.people[at]))

    @rule(at=st.integers(0, _PEOPLE - 1))
    def leaves(self, at: int) -> None:
        """They are erased, one in a while."""
        if len(self.erased) < 2 and self.people[at] not in self.erased:
            self.erased.add(self.people[at])
            self._do(lambda tx: forget(tx, self.people[at], self.clock(), chance(Deliveries.examples * 10 + at)))

    # ------------------------------------------------------------------------- what always holds

    @invariant()
    def nobody_twice(self) -> None:
        """But for what a dying process had just sent."""
        for key, times in self.arrived.items():
            if key[0] is not None:
                assert times <= 1 + self.lost[key], (key, times)

    @invariant()
    def counts_are_those_of_the_rows(self) -> None:
        """Of broadcasts whose people are all still here; a row never loses its person otherwise."""
        rows = self._do(lambda tx: tx.all(_ROWS))
        for number in self.sent if not self.erased else ():
            states = Counter(row.state for row in rows if row.broadcast == number)
            found = self._do(partial(broadcast.standing, number=number))
            assert sum(states.values()) == found.total
            assert (states["sent"], states["failed"], states["blocked"]) == (found.sent, found.failed, found.blocked)
            assert states["dropped"] == found.dropped
            assert found.state != "done" or not states["queued"] + states["sending"]

    def teardown(self) -> None:
        """Let everything that is under way come to its end: nobody who is here and wants it is left out."""
        if not hasattr(self, "sent"):
            return
        self.dies(0)
        for _turn in range(60):
            self.looks()
            self.claims(99)
            while self.hand:
                self.ends(0, "sent")
            self.clock.pass_ms(_HOUR)
        rows = self._do(lambda tx: tx.all(_ROWS))
        for number in self.sent:
            stands = self._do(partial(broadcast.standing, number=number))
            left = Counter(row.state for row in rows if row.broadcast == number)
            assert stands.state in {"done", "cancelled", "paused"}
            assert stands.state == "paused" or not left["queued"] + left["sending"], (number, stands.state, left)

    def _do(self, deed: Callable[[Tx], Any]) -> Any:
        return self.database.run(deed).result(30)


@pytest.mark.timeout(300)
def test_deliveries(database: Database) -> None:
    run_state_machine_as_test(
        type("OnOne", (Deliveries,), {"database": database}),
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
