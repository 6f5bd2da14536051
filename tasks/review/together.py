"""Disputes in a group of reviewers: one after the other for all; each votes by the rules that hold in private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.queries import cases as raised
from db.queries import groups
from db.queries.cases import Case
from db.session import Tx
from tasks.projects.catalog import Catalog, Known
from tasks.review import dispute, voting
from tasks.review.dispute import Seen, Shown
from tasks.review.voting import Outcome

_NOBODY = 0
"""The order of the candidates is the same for all who are there."""


@dataclass(frozen=True, slots=True)
class Before:
    """A dispute as a group sees it."""

    known: Known
    case: Case
    shown: Shown


def following(tx: Tx, catalog: Catalog, after: int) -> Before | None:
    """The next open dispute behind this one, from the first again behind the last; None where none waits."""
    case = tx.one(groups.NEXT, after=after) or tx.one(groups.NEXT, after=0)
    return _before(tx, catalog, case) if case else None


def this(tx: Tx, catalog: Catalog, case_id: int) -> Before | None:
    """The dispute of this number as it stands."""
    case = tx.one(raised.CASE, case_id=case_id)
    return _before(tx, catalog, case) if case else None


def votes(tx: Tx, case: Case) -> Sequence[Seen]:
    """All votes, for when it is decided."""
    return dispute.revealed(tx, case, _NOBODY)


def cast(tx: Tx, known: Known, reviewer: int, case_id: int, value: Mapping[str, Any], since: int, now: int) -> Outcome:
    """Somebody's vote on what has stood there ``since``. Raises ReviewError."""
    return voting.vote_at_once(tx, known, reviewer, case_id, value, since, now)


def _before(tx: Tx, catalog: Catalog, case: Case) -> Before:
    known = catalog.get(tx, case.project)
    return Before(known, case, dispute.shown(tx, known, case, _NOBODY))
