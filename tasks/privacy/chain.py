"""The chain of records: each holds a SHA-256 of itself and of the one before, so that none is changed unnoticed.

A record's words (its why) enter by a digest with a salt: an erasure takes both away, and the chain still holds
(docs/decisions/audit-chain.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from db.errors import FailureError, told
from db.queries import audit
from db.queries.audit import Link
from db.session import Tx

WORDS = "why"
"""The figure of a record that holds words: what somebody wrote, or what a rule says."""
START = ""
"""What stands before the first record."""


class NoChainError(FailureError):
    """The row that says where the chain ends is gone."""

    message = told(
        "Run “python main.py audit verify”: the end of the chain of records is gone, so nothing is recorded."
    )


@dataclass(frozen=True, slots=True)
class Record:
    """What of a record is hashed; ``digest`` stands for its words."""

    id: int
    at: int
    channel: str
    actor: int | None
    rule: str
    what: str
    person: int | None
    project: int | None
    figures: Mapping[str, Any]
    digest: str


def digest(words: Any, salt: str) -> str:
    """SHA-256 of a salt and of words, in hex."""
    return _sha(salt, _canonical(words))


def link(before: str, number: int, record: Record) -> str:
    """The hash of a record, in hex: of the hash before, its number, and all it says but its words."""
    figures = {name: figure for name, figure in record.figures.items() if name != WORDS}
    of = (record.id, record.at, record.channel, record.actor, record.rule, record.what, record.person, record.project)
    return _sha(before, _canonical([number, *of, figures, record.digest]))


def hash_of(row: Link, before: str) -> str:
    """The hash that a stored record should have. Raises ValueError for figures that are no JSON."""
    figures = json.loads(row.figures)
    of = (row.id, row.at, row.channel, row.actor, row.rule, row.what, row.person, row.project)
    return link(before, row.number or 0, Record(*of, figures, row.digest))


def add(tx: Tx, records: Sequence[Record]) -> None:
    """Records of a turn take their places, at its very end. Raises NoChainError."""
    newest = tx.one(audit.NEWEST_LOCKED)
    if newest is None:
        raise NoChainError
    number, before = newest
    links = []
    for record in records:
        number, before = number + 1, link(before, number + 1, record)
        links.append({"id": record.id, "number": number, "hash": before})
    tx.many(audit.LINK, links)
    tx.run(audit.MOVE, number=number, hash=before)


def _canonical(value: Any) -> str:
    """JSON with one way to write it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha(before: str, text: str) -> str:
    return sha256(f"{before}\n{text}".encode()).hexdigest()
