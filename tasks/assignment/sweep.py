"""Ends leases that nobody has answered in time, a bounded number at once, and those of people who stop."""

from collections import Counter
from collections.abc import Iterable

from db.queries import staff, work
from db.queries.staff import Held
from db.queries.work import Overdue
from db.session import Tx
from tasks.assignment.answering import give_back
from tasks.money import budget

SWEPT_AT_ONCE = 500


def expire_leases(tx: Tx, now: int, most: int = SWEPT_AT_ONCE) -> int:
    """Give back the slots of leases that ended before ``now``; how many (call again while it is ``most``)."""
    overdue = tx.all(work.OVERDUE, now=now, most=most)
    for lease in overdue:
        tx.run(work.EXPIRE, project=lease.project, task=lease.task, worker=lease.worker)
        if not lease.gold:
            give_back(tx, lease.project, lease.task)
    _release(tx, overdue)
    return len(overdue)


def end_leases(tx: Tx, person: int) -> int:
    """Whatever a person holds goes to others now; how many tasks."""
    held = tx.all(staff.HELD, person=person)
    for lease in held:
        ended = tx.run(work.EXPIRE, project=lease.project, task=lease.task, worker=person)
        if ended and not lease.gold:
            give_back(tx, lease.project, lease.task)
    _release(tx, held)
    tx.run(staff.LET_GO, person=person)
    return len(held)


def _release(tx: Tx, ended: Iterable[Held | Overdue]) -> None:
    """What was promised for them goes back to the budgets, one account after the other in their order."""
    promised: Counter[int] = Counter()
    for lease in ended:
        if lease.budget is not None:
            promised[lease.budget] += lease.pay
    for account in sorted(promised):
        budget.release(tx, account, promised[account])


def forget_settled(tx: Tx, most: int = SWEPT_AT_ONCE) -> int:
    """Drop entries of the queue of returned tasks whose task has no slot left; how many."""
    return tx.run(work.SWEEP_RETURNED, most=most)
