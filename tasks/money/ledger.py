"""The ledger: an amount goes from one account to another in one posting, once for each cause (promise 4)."""

from __future__ import annotations

from dataclasses import dataclass

from db.errors import InputError, told
from db.queries import money
from db.session import Tx


class MoneyError(InputError):
    """It cannot be paid, promised or taken back."""


class NotEnoughError(MoneyError):
    """An account would fall below zero, or below what is promised from it."""

    message = told("Look at the balance again: there is not enough for this any more.")


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an amount moves. ``key`` is unique: the same cause posts once.

    ``reason`` is a word of the statement (``db.tables.money.Posting``); ``person`` whose statement shows it.
    """

    reason: str
    key: str
    person: int | None = None
    project: int | None = None
    task: int | None = None


def of_person(tx: Tx, kind: str, person: int, currency: str) -> int:
    """A worker's account (pending | payable | requested | paid); made when it is first needed."""
    return _account(tx, f"{kind}:{person}:{currency}", kind, currency, person=person)


def of_budget(tx: Tx, project: int, currency: str, part: int) -> int:
    """One part of a project's budget."""
    return _account(tx, budget_name(project, currency, part), "budget", currency, project=project)


def of_house(tx: Tx, project: int, currency: str) -> int:
    """Where a project's money comes from: what it was given is its balance below zero."""
    return _account(tx, f"house:{project}:{currency}", "house", currency, project=project)


def budget_name(project: int, currency: str, part: int) -> str:
    """The name of one part of a project's budget."""
    return f"budget:{project}:{currency}:{part}"


def _account(
    tx: Tx, name: str, kind: str, currency: str, *, person: int | None = None, project: int | None = None
) -> int:
    found = tx.one(money.ACCOUNT, name=name)
    if found is None:
        tx.run(money.MAKE_ACCOUNT, name=name, kind=kind, currency=currency, person=person, project=project)
        found = tx.one(money.ACCOUNT, name=name)
    assert found is not None  # noqa: S101 - it was just made, by this turn or by another
    return found.id


def post(
    tx: Tx, origin: int, to: int, amount: int, cause: Cause, now: int, *, promised: int = 0, promised_to: int = 0
) -> bool:
    """Move ``amount`` minor units from ``origin`` to ``to``; False where this cause has been posted before.

    ``promised`` and ``promised_to`` change, in the same step, what is promised from either. Nothing moves for an
    amount of 0. Raises NotEnoughError, and then nothing of the turn may stay.
    """
    if amount <= 0:
        return False
    row = {"reason": cause.reason, "person": cause.person, "project": cause.project, "task": cause.task}
    if not tx.run(money.POST, now=now, origin=origin, to=to, amount=amount, cause=cause.key, **row):
        return False
    moves = sorted([(origin, -amount, promised), (to, amount, promised_to)])  # in one order, or turns wait in a circle
    for account, change, reserved in moves:
        if not tx.run(money.MOVE, id=account, amount=change, promised=reserved):
            raise NotEnoughError
    return True
