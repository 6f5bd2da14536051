"""What became of a reviewer's votes: the verdict with all votes and notes, once nobody is influenced by it any more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.queries import cases as raised
from db.queries import review, work
from db.queries.cases import Case
from db.session import Tx
from tasks.people import Who
from tasks.projects.catalog import Catalog, Known
from tasks.review import dispute, seats, voting
from tasks.review.dispute import Seen
from tasks.review.errors import NotYourCaseError
from tasks.review.seats import Seated

_LOOKED_AT = 50
"""Of so many that wait for somebody senior, those are shown that this person may decide."""


@dataclass(frozen=True, slots=True)
class Became:
    """A dispute or an appeal that somebody voted on and that is decided; ``new``: they have not looked at it yet."""

    case: int
    item: str
    """Its beginning."""
    new: bool


@dataclass(frozen=True, slots=True)
class Revealed:
    """All there is to a decided dispute or appeal, or to one that somebody decides alone."""

    known: Known
    case: Case
    item: Mapping[str, str]
    pictures: Mapping[str, str]
    votes: Sequence[Seen]

    @property
    def verdict(self) -> Mapping[str, Any] | None:
        """What was decided."""
        return json.loads(self.case.verdict) if self.case.verdict else None

    @property
    def given(self) -> Any:
        """Of an appeal: the answer that it is about."""
        return json.loads(self.case.given) if self.case.given else None


def became(tx: Tx, catalog: Catalog, who: Who, most: int) -> Sequence[Became]:
    """The disputes and appeals they voted on that are decided, the unseen first."""
    found = []
    for row in tx.all(review.BECAME, reviewer=who.id, most=most):
        task = tx.one(work.TASK, project=row.project, task=row.task)
        name = tx.one(review.ROW, project=row.project, task=row.task)
        item = json.loads(task.item) if task else {}
        known = catalog.get(tx, row.project)
        found.append(Became(row.case, dispute.beginning(known, item, name.row if name else ""), not row.told))
    return found


def unseen(tx: Tx, who: Who) -> int:
    """How many of them they have not looked at; ``seats.MOST_COUNTED`` for that many or more."""
    row = tx.one(review.UNSEEN, reviewer=who.id, most=seats.MOST_COUNTED)
    return row.n if row else 0


def look(tx: Tx, catalog: Catalog, who: Who, case_id: int) -> Revealed:
    """All votes on a decided dispute or appeal that they voted on; it is seen now. Raises NotYourCaseError."""
    mine = tx.one(review.OF_CASE, case_id=case_id, reviewer=who.id)
    case = tx.one(raised.CASE, case_id=case_id)
    if case is None or mine is None or mine.state != "voted" or mine.planted or case.state != "decided":
        raise NotYourCaseError
    tx.run(review.SEEN, case_id=case_id, reviewer=who.id)
    return _revealed(tx, catalog, who, case)


def seniors(tx: Tx, catalog: Catalog, who: Who, most: int) -> Sequence[Revealed]:
    """The disputes that votes have not decided and that this person may decide alone, the oldest first."""
    found = tx.all(review.SENIOR, person=who.id, most=_LOOKED_AT)
    mine = [case for case in found if voting.may_decide(tx, who, case)]
    return [_revealed(tx, catalog, who, case) for case in mine[:most]]


def alone(tx: Tx, catalog: Catalog, who: Who, case_id: int) -> Revealed:
    """A dispute that this person decides alone, with the votes so far. Raises ReviewError."""
    case = tx.one(raised.CASE, case_id=case_id)
    if case is None or not voting.may_decide(tx, who, case):
        raise NotYourCaseError
    voting.refuse_ended(case)
    return _revealed(tx, catalog, who, case)


def own(tx: Tx, catalog: Catalog, who: Who, case_id: int) -> tuple[Seated, str]:
    """A case that they have voted on and their note, to change the vote. Raises ReviewError."""
    mine = tx.one(review.OF_CASE, case_id=case_id, reviewer=who.id)
    case = tx.one(raised.CASE, case_id=case_id)
    if mine is None or case is None or mine.state != "voted":
        raise NotYourCaseError
    if not mine.planted:
        voting.refuse_ended(case)
    return Seated(catalog.get(tx, case.project), case, mine.planted, mine.offered_at), mine.note


def _revealed(tx: Tx, catalog: Catalog, who: Who, case: Case) -> Revealed:
    row = tx.one(work.TASK, project=case.project, task=case.task)
    assert row is not None  # noqa: S101 - tasks are never removed
    votes = dispute.revealed(tx, case, who.id)
    return Revealed(catalog.get(tx, case.project), case, json.loads(row.item), json.loads(row.pictures), votes)
