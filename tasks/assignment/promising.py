"""What an assignment promises to pay: reserved with the offer, released when it ends without an answer."""

from __future__ import annotations

from dataclasses import dataclass

from db.queries import work
from db.queries.work import Lease
from db.session import Tx
from tasks.money import budget, earning
from tasks.money.earning import Pay
from tasks.projects.catalog import Known


@dataclass(frozen=True, slots=True)
class Promise:
    """``pay`` minor units from the account ``budget``; None where nothing is promised."""

    pay: int = 0
    budget: int | None = None


NOTHING = Promise()


def promised(tx: Tx, known: Known, worker: int, now: int) -> Promise | None:
    """The promise for one more answer; None where the budget is spent.

    Accounts are locked last: the worker's enrolment, which is still to change, is locked before.
    """
    purse = known.purse
    if purse is None or not purse.answer:
        return NOTHING
    if tx.dialect != "sqlite":
        tx.one(work.LOCK_ENROLMENT, project=known.id, worker=worker)
    account = budget.promise(tx, purse, worker, purse.answer, now)
    return None if account is None else Promise(purse.answer, account)


def again(tx: Tx, known: Known, worker: int, lease: Lease, now: int) -> Promise | None:
    """The promise for a lease that had ended: one that was paid before its answer was sent back promises nothing."""
    return NOTHING if lease.undone and not lease.pay else promised(tx, known, worker, now)


def release(tx: Tx, known: Known, promise: Promise | Lease) -> None:
    """It will not be earned: the worker's next task in this turn may be promised it."""
    if promise.budget is not None and known.purse:
        budget.hand_on(tx, known.purse, promise.budget, promise.pay)


def of(known: Known, task: int, worker: int, lease: Lease) -> Pay | None:
    """What the answer to this lease earns; None where it earns nothing."""
    if lease.budget is None:
        return None
    return Pay(known.id, task, worker, lease.pay, lease.budget, lease.undone)


def due(known: Known, lease: Lease, now: int) -> int | None:
    """Until when what the answer earns is on hold; None where nothing is."""
    return earning.due(known.purse, now) if lease.budget is not None and known.purse else None


def pay(tx: Tx, known: Known, task: int, worker: int, lease: Lease, now: int) -> None:
    """The answer is in."""
    earned = of(known, task, worker, lease)
    if earned and known.purse:
        earning.earn(tx, known.purse, earned, now)


def unpay(tx: Tx, known: Known, task: int, worker: int, lease: Lease, now: int, *, held: bool) -> None:
    """The answer is taken back, and its pay is promised to the lease again.

    Raises NotEnoughError where it has been asked for as a payout; then nothing has changed.
    """
    earned = of(known, task, worker, lease)
    if earned and known.purse:
        earning.take_back(tx, known.purse, earned, now, held=held, promised=True)
