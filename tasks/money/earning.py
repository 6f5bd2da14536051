"""What answers and votes earn: promised with the offer, on hold until accepted or long enough, reversed by a posting.

Only pay that is on hold can be taken back: what is payable is the worker's.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.queries import money
from db.session import Tx
from tasks.money import ledger
from tasks.money.ledger import Cause
from tasks.money.purse import Purse

HELD_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Pay:
    """What one assignment earns: ``amount`` minor units from the account ``budget``.

    ``round`` counts how often the answer was taken back or asked again before: each time is a cause of its own.
    """

    project: int
    task: int
    worker: int
    amount: int
    budget: int
    round: int

    def cause(self, reason: str) -> Cause:
        """A cause of this assignment."""
        key = f"{reason}:{self.project}:{self.task}:{self.worker}:{self.round}"
        return Cause(reason, key, self.worker, self.project, self.task)


def earn(tx: Tx, purse: Purse, pay: Pay, now: int) -> int | None:
    """An answer is in: its pay leaves the budget. Until when it is on hold; None where it is payable at once."""
    held = purse.hold_ms > 0
    to = ledger.of_person(tx, "pending" if held else "payable", pay.worker, purse.currency)
    ledger.post(tx, pay.budget, to, pay.amount, pay.cause("answer"), now, promised=-pay.amount)
    due = now + purse.hold_ms if held else None
    if held:
        hold(tx, pay, due)
    return due


def hold(tx: Tx, pay: Pay, due: int | None) -> None:
    """Keep it on hold until then; with None it waits for somebody's decision, or is no longer on hold."""
    tx.run(money.HOLD, project=pay.project, task=pay.task, worker=pay.worker, due=due)


def take_back(tx: Tx, purse: Purse, pay: Pay, now: int, *, held: bool, promised: bool) -> None:
    """The answer is taken back: its pay returns to the budget; with ``promised`` it is promised to it again."""
    origin = ledger.of_person(tx, "pending" if held else "payable", pay.worker, purse.currency)
    again = pay.amount if promised else 0
    ledger.post(tx, origin, pay.budget, pay.amount, pay.cause("reversal"), now, promised_to=again)


def release(tx: Tx, purse: Purse, pay: Pay, now: int) -> None:
    """It is accepted: what is on hold becomes payable."""
    currency = purse.currency
    pending = ledger.of_person(tx, "pending", pay.worker, currency)
    payable = ledger.of_person(tx, "payable", pay.worker, currency)
    ledger.post(tx, pending, payable, pay.amount, pay.cause("release"), now)
    hold(tx, pay, None)


def part(tx: Tx, purse: Purse, pay: Pay, share: float, now: int) -> None:
    """It is rejected for good: a ``share`` of what is on hold becomes payable, the rest returns to the budget."""
    currency = purse.currency
    kept = int(pay.amount * share)
    pending = ledger.of_person(tx, "pending", pay.worker, currency)
    payable = ledger.of_person(tx, "payable", pay.worker, currency)
    ledger.post(tx, pending, payable, kept, pay.cause("release"), now)
    ledger.post(tx, pending, pay.budget, pay.amount - kept, pay.cause("reversal"), now)
    hold(tx, pay, None)


def vote(tx: Tx, purse: Purse, case: int, reviewer: int, amount: int, budget: int, task: int, now: int) -> None:
    """A vote is in: it is payable at once, whatever the outcome."""
    payable = ledger.of_person(tx, "payable", reviewer, purse.currency)
    cause = Cause("vote", f"vote:{case}:{reviewer}", reviewer, purse.project, task)
    ledger.post(tx, budget, payable, amount, cause, now, promised=-amount)
