"""Now and then a reviewer is shown a case that was decided before: it looks like any other, and shows how they work."""

from __future__ import annotations

import json
import random

from db.queries import cases as raised
from db.queries import review
from db.queries.cases import Case
from db.session import Tx
from tasks.projects.catalog import Known

SHARE = 0.1
"""Of what is shown. Two planted ones of twenty tell a reviewer who guesses from one who reads within some hundred."""
_MOST = 2 * SHARE
"""Of a reviewer's votes, beside a first one: sitting down and getting up again brings no more of them, and no pay."""
_CHOICE = 8
"""One of so many is taken: the oldest would be known soon."""


def drawn(tx: Tx, known: Known, reviewer: int, what: str, now: int, rng: random.Random) -> Case | None:
    """A decided dispute to show instead of the next one, if chance wants it and there is one.

    Only where another waits: what comes when nothing does would be known for what it is.
    """
    if what != "dispute" or rng.random() >= SHARE or _enough(tx, reviewer):
        return None
    waits = tx.one(review.WAITING, project=known.id, what=what, reviewer=reviewer, most=1)
    if waits is None or not waits.n:
        return None
    found = tx.all(review.PLANTABLE, project=known.id, what=what, reviewer=reviewer, most=_CHOICE)
    return rng.choice(found) if found else _of_gold(tx, known, reviewer, now)


def _enough(tx: Tx, reviewer: int) -> bool:
    """Whether they have been checked often enough for now."""
    found = tx.one(review.REVIEWS, person=reviewer)
    return found is not None and found.planted >= 1 + _MOST * found.votes


def _of_gold(tx: Tx, known: Known, reviewer: int, now: int) -> Case | None:
    """A gold task that people have answered differently, as a dispute that is decided by its known answer."""
    gold = tx.one(review.GOLD, project=known.id, reviewer=reviewer)
    if gold is None:
        return None
    verdict = json.dumps({"answer": json.loads(gold.gold)}, ensure_ascii=False)
    made = tx.one(review.PLANT, project=known.id, task=gold.task, verdict=verdict, now=now)
    return tx.one(raised.CASE, case_id=made.id) if made else None
