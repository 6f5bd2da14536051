"""Confirmations: what became of payouts that were handed out.

All of a file is checked first, then it is taken, in short turns: nobody waits for a million lines. A mistake in any
line and nothing is taken; after a crash the same file does the rest, for what is settled as it says stays.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.queries import payouts, qualification
from db.queries.payouts import Known
from db.session import Database, Reader, Tx, chunks
from tasks.money import payout
from tasks.money.amounts import minor_units, write_amount
from tasks.money.batch import Progress
from tasks.money.confirmation import (
    NEEDED,
    Control,
    Line,
    NoConfirmationsError,
    NoControlError,
    OtherBatchError,
    WrongControlError,
    lines,
    wrong_line,
)
from tasks.notices import tell_together
from tasks.privacy.audit import Act, Actor, record
from tasks.words import Join, Money, Text, Words, _, _n

_CHECKED_AT_ONCE, _TAKEN_AT_ONCE = 2_000, 100
_TOLD_ONE_BY_ONE = 3


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How many payouts a file has settled, and how many were settled as it says before."""

    paid: int
    failed: int
    unchanged: int


def confirm(database: Database, actor: Actor, file: Path, now: int, progress: Progress) -> Confirmed:
    """Take a file of confirmations. Raises ConfirmationError; then nothing has changed."""
    with database.reading() as reader:
        checked = _Checked(reader)
        checked.all(file)
    if checked.changes:
        _take(database, actor, file, checked, now, progress)
    return Confirmed(checked.paid, checked.failed, checked.unchanged)


# --------------------------------------------------------------------------- checking


