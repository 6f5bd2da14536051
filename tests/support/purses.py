"""A project that pays, its people at work, and what the ledger says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from db.session import Database, Tx
from db.statement import Statement
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases
from tasks.money import budget
from tasks.money.budget import Budget
from tasks.money.holding import release_due
from tasks.money.purse import Purse
from tasks.projects.catalog import Known
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

DAY = 86_400_000
LEASE = 15 * 60_000


class Account(NamedTuple):
    """An account by its name."""

    name: str
    balance: int
    reserved: int


class Posting(NamedTuple):
    """Why what moved."""

    reason: str
    amount: int
    cause: str


ACCOUNTS = Statement("SELECT name, balance, reserved FROM account ORDER BY id", Account)
POSTINGS = Statement("SELECT reason, amount, cause FROM posting ORDER BY id", Posting)


class Paying:
    """Short words for a project with a reward."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        tasks: int = 5,
        workers: int = 4,
        golds: int = 0,
        reward: Mapping[str, Any] | None = None,
        **changed: Any,
    ) -> None:
        pays = {"answer": "20", "vote": "10", "currency": "KRW", **(reward or {})}
        self.rig: Rig = a_rig(database, clock(), workers, tasks, golds, {**changed, "reward": pays})
        self.clock = clock
        self.currency = pays["currency"]

    @staticmethod
    def purse(known: Known) -> Purse:
        """What it pays."""
        assert known.purse is not None
        return known.purse

    def offer(self, who: int) -> int | str:
        """The task, or why there is none."""
        return self.rig.run(lambda tx, known: self._offered(tx, known, who))

    def _offered(self, tx: Tx, known: Known, who: int) -> int | str:
        found = offer(tx, known, self.rig.workers[who], self.clock(), chance(1))
        return found.reason if isinstance(found, NoWork) else found.task

    def answer(self, who: int, task: int, label: str = "cat") -> None:
        """Hand in."""
        self.rig.run(lambda tx, known: answering.submit(tx, known, self.rig.workers[who], task, label, self.clock()))

    def skip(self, who: int, task: int) -> None:
        """Give back."""
        self.rig.run(lambda tx, known: answering.skip(tx, known, self.rig.workers[who], task, "x", self.clock()))

    def skip_and_go_on(self, who: int, task: int) -> int | str:
        """As a conversation does: both in one turn."""

        def turn(tx: Tx, known: Known) -> int | str:
            answering.skip(tx, known, self.rig.workers[who], task, "x", self.clock())
            return self._offered(tx, known, who)

        return self.rig.run(turn)

    def undo(self, who: int) -> int:
        """Take back."""
        return self.rig.run(lambda tx, known: answering.undo(tx, known, self.rig.workers[who], self.clock()))

    def sweep(self) -> int:
        """Make payable what was on hold long enough."""
        return self.rig.run(lambda tx, _known: release_due(tx, self.clock()))

    def lapse(self) -> None:
        """Leases end."""
        self.clock.pass_ms(LEASE + 60_000)
        self.rig.run(lambda tx, _known: expire_leases(tx, self.clock()))

    def budget(self, named: int | None) -> None:
        """The file names another budget."""

        def turn(tx: Tx, known: Known) -> None:
            budget.follow(tx, replace(self.purse(known), budget=named), self.clock())

        self.rig.run(turn)

    def stands(self) -> Budget:
        """How the budget stands."""
        return self.rig.run(lambda tx, known: budget.standing(tx, self.purse(known)))

    def figures(self) -> tuple[int, int, int]:
        """Given, spent, promised."""
        stands = self.stands()
        return stands.given, stands.spent, stands.promised

    def has(self, who: int, kind: str) -> int:
        """The balance of one of somebody's accounts."""
        name = f"{kind}:{self.rig.workers[who]}:{self.currency}"
        return next((one.balance for one in self.accounts() if one.name == name), 0)

    def accounts(self) -> list[Account]:
        """All there are."""
        return self.rig.run(lambda tx, _known: tx.all(ACCOUNTS))

    def postings(self, reason: str = "") -> list[Posting]:
        """All there are, or those of one reason."""
        return [one for one in self.rig.run(lambda tx, _known: tx.all(POSTINGS)) if reason in ("", one.reason)]

    def parts(self) -> list[int]:
        """What is free in each part of the budget."""
        return [one.balance - one.reserved for one in self.accounts() if one.name.startswith("budget:")]
