"""A project's budget: what it was given, what is promised to work under way, what is left.

Nobody works for a budget that is spent: what an answer earns is promised when it is offered. The budget lies in several
parts (accounts), so that workers of one project seldom wait for each other. A project whose file names no budget is
given what it needs, in steps. See docs/decisions/ledger.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.errors import told
from db.queries import money
from db.session import Tx
from tasks.money import ledger
from tasks.money.ledger import Cause, MoneyError
from tasks.money.purse import Purse
from tasks.words import Money

PARTS = 8
_WORTH_PARTING = 64
"""Answers that each part must be able to pay, or the budget lies in one."""
_STEP = 1_000
"""Answers' worth that a project without a named budget is given at once."""


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


def standing(tx: Tx, project: int) -> Budget:
    """How the project's budget stands; all 0 for one that pays nothing."""
    held = tx.all(money.OF_PROJECT, project=project)
    given = -sum(one.balance for one in held if one.kind == "house")
    left = sum(one.balance for one in held if one.kind == "budget")
    return Budget(given, given - left, sum(one.reserved for one in held))


def promise(tx: Tx, purse: Purse, person: int, amount: int, now: int) -> int | None:
    """Promise an amount to somebody: the account it will be paid from, or None where the budget is spent."""
    wanted = {
        "project": purse.project,
        "amount": amount,
        "own": ledger.budget_name(purse.project, purse.currency, person % PARTS),
    }
    found = tx.one(money.PROMISE, **wanted) or tx.one(money.PROMISE_WAITING, **wanted)
    if found is None and _gathered(tx, purse, amount, now):
        found = tx.one(money.PROMISE_WAITING, **wanted)
    return found.id if found else None


def release(tx: Tx, account: int, amount: int) -> None:
    """What was promised will not be earned."""
    tx.run(money.RELEASE, id=account, amount=amount)


def refuse_below(tx: Tx, purse: Purse) -> None:
    """Raises BudgetBelowSpentError where the budget that is named does not cover what is earned and promised."""
    stands = standing(tx, purse.project)
    if purse.budget is not None and purse.budget < stands.spent + stands.promised:
        raise BudgetBelowSpentError(least=Money(stands.spent + stands.promised, purse.currency))


def follow(tx: Tx, purse: Purse, now: int) -> None:
    """Give the project the budget that its file names, or take back what it names less.

    Raises BudgetBelowSpentError.
    """
    if purse.budget is None:
        return
    parts = tx.all(money.PARTS, project=purse.project)
    refuse_below(tx, purse)
    missing = purse.budget - standing(tx, purse.project).given
    key = f"fund:{purse.project}:{purse.revision}"
    if missing > 0:
        _give(tx, purse, missing, key, now)
    else:
        _take(tx, purse, parts, -missing, key, now)


def _gathered(tx: Tx, purse: Purse, amount: int, now: int) -> bool:
    """Whether some part has enough now: a budget that is not named is given more, else what is left is put together."""
    parts = tx.all(money.PARTS, project=purse.project)
    if purse.budget is None:
        given = standing(tx, purse.project).given
        _give(tx, purse, amount * _STEP, f"fund:{purse.project}:step:{given}", now)
        return True
    if not parts or sum(part.balance - part.reserved for part in parts) < amount:
        return False
    into = parts[0]
    for part in parts[1:]:
        free = part.balance - part.reserved
        key = f"gather:{purse.project}:{part.id}:{now}"
        ledger.post(tx, part.id, into.id, free, Cause("gather", key, project=purse.project), now)
    return True


def _give(tx: Tx, purse: Purse, amount: int, key: str, now: int) -> None:
    """Spread over the parts, in whole answers, where that is worth it."""
    house = ledger.of_house(tx, purse.project, purse.currency)
    unit = max(1, purse.answer)
    each = amount // (PARTS * unit) * unit if amount >= PARTS * _WORTH_PARTING * unit else 0
    for part in range(PARTS if each else 1):
        account = ledger.of_budget(tx, purse.project, purse.currency, part)
        share = each if part else amount - each * (PARTS - 1) if each else amount
        ledger.post(tx, house, account, share, Cause("fund", f"{key}:{part}", project=purse.project), now)


def _take(tx: Tx, purse: Purse, parts: list[money.Held], amount: int, key: str, now: int) -> None:
    house = ledger.of_house(tx, purse.project, purse.currency)
    for part in parts:
        taken = min(amount, part.balance - part.reserved)
        ledger.post(tx, part.id, house, taken, Cause("fund", f"{key}:{part.id}", project=purse.project), now)
        amount -= max(0, taken)
