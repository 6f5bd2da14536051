"""A project's budget: what it was given, what is promised to work under way, what is left.

Nobody works for a budget that is spent: what an answer earns is promised when it is offered. The budget lies in several
parts (accounts), so that workers of one project seldom wait for each other. A project whose file names no budget is
given what it needs, in steps. See docs/decisions/ledger.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from db.errors import told
from db.queries import money
from db.queries.money import Held
from db.session import Tx
from tasks.money import ledger
from tasks.money.ledger import Cause, MoneyError
from tasks.money.purse import Purse
from tasks.words import Money

PARTS = 8
_WORTH_PARTING = 64
"""Answers that each part must be able to pay, or what is free lies in the first."""
_STEP, _STEP_MOST = 1_000, 10**15
"""Answers' worth that a project without a named budget is given at once, and the most minor units."""


class BudgetBelowSpentError(MoneyError):
    """The budget was lowered below what is earned or promised."""

    message = told("Choose at least {least}: that much has been earned or is promised already.")


@dataclass(frozen=True, slots=True)
class Budget:
    """Minor units: ``given`` in all, ``spent`` of it, ``promised`` to work under way."""

    given: int
    spent: int
    promised: int

    @property
    def left(self) -> int:
        """What can still be promised."""
        return self.given - self.spent - self.promised


def standing(tx: Tx, purse: Purse) -> Budget:
    """How the project's budget stands; all 0 where nothing was given yet."""
    held = tx.all(money.OF_PROJECT, project=purse.project, currency=purse.currency)
    given = -sum(one.balance for one in held if one.kind == "house")
    left = sum(one.balance for one in held if one.kind == "budget")
    return Budget(given, given - left, sum(one.reserved for one in held))


def used_up(tx: Tx, purse: Purse | None) -> bool:
    """Whether a budget that is named cannot pay another answer."""
    return purse is not None and purse.budget is not None and standing(tx, purse).left < purse.answer


# --------------------------------------------------------------------------- promising


def promise(tx: Tx, purse: Purse, person: int, amount: int, now: int) -> int | None:
    """Promise an amount to somebody: the account it will be paid from, or None where the budget is spent.

    Everybody has a part of their own, so that they wait for few others; then comes the first, where the rest lies.
    """
    account, free = tx.known.pop(_freed(purse), (0, 0))
    if free >= amount:
        tx.later(money.MOVE, id=account, amount=0, promised=amount)
        return int(account)
    for part in dict.fromkeys((person % PARTS, 0)):
        name = ledger.budget_name(purse.project, purse.currency, part)
        if found := tx.one(money.PROMISE, name=name, amount=amount):
            return found.id
    if purse.budget is not None and standing(tx, purse).left < amount:
        return None
    return _promise_anew(tx, purse, amount, now)


def release(tx: Tx, account: int, amount: int) -> None:
    """What was promised will not be earned: it is free when the turn ends."""
    tx.later(money.MOVE, id=account, amount=0, promised=-amount)


def hand_on(tx: Tx, purse: Purse, account: int, amount: int) -> None:
    """The same, and the next promise of this turn may have it: with the last of a budget one can skip, and go on."""
    release(tx, account, amount)
    freed(tx, purse, account, amount)


def freed(tx: Tx, purse: Purse, account: int, amount: int) -> None:
    """What this turn has released may be promised again in it."""
    tx.known[_freed(purse)] = (account, amount)


def _freed(purse: Purse) -> tuple[str, int, str]:
    return "freed", purse.project, purse.currency


def _promise_anew(tx: Tx, purse: Purse, amount: int, now: int) -> int | None:
    """Promise once the parts are level again; a budget that is not named is given more where all of them are empty."""
    held = _Held(tx, purse, now)
    if held.free() < amount and purse.budget is None:
        held.give(max(amount, min(amount * _STEP, _STEP_MOST)))
    held.level(amount)
    found = tx.one(money.PROMISE, name=ledger.budget_name(purse.project, purse.currency, 0), amount=amount)
    return found.id if found else None


# --------------------------------------------------------------------------- what the file names


