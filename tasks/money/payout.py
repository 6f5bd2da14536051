"""Payouts: a worker asks for what is payable, takes it back while nobody has paid it, or gives everything up.

An amount is asked for as a whole, once at a time for each currency. See docs/decisions/payouts.md.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from db.errors import told
from db.queries import money, payouts
from db.queries import person as person_rows
from db.queries.payouts import Payout
from db.session import Tx
from tasks.money import ledger
from tasks.money.amounts import POINTS
from tasks.money.ledger import Cause, MoneyError
from tasks.words import Money

LEAST_OF_ADDRESS, MOST_OF_ADDRESS = 3, 200
"""Characters of where a payout shall go."""

Minimums = Mapping[str, int]
"""The least that is paid out, in minor units, by currency; any amount where there is none."""


class PayoutError(MoneyError):
    """It cannot be paid out."""


class NothingPayableError(PayoutError):
    """There is nothing, or it is not money."""

    message = told("Look at your wallet again: there is nothing to pay out now.")


class BelowMinimumError(PayoutError):
    """It is too little yet."""

    message = told("Earn {missing} more first: payouts begin at {least}.")


class AlreadyRequestedError(PayoutError):
    """A payout in this currency is under way."""

    message = told("Wait for the payout that is on its way: what you earn meanwhile can be asked for after it.")


class AddressError(PayoutError):
    """Nobody could pay to this address."""

    message = told("Write where the money shall go in {least} to {most} characters.")


class TooLateToCancelError(PayoutError):
    """It was handed out to be paid, or is settled."""

    message = told("Wait a little: this payout is being paid, so it cannot be taken back.")


# --------------------------------------------------------------------------- asking


def open_of(tx: Tx, person: int) -> Sequence[Payout]:
    """What they asked for and nobody has settled, one for each currency at the most."""
    return tx.all(payouts.OPEN_OF, person=person)


def last_address(tx: Tx, person: int) -> str:
    """Where their last payout went or shall go; empty where there was none."""
    last = tx.one(payouts.LAST_OF, person=person)
    return last.address if last else ""


def address(words: str) -> str:
    """Where a payout shall go, as it is kept: one line without control characters. Raises AddressError."""
    plain = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in words).split())
    if not LEAST_OF_ADDRESS <= len(plain) <= MOST_OF_ADDRESS:
        raise AddressError(least=LEAST_OF_ADDRESS, most=MOST_OF_ADDRESS)
    return plain


def payable(tx: Tx, person: int, currency: str, minimums: Minimums) -> int:
    """What can be asked for now, in minor units; always above 0. Raises PayoutError."""
    held = tx.all(money.OF_PERSON, person=person)
    amount = sum(one.balance for one in held if one.kind == "payable" and one.currency == currency)
    if amount <= 0 or currency == POINTS:
        raise NothingPayableError
    if any(one.currency == currency for one in open_of(tx, person)):
        raise AlreadyRequestedError
    least = minimums.get(currency, 0)
    if amount < least:
        raise BelowMinimumError(missing=Money(least - amount, currency), least=Money(least, currency))
    return amount


def request(tx: Tx, person: int, currency: str, to: str, minimums: Minimums, now: int) -> int:
    """Ask for all that is payable in a currency; the amount. Raises PayoutError."""
    to, amount = address(to), payable(tx, person, currency, minimums)
    asked = {"person": person, "currency": currency, "amount": amount, "address": to}
    made = tx.one(payouts.REQUEST, now=now, **asked)
    assert made is not None  # noqa: S101 - a row that is added is there
    tx.run(payouts.FORGET_ADDRESSES, person=person, before=made.id)
    payable_now, requested = (ledger.of_person(tx, kind, person, currency) for kind in ("payable", "requested"))
    ledger.post(tx, payable_now, requested, amount, Cause("request", f"request:{made.id}", person), now)
    return amount


def cancel(tx: Tx, person: int, payout: int, now: int) -> Payout:
    """Take a request back while it is not handed out. Raises TooLateToCancelError."""
    found = next((one for one in open_of(tx, person) if one.id == payout), None)
    if found is None or not tx.run(payouts.CANCEL, payout=payout, person=person, now=now):
        raise TooLateToCancelError
    _leaves(tx, _asked(found), "return", "payable", now, ledger.post)  # at once: it is shown in this very turn
    return found


# --------------------------------------------------------------------------- what becomes of it


@dataclass(frozen=True, slots=True)
class Asked:
    """A payout as the ledger has it: its amount is kept in the account “requested” until it is settled."""

    id: int
    person: int
    amount: int
    currency: str


def paid(tx: Tx, asked: Asked, now: int) -> None:
    """It has arrived."""
    _leaves(tx, asked, "paid", "paid", now)


def failed(tx: Tx, asked: Asked, now: int) -> bool:
    """It could not be paid: it is payable again. False where its worker has left: then it is given up."""
    if not tx.one(person_rows.ERASED, person=asked.person):
        _leaves(tx, asked, "return", "payable", now)
        return True
    _leaves(tx, asked, "forgone", "house", now)
    return False


def forgo(tx: Tx, person: int, now: int) -> None:
    """Whoever leaves gives up all that is not handed out: it goes to the house, and to no project.

    What is handed out to be paid stays, and can still be confirmed; addresses go.
    """
    for one in open_of(tx, person):
        if one.state == "requested" and tx.run(payouts.CANCEL, payout=one.id, person=person, now=now):
            _leaves(tx, _asked(one), "forgone", "house", now)
    for held in tx.all(payouts.HELD, person=person):
        house = ledger.of_house(tx, None, held.currency)
        ledger.post(tx, held.id, house, held.balance, Cause("forgone", f"forgone:{held.id}", person), now)
    tx.run(payouts.PLAIN, person=person)


def _asked(found: Payout) -> Asked:
    return Asked(found.id, found.person, found.amount, found.currency)


def _leaves(
    tx: Tx, asked: Asked, reason: str, to: str, now: int, post: Callable[..., object] = ledger.post_kept
) -> None:
    """It is on its way no longer."""
    requested = ledger.of_person(tx, "requested", asked.person, asked.currency)
    target = (
        ledger.of_house(tx, None, asked.currency)
        if to == "house"
        else ledger.of_person(tx, to, asked.person, asked.currency)
    )
    cause = Cause(reason, f"{reason}:payout:{asked.id}", asked.person)
    post(tx, requested, target, asked.amount, cause, now)
