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


class PostedBeforeError(RuntimeError):
    """What must move now has moved before: a fault of ours.

    No conversation catches it: the turn would change work and not pay for it, so nothing of it may stay.
    """


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


# --------------------------------------------------------------------------- accounts


def of_person(tx: Tx, kind: str, person: int, currency: str) -> int:
    """A worker's account (pending | payable | requested | paid); made when it is first needed."""
    return _account(tx, f"{kind}:{person}:{currency}", kind, currency, person=person)


def of_budget(tx: Tx, project: int, currency: str, part: int) -> int:
    """One part of a project's budget."""
    return _account(tx, budget_name(project, currency, part), "budget", currency, project=project)


def of_house(tx: Tx, project: int | None, currency: str) -> int:
    """Where a project's money comes from: what it was given is its balance below zero.

    Without a project: where goes what somebody gives up.
    """
    return _account(tx, f"house:{project or 0}:{currency}", "house", currency, project=project)


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


# --------------------------------------------------------------------------- postings


def post(tx: Tx, origin: int, to: int, amount: int, cause: Cause, now: int) -> bool:
    """Move ``amount`` minor units, if they are there; False where this cause has been posted before.

    Nothing moves for an amount of 0. Raises NotEnoughError, and then nothing has changed.
    """
    if amount <= 0:
        return False
    held = {account.id: account for account in tx.all(money.BOTH, origin=origin, to=to)}
    enough = held[origin].kind == "house" or held[origin].free >= amount
    if not enough and tx.one(money.POSTED, cause=cause.key) is None:
        raise NotEnoughError
    if not enough or not _posted(tx, origin, to, amount, cause, now):
        return False
    tx.run(money.MOVE, id=origin, amount=-amount, promised=0)
    tx.run(money.MOVE, id=to, amount=amount, promised=0)
    return True


def post_kept(
    tx: Tx, origin: int, to: int, amount: int, cause: Cause, now: int, *, promised: int = 0, promised_to: int = 0
) -> None:
    """Move what is kept for this: promised, or on hold. ``promised`` and ``promised_to`` change what is promised.

    The accounts change when the turn ends, in the order of their numbers, whatever else the turn pays: so turns seldom
    wait for each other, and never in a circle. Raises PostedBeforeError.
    """
    if amount <= 0:
        return
    if not _posted(tx, origin, to, amount, cause, now):
        raise PostedBeforeError
    tx.later(money.MOVE, id=origin, amount=-amount, promised=promised)
    tx.later(money.MOVE, id=to, amount=amount, promised=promised_to)


def _posted(tx: Tx, origin: int, to: int, amount: int, cause: Cause, now: int) -> bool:
    row = {"reason": cause.reason, "person": cause.person, "project": cause.project, "task": cause.task}
    return bool(tx.run(money.POST, now=now, origin=origin, to=to, amount=amount, cause=cause.key, **row))
