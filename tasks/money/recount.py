"""The ledger counted anew from leases, answers, votes and payouts: what the doctor and the tests hold it against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from db.queries import recount
from db.queries.recount import Off, Place
from db.session import Reader
from db.statement import Statement

Check = Callable[[Reader], Iterator[Off]]

_ASSIGNMENTS_AT_ONCE = 250_000
"""Some 40 MB; each part reads all postings once."""
_END = 2**63 - 1


class Difference(NamedTuple):
    """What does not add up: which check, what of, and both amounts in minor units."""

    check: str
    name: str
    found: int
    expected: int


def has_accounts(reader: Reader) -> bool:
    """Whether anything was ever promised or paid."""
    return reader.one(recount.SOME) is not None


def differences(reader: Reader) -> Iterator[Difference]:
    """Whatever does not add up, of one moment: in bounded memory, some ten seconds for each million postings."""
    for check, found in CHECKS.items():
        for off in found(reader):
            yield Difference(check, *off)


def _rows(statement: Statement[Off]) -> Check:
    return lambda reader: reader.stream(statement)


def _balances(reader: Reader) -> Iterator[Off]:
    """An account holds what its postings moved: 100 bytes an account, however many the postings are."""
    moved: defaultdict[int, int] = defaultdict(int)
    for source, target, amount in reader.stream(recount.MOVED):
        moved[source] -= amount
        moved[target] += amount
    for account in reader.stream(recount.ACCOUNTS):
        if account.balance != moved[account.id]:
            yield Off(account.name, account.balance, moved[account.id])


def _answers(reader: Reader) -> Iterator[Off]:
    """Each assignment nets to its pay, a part of all of them at a time."""
    after = Place(0, 0)
    while after.project < _END:
        place = {"project": after.project, "task": after.task}
        last = reader.one(recount.PLACE, most=_ASSIGNMENTS_AT_ONCE, **place) or Place(_END, _END)
        yield from reader.stream(recount.ANSWERS, last_project=last.project, last=last.task, **place)
        after = last


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "sum": _rows(recount.SUMS),
        "balance": _balances,
        "promised": _rows(recount.PROMISES),
        "on hold": _rows(recount.HOLDS),
        "asked for": _rows(recount.PAYOUTS),
        "answer": _answers,
        "vote": _rows(recount.VOTES),
    }
)
"""What should be equal to what other rows say."""