def refuse_below(tx: Tx, purse: Purse) -> None:
    """Raises BudgetBelowSpentError where the budget that is named does not cover what is earned and promised."""
    stands = standing(tx, purse)
    if purse.budget is not None and purse.budget < stands.spent + stands.promised:
        raise BudgetBelowSpentError(least=Money(stands.spent + stands.promised, purse.currency))


def follow(tx: Tx, purse: Purse, now: int) -> None:
    """Give the project the budget that its file names, or take back what it names less.

    Raises BudgetBelowSpentError, and then nothing has changed.
    """
    if purse.budget is None:
        return
    held = _Held(tx, purse, now)
    refuse_below(tx, purse)
    missing = purse.budget - standing(tx, purse).given
    if missing > 0:
        held.give(missing)
        held.level()
    else:
        held.take(-missing)


def give_back(tx: Tx, now: int) -> int:
    """What closed projects have left and nothing needs any more goes back to the house, so that the books show it.

    How many budgets; what comes back to one of them later goes the same way.
    """
    ended = tx.all(money.ENDED)
    for one in ended:
        held = _Held(tx, Purse(one.project, one.currency, 0, 0, None, 0), now)
        held.take(held.free())
    return len(ended)


class _Held:
    """A budget that nobody else gives to, takes from or levels meanwhile: the house account is locked, then the parts.

    Each posting is a cause of its own: the lock, not the cause, says that it is made once.
    """

    def __init__(self, tx: Tx, purse: Purse, now: int) -> None:
        self._tx, self._purse, self._now = tx, purse, now
        self._house = ledger.of_house(tx, purse.project, purse.currency)
        tx.one(money.HOUSE, id=self._house)
        newest = tx.one(money.NEWEST)
        self._made, self._number = 0, newest.id if newest else 0
        self._parts()

    def free(self) -> int:
        """What is promised to nobody."""
        return sum(part.free for part in self._parts())

    def give(self, amount: int) -> None:
        """From the house to the first part."""
        self._post("fund", self._house, self._part(0), amount)

    def take(self, amount: int) -> None:
        """Back to the house, of what is free."""
        for part in self._parts():
            taken = min(amount, part.free)
            self._post("fund", part.id, self._house, taken)
            amount -= taken

    def level(self, least: int = 1) -> None:
        """Spread what is free over the parts, in whole answers; where it is little it goes into the first.

        ``least``: what is to be promised at once, such as a bonus that is more than an answer earns.
        """
        free = {part.id: part.free for part in self._parts()}
        for origin, to, amount in _moves(free, self._shares(sum(free.values()), least)):
            self._post("gather", origin, to, amount)

    def _shares(self, free: int, least: int) -> Mapping[int, int]:
        unit = max(least, self._purse.answer, self._purse.vote)
        if free < PARTS * _WORTH_PARTING * unit:
            return {self._part(0): free}
        each = free // (PARTS * unit) * unit
        return {self._part(0): free - each * (PARTS - 1)} | {self._part(part): each for part in range(1, PARTS)}

    def _parts(self) -> list[Held]:
        return self._tx.all(money.PARTS, project=self._purse.project, currency=self._purse.currency)

    def _part(self, part: int) -> int:
        return ledger.of_budget(self._tx, self._purse.project, self._purse.currency, part)

    def _post(self, reason: str, origin: int, to: int, amount: int) -> None:
        cause = Cause(reason, f"{reason}:{self._house}:{self._number}:{self._made}", project=self._purse.project)
        self._made += 1
        ledger.post(self._tx, origin, to, amount, cause, self._now)


def _moves(have: Mapping[int, int], wanted: Mapping[int, int]) -> Iterator[tuple[int, int, int]]:
    """What goes from where to where, so that each account has what is wanted, in as many moves as there are accounts.

    Both sum to the same; an account that is wanted nowhere shall have nothing.
    """
    differ = {one: have.get(one, 0) - wanted.get(one, 0) for one in {**have, **wanted}}
    short = [[one, -by] for one, by in differ.items() if by < 0]
    for one, over in differ.items():
        while over > 0:
            moved = min(over, short[-1][1])
            yield one, short[-1][0], moved
            over -= moved  # noqa: PLW2901 - what is left of it
            short[-1][1] -= moved
            if not short[-1][1]:
                short.pop()
