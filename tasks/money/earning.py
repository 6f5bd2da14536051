"""What answers and votes earn: promised with the offer, on hold until accepted or long enough, reversed by a posting.

While an answer's ``due_at`` is set its pay is on hold, rejected or not; what is payable is the worker's.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.queries import money
from db.session import Tx
from tasks.money import ledger, price
from tasks.money.ledger import Cause
from tasks.money.purse import Purse


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


def due(purse: Purse, now: int) -> int | None:
    """Until when pay that is earned now is on hold; None where it is payable at once."""
    return now + purse.hold_ms if purse.hold_ms else None


def earn(tx: Tx, purse: Purse, pay: Pay, now: int) -> None:
    """An answer is in, with its ``due_at``: its pay leaves the budget. Raises PostedBeforeError."""
    kind = "pending" if purse.hold_ms else "payable"
    to = ledger.of_person(tx, kind, pay.worker, purse.currency)
    ledger.post_kept(tx, pay.budget, to, pay.amount, pay.cause("answer"), now, promised=-pay.amount)


def take_back(tx: Tx, purse: Purse, pay: Pay, now: int, *, held: bool, promised: bool) -> None:
    """The answer is taken back: its pay returns to the budget; with ``promised`` it is promised to it again.

    ``held``: it is on hold, as the answer's row said when it was locked. Raises NotEnoughError where it was payable and
    is so no longer; then nothing has changed.
    """
    again = pay.amount if promised else 0
    pending, payable = _own(tx, pay.worker, purse.currency)
    if held:
        ledger.post_kept(tx, pending, pay.budget, pay.amount, pay.cause("reversal"), now, promised_to=again)
    elif ledger.post(tx, payable, pay.budget, pay.amount, pay.cause("reversal"), now):
        tx.run(money.MOVE, id=pay.budget, amount=0, promised=again)


def release(tx: Tx, purse: Purse, pay: Pay, now: int) -> bool:
    """It is accepted: what is on hold becomes payable. False where it is so already."""
    if not _lift(tx, pay):
        return False
    pending, payable = _own(tx, pay.worker, purse.currency)
    ledger.post_kept(tx, pending, payable, pay.amount, pay.cause("release"), now)
    return True


def part(tx: Tx, purse: Purse, pay: Pay, share: float, now: int) -> bool:
    """It is rejected for good: a ``share`` of what is on hold becomes payable, the rest returns to the budget.

    False where it is payable already: then it is the worker's.
    """
    if not _lift(tx, pay):
        return False
    kept = price.part(pay.amount, share)
    pending, payable = _own(tx, pay.worker, purse.currency)
    ledger.post_kept(tx, pending, payable, kept, pay.cause("release"), now)
    ledger.post_kept(tx, pending, pay.budget, pay.amount - kept, pay.cause("reversal"), now)
    return True


def vote(tx: Tx, purse: Purse, case: int, reviewer: int, amount: int, budget: int, task: int, now: int) -> None:
    """A vote is in: it is payable at once, whatever the outcome. Raises PostedBeforeError."""
    payable = ledger.of_person(tx, "payable", reviewer, purse.currency)
    cause = Cause("vote", f"vote:{case}:{reviewer}", reviewer, purse.project, task)
    ledger.post_kept(tx, budget, payable, amount, cause, now, promised=-amount)


def bonus(tx: Tx, purse: Purse, person: int, amount: int, budget: int, now: int) -> None:
    """What was promised beside all answers is payable at once. Raises PostedBeforeError."""
    payable = ledger.of_person(tx, "payable", person, purse.currency)
    cause = Cause("bonus", f"bonus:{purse.project}:{person}:{now}", person, purse.project)
    ledger.post_kept(tx, budget, payable, amount, cause, now, promised=-amount)


def _lift(tx: Tx, pay: Pay) -> bool:
    """It is on hold no longer; whether it was. The row's lock decides between two who release it at once."""
    return bool(tx.run(money.LIFT, project=pay.project, task=pay.task, worker=pay.worker))


def _own(tx: Tx, worker: int, currency: str) -> tuple[int, int]:
    """Their accounts pending and payable."""
    return ledger.of_person(tx, "pending", worker, currency), ledger.of_person(tx, "payable", worker, currency)
