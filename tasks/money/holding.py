"""The end of a hold: what nobody has accepted or rejected in time is the worker's."""

from __future__ import annotations

from itertools import groupby

from db.queries import money
from db.queries.money import Due
from db.session import Tx
from tasks.money import ledger
from tasks.money.ledger import Cause

RELEASED_AT_ONCE = 500


def release_due(tx: Tx, now: int, most: int = RELEASED_AT_ONCE) -> int:
    """Make payable what was on hold until ``now``; how many answers (call again while it is ``most``).

    One posting for each worker and currency, caused by the first of its answers.
    """
    due = sorted(tx.all(money.DUE, now=now, most=most), key=_owner)
    for _, rows in groupby(due, key=_owner):
        _release(tx, list(rows), now)
    tx.many(money.LIFT, [{"project": one.project, "task": one.task, "worker": one.worker} for one in due])
    return len(due)


def _owner(one: Due) -> tuple[int, str]:
    return one.worker, one.currency


def _release(tx: Tx, rows: list[Due], now: int) -> None:
    first = rows[0]
    pending = ledger.of_person(tx, "pending", first.worker, first.currency)
    payable = ledger.of_person(tx, "payable", first.worker, first.currency)
    alone = len(rows) == 1
    cause = Cause(
        "release",
        f"due:{first.project}:{first.task}:{first.worker}:{first.round}",
        first.worker,
        first.project if len({one.project for one in rows}) == 1 else None,
        first.task if alone else None,
    )
    ledger.post_kept(tx, pending, payable, sum(one.pay for one in rows), cause, now)
