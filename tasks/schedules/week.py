"""How a worker's week was, for those who want to be told: answers, earned, how often right, and one thing to try."""

from __future__ import annotations

from collections.abc import Iterator

from db.queries import digests, wallet
from db.session import Reader, Tx
from tasks.calendar import starts
from tasks.outreach.queue import Go, remind
from tasks.projects.catalog import Catalog
from tasks.reports.person import Standing
from tasks.reports.person import standing as standing_of
from tasks.words import Join, Money, Share, Words, _, _n

NAME = "week"
AT_ONCE = 100
"""People in one turn."""
MONDAY = 0
_WEEK = 7
_WANTED = '%"+digest"%'
_OFTEN, _STREAK = 0.9, 3


def zones(reader: Reader) -> frozenset[str]:
    """Where those are who want to be told; among very many people it takes a while."""
    return frozenset(row.zone for row in reader.stream(digests.ZONES, muted=_WANTED))


def tell(tx: Tx, catalog: Catalog, zone: str, day: int, after: int, now: int) -> int | None:
    """Write to some of those in a zone, with numbers above ``after``; the last of them, None when all are told.

    ``day`` is the Monday. Once for each week; who did nothing is left alone.
    """
    rows = tx.all(digests.WORKERS, muted=_WANTED, zone=zone, after=after, most=AT_ONCE)
    for row in rows:
        said = list(_week(tx, catalog, row.id, zone, day, now))
        if said:
            go = Go(_("To the projects"), "menu.projects")
            remind(tx, row.id, "digest", f"week:{row.id}:{day}", Join(said, "\n"), now, go=go)
    return rows[-1].id if len(rows) == AT_ONCE else None


def _week(tx: Tx, catalog: Catalog, person: int, zone: str, day: int, now: int) -> Iterator[Words]:
    answered = tx.one(digests.ANSWERED, person=person, first=day - _WEEK, last=day - 1)
    if answered is None or not answered.n:
        return
    yield _n("Your week: {n} answer.", "Your week: {n} answers.", answered.n)
    since, before = starts(day - _WEEK, zone), starts(day, zone)
    rows = tx.all(wallet.OF_DAY, person=person, since=since, before=before)
    earned = [_("{amount}", amount=Money(row.earned - row.reversed, row.currency)) for row in rows if row.earned]
    if earned:
        yield _("Earned: {amount}", amount=Join(earned, ", "))
    stands = standing_of(tx, catalog, person, zone, now)
    if stands.right is not None:
        yield _("Right: about {share} of more than {n} checked items", share=Share(stands.right), n=stands.checked)
    yield _tip(stands)


def _tip(stands: Standing) -> Words:
    if stands.right is not None and stands.right < _OFTEN:
        return _("Tip: “Instructions” below an item shows examples; a second look there makes most answers right.")
    if stands.streak >= _STREAK:
        return _n("You have worked {n} day in a row.", "You have worked {n} days in a row.", stands.streak)
    return _("Tip: /me shows how you do, and what the next stage asks.")
