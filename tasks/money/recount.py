"""The ledger counted anew from leases, answers, votes and payouts: what the doctor and the tests hold it against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from db.queries import recount
from db.queries.recount import Off
from db.session import Reader
from db.statement import Statement

CHECKS: Mapping[str, Statement[Off]] = MappingProxyType(
    {
        "sum": recount.SUMS,
        "balance": recount.BALANCES,
        "promised": recount.PROMISES,
        "on hold": recount.HOLDS,
        "asked for": recount.PAYOUTS,
        "answer": recount.ANSWERS,
        "vote": recount.VOTES,
    }
)
"""What should be equal to what other rows say."""


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
    """Whatever does not add up, of one moment. Reads the whole ledger: some seconds for each million postings."""
    for check, statement in CHECKS.items():
        for off in reader.stream(statement):
            yield Difference(check, *off)
