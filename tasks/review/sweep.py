"""What ends by itself: appeals that nobody decides are granted, rejections that nobody answers are final."""

from __future__ import annotations

from collections.abc import Sequence

from db.queries import appeals, cases
from db.queries.appeals import Due
from db.session import Tx
from tasks.projects.catalog import Catalog
from tasks.review import outcomes, rejecting
from tasks.review.appeals import lock

AT_ONCE = 500


def silent(tx: Tx, now: int, after: int, most: int = AT_ONCE) -> Sequence[Due]:
    """Cases whose time is over, by number from the one after ``after``; each is to be ended in a turn of its own."""
    return tx.all(appeals.DUE, now=now, after=after, most=most)


def end_silent(tx: Tx, catalog: Catalog, due: Due, now: int) -> bool:
    """End one of them; False where somebody has done or said something meanwhile."""
    seen = tx.one(cases.CASE, case_id=due.id)
    if seen is None:
        return False
    case = lock(tx, seen)
    if case.ends_at is None or case.ends_at >= now:
        return False
    known = catalog.get(tx, due.project)
    if case.what == "appeal":
        outcomes.decide(tx, known, case, {"granted": True}, "", 1.0, None, now)
    else:
        rejecting.finish(tx, known, case, now)
    return True
