"""Batches: payouts that are asked for, handed to whoever pays them outside, as a file with a control sum.

A batch takes all that is asked for in a currency, in one turn: nothing can be in two. The file is written after that,
complete or not at all, and can be written again, byte for byte, as long as nobody in it has been erased.
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
    "Waiting", "again", "batches", "export", "take", "waiting", "write",
]  # fmt: skip

COLUMNS = ("payout_id", "worker", "channel", "user", "address", "amount", "currency")
"""The header of the file; its last line is ``control,<payouts>,<total>,<SHA-256 of all lines above it>``."""
CONTROL = "control"

_AT_ONCE = 2_000
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


def take(tx: Tx, actor: Actor, currency: str, now: int) -> Batch:
    """All that is asked for in a currency now, as one batch. Raises NothingRequestedError."""
    made = tx.one(payouts.MAKE_BATCH, currency=currency, now=now, actor=actor.id)
    assert made is not None  # noqa: S101 - a row that is added is there
    if not tx.run(payouts.TAKE, batch=made.id, currency=currency):
        raise NothingRequestedError(currency=currency[:16])
    tx.run(payouts.SUM_UP, batch=made.id)
    batch = _batch(tx, made.id)
    figures = {"batch": batch.id, "currency": currency, "payouts": batch.payouts, "total": batch.total}
    record(tx, actor, Act("export_payouts", figures=figures), now)
    return batch


def export(database: Database, actor: Actor, currency: str, out: Path, now: int, progress: Progress) -> Batch:
    """Take a batch and write its file. Raises NothingRequestedError, UnwritableError.

    Where the file cannot be written the batch is taken all the same: write it ``again``.
    """
    taken = database.run(lambda tx: take(tx, actor, currency, now)).result()
    return write(database, taken, out, progress)


def again(database: Database, number: int, out: Path, progress: Progress) -> Batch:
    """Write the file of a batch once more, the same bytes.

    Raises UnknownBatchError, BatchChangedError, UnwritableError; then nothing is left behind.
    """
    return write(database, database.run(lambda tx: _batch(tx, number)).result(), out, progress)


def write(database: Database, batch: Batch, out: Path, progress: Progress) -> Batch:
    """The file of a batch. Raises BatchChangedError, UnwritableError."""
    batch = _sealed(database, batch)
    sums = _Sums()
    with complete(out) as part, database.reading() as reader, part.open("w", encoding="utf-8", newline="") as file:
        for some in chunks(sums.lines(reader.stream(payouts.LINES, batch=batch.id)), _AT_ONCE):
            file.writelines(some)
            progress(sums.payouts, batch.payouts)
        if sums.control != batch.control:
            raise BatchChangedError(batch=batch.id)
        file.write(_line([CONTROL, sums.payouts, write_amount(sums.total, batch.currency), sums.control]))
    return batch


def _batch(tx: Tx, number: int) -> Batch:
    found = tx.one(payouts.BATCH, batch=number) if 0 < number < 2**63 else None
    if found is None:
        raise UnknownBatchError(batch=number)
    return found


def _sealed(database: Database, batch: Batch) -> Batch:
    """With its hash, which is kept before there is a file: outside of the turn that took it, as nobody shall wait."""
    if batch.control:
        return batch
    sums = _Sums()
    with database.reading() as reader:
        deque(sums.lines(reader.stream(payouts.LINES, batch=batch.id)), maxlen=0)
    database.run(lambda tx: tx.run(payouts.SEAL, batch=batch.id, control=sums.control)).result()
    return database.run(lambda tx: _batch(tx, batch.id)).result()


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
        for one in payees:
            self.payouts += 1
            self.total += one.amount
            cells = (one.payout, one.person, one.channel, harmless(one.user), harmless(one.address))
            yield self._hashed(_line((*cells, write_amount(one.amount, one.currency), one.currency)))

    def _hashed(self, line: str) -> str:
        self._hash.update(line.encode())
        return line


def _line(cells: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
