"""Batches: payouts that are asked for, handed to whoever pays them outside, as a file with a control sum.

A batch takes what is asked for in a currency, some of it in each turn, so that nobody waits for a million. Once nothing
is left it is sealed with the hash of its lines, and takes no more: only then is there a file, complete or none at all.
A crash anywhere is mended by the same command, which goes on with the batch that is under way. The file can be written
again, byte for byte, as long as nobody in it has been erased.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from db.errors import told
from db.queries import payouts
from db.queries.payouts import Batch, Payee, Waiting
from db.session import Database, Tx, chunks
from tasks.exchange.complete import complete
from tasks.exchange.harmless import harmless
from tasks.money.amounts import write_amount
from tasks.money.payout import PayoutError
from tasks.privacy.audit import Act, Actor, record

__all__ = [
    "COLUMNS", "CONTROL", "Batch", "BatchChangedError", "NothingRequestedError", "Progress", "UnknownBatchError",
    "Waiting", "again", "batches", "begin", "export", "go_on", "hand_out", "one", "seal", "waiting",
]  # fmt: skip

COLUMNS = ("payout_id", "worker", "channel", "user", "address", "amount", "currency")
"""The header of the file; its last line is ``control,<payouts>,<total>,<SHA-256 of all lines above it>``."""
CONTROL = "control"

_TAKEN_AT_ONCE, _WRITTEN_AT_ONCE = 1_000, 2_000
_BATCHES_SHOWN = 5

Progress = Callable[[int, int], None]
"""Told how many payouts of how many are done."""


class NothingRequestedError(PayoutError):
    """Nobody asks for a payout in this currency."""

    message = told("Look again later: nobody asks for a payout in {currency} now.")


class UnknownBatchError(PayoutError):
    """There is no such batch."""

    message = told("Look the number up in the list of payouts: there is no batch {batch}.")


class BatchChangedError(PayoutError):
    """It cannot be written as it was."""

    message = told(
        "Use the file of batch {batch} that was written before: some of its addresses are not kept any more, so it "
        "cannot be written the same again."
    )


def waiting(tx: Tx) -> Sequence[Waiting]:
    """What is asked for and not handed out, by currency."""
    return tx.all(payouts.WAITING)


def batches(tx: Tx, most: int = _BATCHES_SHOWN) -> Sequence[Batch]:
    """The newest batches."""
    return tx.all(payouts.BATCHES, most=most)


def begin(tx: Tx, actor: Actor, currency: str, now: int) -> Batch:
    """The batch that is under way in a currency, or else a new one with the first of what is asked for.

    Raises NothingRequestedError.
    """
    if found := tx.one(payouts.UNDER_WAY, currency=currency):
        return found
    made = tx.one(payouts.MAKE_BATCH, currency=currency, now=now, actor=actor.id)
    assert made is not None  # noqa: S101 - a row that is added is there
    if not go_on(tx, made.id):
        raise NothingRequestedError(currency=currency[:16])
    record(tx, actor, Act("export_payouts", figures={"batch": made.id, "currency": currency}), now)
    return one(tx, made.id)


def go_on(tx: Tx, number: int) -> int:
    """Take the next of what is asked for into a batch, while it is not sealed; how many."""
    batch = tx.one(payouts.BATCH_LOCKED, batch=number)
    if batch is None or batch.control:
        return 0
    taken = tx.all(payouts.TAKE, batch=number, currency=batch.currency, most=_TAKEN_AT_ONCE)
    tx.run(payouts.COUNT, batch=number, n=len(taken), amount=sum(row.amount for row in taken))
    return len(taken)


def seal(tx: Tx, number: int, summed: int, control: str) -> bool:
    """It takes no more; False where it holds more than the ``summed`` payouts, or somebody else has sealed it."""
    return bool(tx.run(payouts.SEAL, batch=number, n=summed, control=control))


def hand_out(database: Database, actor: Actor, currency: str, now: int) -> Batch:
    """All that is asked for in a currency, as a complete batch that nobody else has. Raises NothingRequestedError."""
    begun = database.run(lambda tx: begin(tx, actor, currency, now)).result()
    if not _complete(database, begun.id):
        raise NothingRequestedError(currency=currency[:16])  # who has completed it has its file
    return database.run(lambda tx: one(tx, begun.id)).result()


def export(database: Database, actor: Actor, currency: str, out: Path, now: int, progress: Progress) -> Batch:
    """Hand out what is asked for in a currency, and write its file. Raises NothingRequestedError, UnwritableError.

    Where the file cannot be written it is handed out all the same: write it ``again``.
    """
    return _write(database, hand_out(database, actor, currency, now), out, progress)


def again(database: Database, number: int, out: Path, progress: Progress) -> Batch:
    """Write the file of a batch once more, the same bytes; what was cut short before its end is completed first.

    Raises UnknownBatchError, BatchChangedError, UnwritableError; then nothing is left behind.
    """
    if not database.run(lambda tx: one(tx, number)).result().control:
        _complete(database, number)
    return _write(database, database.run(lambda tx: one(tx, number)).result(), out, progress)


def once_more(database: Database, actor: Actor, number: int, now: int) -> None:
    """Put on record that a batch is written again: it says where people are paid. Raises UnknownBatchError."""

    def turn(tx: Tx) -> None:
        found = one(tx, number)
        record(tx, actor, Act("export_payouts", figures={"batch": found.id, "again": True}), now)

    database.run(turn).result()


def _complete(database: Database, number: int) -> bool:
    """Take all that is asked for and seal it; False where somebody else was the one who sealed it.

    Its hash is made outside of any turn. Two who do this at once do parts of it.
    """
    while True:
        while database.run(lambda tx: go_on(tx, number)).result():
            pass
        sums = _Sums()
        with database.reading() as reader:
            deque(sums.lines(reader.stream(payouts.LINES, batch=number)), maxlen=0)
        if database.run(lambda tx, sums=sums: seal(tx, number, sums.payouts, sums.control)).result():  # type: ignore[misc]
            return True
        if database.run(lambda tx: one(tx, number)).result().control:
            return False


def _write(database: Database, batch: Batch, out: Path, progress: Progress) -> Batch:
    sums = _Sums()
    with complete(out) as part, database.reading() as reader, part.open("w", encoding="utf-8", newline="") as file:
        for some in chunks(sums.lines(reader.stream(payouts.LINES, batch=batch.id)), _WRITTEN_AT_ONCE):
            file.writelines(some)
            progress(sums.payouts, batch.payouts)
        if sums.control != batch.control:
            raise BatchChangedError(batch=batch.id)
        file.write(_line([CONTROL, sums.payouts, write_amount(sums.total, batch.currency), sums.control]))
    return batch


def one(tx: Tx, number: int) -> Batch:
    """A batch. Raises UnknownBatchError."""
    found = tx.one(payouts.BATCH, batch=number) if 0 < number < 2**63 else None
    if found is None:
        raise UnknownBatchError(batch=number)
    return found


class _Sums:
    """Counts and sums up lines while they pass."""

    def __init__(self) -> None:
        self.payouts, self.total = 0, 0
        self._hash = sha256()

    @property
    def control(self) -> str:
        """SHA-256 of all lines that have passed, in hex."""
        return self._hash.hexdigest()

    def lines(self, payees: Iterable[Payee]) -> Iterator[str]:
        """The header and a line for each payout."""
        yield self._hashed(_line(COLUMNS))
        for payee in payees:
            self.payouts += 1
            self.total += payee.amount
            cells = (payee.payout, payee.person, payee.channel, harmless(payee.user), harmless(payee.address))
            yield self._hashed(_line((*cells, write_amount(payee.amount, payee.currency), payee.currency)))

    def _hashed(self, line: str) -> str:
        self._hash.update(line.encode())
        return line


def _line(cells: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
