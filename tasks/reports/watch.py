"""Whom people in charge should look at: what waits for their decision, who answers alike, who is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.queries import staff
from db.queries.staff import Doubted, Proposed, Twins
from db.session import Tx
from tasks.reports import card
from tasks.reports.card import ALIKE
from tasks.words import Words

MOST = 4
"""So many of each are shown; who is dealt with makes room for the next."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The first of each, and whether there are more."""

    waiting: Sequence[Proposed]
    twins: Sequence[Twins]
    doubted: Sequence[Doubted]
    more: bool

    @property
    def empty(self) -> bool:
        """Whether nobody need be looked at."""
        return not (self.waiting or self.twins or self.doubted)


def watch(tx: Tx) -> Watch:
    """All of it as it stands."""
    waiting = tx.all(staff.WAITING, most=MOST + 1)
    twins = tx.all(staff.TWINS, least=ALIKE, most=MOST + 1)
    doubted = tx.all(staff.DOUBTED, most=MOST + 1)
    more = max(len(waiting), len(twins), len(doubted)) > MOST
    return Watch(waiting[:MOST], twins[:MOST], doubted[:MOST], more)


def pair(tx: Tx, project: int, worker: int, other: int) -> Twins | None:
    """The evidence on two people, if a later pass has not taken it back."""
    return tx.one(staff.PAIR, project=project, worker=worker, other=other)


def doubts(row: Doubted) -> Sequence[Words]:
    """The reasons, in words."""
    return card.doubts(row.doubts)