class _Checked:
    """What a file says, held against the payouts as they are: counts and sums, and nothing else is remembered of it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        last = reader.one(payouts.LAST)
        self._seen = bytearray((last.id if last else 0) // 8 + 1)
        """A bit for each payout that there is: a million cost 125 kB."""
        self.count, self.paid, self.failed, self.unchanged = 0, 0, 0, 0
        self._sum, self._currency, self._controls = 0, "", set[str]()

    @property
    def changes(self) -> int:
        """How many payouts the file settles."""
        return self.paid + self.failed

    def all(self, file: Path) -> None:
        """Check the whole file. Raises ConfirmationError."""
        control = None
        for some in chunks(lines(file), _CHECKED_AT_ONCE):
            control = next((one for one in some if isinstance(one, Control)), None)
            self._check([one for one in some if isinstance(one, Line)])
        self._end(control)

    def _check(self, some: Sequence[Line]) -> None:
        rows = json.dumps([one.payout for one in some])
        known = {one.id: one for one in self._reader.stream(payouts.KNOWN, rows=rows)}
        for line in some:
            self._one(line, known.get(line.payout))

    def _one(self, line: Line, known: Known | None) -> None:
        if known is None:
            raise wrong_line(line.number, _("there is no payout “{number}”", number=str(line.payout)))
        _fits(line, known)
        byte, bit = line.payout // 8, 1 << line.payout % 8
        if byte >= len(self._seen) or self._seen[byte] & bit:
            raise wrong_line(line.number, _("payout {number} stands in it twice", number=str(line.payout)))
        self._seen[byte] |= bit
        if self._currency not in {"", known.currency}:
            raise wrong_line(
                line.number, _("one file is of one currency: this payout is in {found}", found=known.currency)
            )
        self._currency = known.currency
        self._controls.add(known.control or "")
        self.count += 1
        self._sum += known.amount
        settled = known.state == line.state
        self.unchanged += settled
        self.paid += not settled and line.state == "paid"
        self.failed += not settled and line.state == "failed"

    def _end(self, control: Control | None) -> None:
        """Whether the last line fits. Raises NoControlError, WrongControlError."""
        if not self.count:
            raise NoConfirmationsError(needed=", ".join(NEEDED))
        total = write_amount(self._sum, self._currency)
        if control is None:
            raise NoControlError(payouts=self.count, total=total)
        fits = control.payouts == str(self.count) and minor_units(control.total, self._currency) == self._sum
        if not fits:
            said = {"payouts": control.payouts[:40], "total": control.total[:40]}
            raise WrongControlError(found=self.count, sum=total, **said)
        if control.control and self._controls != {control.control}:
            raise OtherBatchError


def _fits(line: Line, known: Known) -> None:
    """Whether a payout can be settled so, or is. Raises ConfirmationLineError."""
    number = str(line.payout)
    if not known.control:
        raise wrong_line(line.number, _("payout {number} was never handed out", number=number))
    if minor_units(line.amount, known.currency) != known.amount:
        right = write_amount(known.amount, known.currency)
        told = _("payout {number} is {amount}, and not “{found}”", number=number, amount=right, found=line.amount[:40])
        raise wrong_line(line.number, told)
    if known.state not in {"exported", line.state}:
        raise wrong_line(line.number, Text(_SETTLED[known.state].message, {"number": number}))


_SETTLED: Mapping[str, Text] = {
    "paid": _("payout {number} is settled already, as paid"),
    "failed": _("payout {number} is settled already, as failed"),
}


# --------------------------------------------------------------------------- taking


def _take(database: Database, actor: Actor, file: Path, checked: _Checked, now: int, progress: Progress) -> None:
    figures = {"paid": checked.paid, "failed": checked.failed, "unchanged": checked.unchanged}
    act: Act | None = Act("confirm_payouts", figures=figures)
    done = 0
    for some in chunks((one for one in lines(file) if isinstance(one, Line)), _TAKEN_AT_ONCE):
        database.run(lambda tx, some=some, act=act: settle(tx, actor, some, act, now)).result()  # type: ignore[misc]
        act = None
        done += len(some)
        progress(done, checked.count)


def settle(tx: Tx, actor: Actor, some: Sequence[Line], act: Act | None, now: int) -> None:
    """Some lines, all of them or none. Raises ConfirmationLineError where another file has come between."""
    if act:
        record(tx, actor, act, now)
    rows = json.dumps([line.payout for line in some])
    for person in sorted({one.person for one in tx.all(payouts.KNOWN, rows=rows)}):
        tx.one(qualification.LOCK_PERSON, person=person)
    settled: Counter[int] = Counter()
    known = {one.id: one for one in tx.all(payouts.KNOWN, rows=rows)}
    for line in some:
        found = known[line.payout]
        _fits(line, found)
        if tx.run(payouts.SETTLE, payout=line.payout, state=line.state, now=now, why=line.why):
            _tell(tx, found, line, now)
            settled[found.batch or 0] += 1
    for batch in sorted(settled):
        tx.run(payouts.SETTLED, batch=batch, n=settled[batch])


def _tell(tx: Tx, found: Known, line: Line, now: int) -> None:
    """Move the money, and tell its worker if there is one."""
    asked = payout.Asked(found.id, found.person, found.amount, found.currency)
    amount = Money(found.amount, found.currency)
    if line.state == "paid":
        payout.paid(tx, asked, now)
        words = _("💸 {amount} has been paid out to you.", amount=amount)
    elif payout.failed(tx, asked, now):
        words = _failed(amount, line.why)
    else:
        tx.run(payouts.PLAIN, person=found.person)
        return
    tell_together(tx, found.person, "payouts", lambda n, before: _digest(n, before, words), now)


def _failed(amount: Money, why: str) -> Text:
    if not why:
        return _("Look at where your payout goes, and ask again in /wallet: {amount} did not arrive.", amount=amount)
    return _(
        "Look at where your payout goes, and ask again in /wallet: {amount} did not arrive. The reason: {why}",
        amount=amount,
        why=why,
    )


def _digest(n: int, before: Words | None, words: Text) -> Words:
    """One below the other, at most three; more are counted."""
    if before is None:
        return words
    if n > _TOLD_ONE_BY_ONE:
        return _n("{n} payout of yours is settled: /wallet", "{n} payouts of yours are settled: /wallet", n)
    return Join((before, words), "\n")
