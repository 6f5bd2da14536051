"""Ends leases that nobody has answered in time, a bounded number at once."""

from db.queries import work
from db.session import Tx
from tasks.assignment.answering import give_back

SWEPT_AT_ONCE = 500


def expire_leases(tx: Tx, now: int, most: int = SWEPT_AT_ONCE) -> int:
    """Give back the slots of leases that ended before ``now``; how many (call again while it is ``most``)."""
    overdue = tx.all(work.OVERDUE, now=now, most=most)
    for lease in overdue:
        tx.run(work.EXPIRE, project=lease.project, task=lease.task, worker=lease.worker)
        if not lease.gold:
            give_back(tx, lease.project, lease.task)
    return len(overdue)


def forget_settled(tx: Tx, most: int = SWEPT_AT_ONCE) -> int:
    """Drop entries of the queue of returned tasks whose task has no slot left; how many."""
    return tx.run(work.SWEEP_RETURNED, most=most)
