"""Seats: what waits for a reviewer, and their place at one case at a time, for a while and with its pay promised."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from db.queries import cases as raised
from db.queries import review
from db.queries.cases import Case, Seat
from db.queries.review import Mine
from db.session import Tx
from tasks import cases
from tasks.access import may
from tasks.money import budget
from tasks.people import Who
from tasks.profile import speaks
from tasks.projects.catalog import Catalog, Known
from tasks.review import planted
from tasks.review.errors import BudgetSpentError, NotYourCaseError

LEASE_MS = 15 * 60_000
MOST_COUNTED = 100
"""What waits is counted up to so many."""
WHAT = ("dispute", "answer", "appeal")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases of one sort wait for somebody in one project; ``MOST_COUNTED`` for that many or more."""

    known: Known
    what: str
    n: int


@dataclass(frozen=True, slots=True)
class Seated:
    """A case that a reviewer has a seat at. ``planted``: it is decided, and shown to check the reviewer."""

    known: Known
    case: Case
    planted: bool
    offered_at: int


def waiting(tx: Tx, catalog: Catalog, who: Who, now: int) -> Sequence[Waiting]:  # noqa: ARG001 - the door's shape
    """What waits for this person, the oldest project first."""
    found = []
    spoken = frozenset(speaks(tx, who.id))
    for known in catalog.all(tx):
        if known.state == "draft" or not _understands(spoken, known):
            continue
        for what in WHAT:
            row = tx.one(review.WAITING, project=known.id, what=what, reviewer=who.id, most=MOST_COUNTED)
            if row and row.n:
                found.append(Waiting(known, what, row.n))
    return found


def take(tx: Tx, known: Known, who: Who, what: str, now: int, rng: random.Random) -> Seated | None:
    """The seat that they hold at such a case, or one at the next that waits; None where none does.

    A seat at something else goes back. Now and then the case is one that was decided before. Raises BudgetSpentError.
    """
    held = tx.one(review.MINE, reviewer=who.id)
    if held is not None:
        found = tx.one(raised.CASE_LOCKED, case_id=held.case)
        if found and (found.project, found.what) == (known.id, what) and _extended(tx, held, now):
            return Seated(known, found, held.planted, held.offered_at)
        cases.leave(tx, who.id)
    if not _understands(frozenset(speaks(tx, who.id)), known):
        return None
    shown = None if may(who.role, "administer") else planted.drawn(tx, known, who.id, what, now, rng)
    if shown is not None:  # never for an admin, who could decide it alone: it would be known by that key
        return _sit(tx, known, who.id, shown, now, planted=True)
    return _next(tx, known, who.id, what, now)


def mine(tx: Tx, catalog: Catalog, who: Who) -> Seated | None:
    """The seat that they hold."""
    held = tx.one(review.MINE, reviewer=who.id)
    found = tx.one(raised.CASE, case_id=held.case) if held else None
    if held is None or found is None:
        return None
    return Seated(catalog.get(tx, found.project), found, held.planted, held.offered_at)


def case(tx: Tx, case_id: int) -> Case:
    """A case by its number. Raises NotYourCaseError."""
    found = tx.one(raised.CASE, case_id=case_id)
    if found is None:
        raise NotYourCaseError
    return found


def skip(tx: Tx, who: Who, case_id: int) -> bool:
    """They would rather not decide this one: the seat goes to another. False where they hold none there."""
    held = tx.one(review.MINE, reviewer=who.id)
    if held is None or held.case != case_id:
        return False
    cases.skip(tx, Seat(held.case, held.reviewer, held.pay, held.budget, held.planted))
    return True


def again(tx: Tx, known: Known, reviewer: int, case: Case, now: int, *, planted: bool = False) -> bool:
    """Take the seat again whose lease ran out, if nobody else has it. ``case`` is locked. Raises BudgetSpentError."""
    if not planted and not tx.run(review.TAKE_SEAT, case_id=case.id):
        return False
    _sit(tx, known, reviewer, case, now, planted=planted)
    return True


def _next(tx: Tx, known: Known, reviewer: int, what: str, now: int) -> Seated | None:
    wanted = {"project": known.id, "what": what, "reviewer": reviewer}
    case = tx.one(review.NEXT, **wanted)
    if case is None and tx.dialect != "sqlite":
        case = tx.one(review.NEXT_WAITING, **wanted)
    if case is None or not tx.run(review.TAKE_SEAT, case_id=case.id):
        return None
    return _sit(tx, known, reviewer, case._replace(seats=case.seats - 1), now, planted=False)


def _sit(tx: Tx, known: Known, reviewer: int, case: Case, now: int, *, planted: bool) -> Seated:
    pay, account = _promised(tx, known, reviewer, case.id, now)
    if pay and account is None:
        if not planted:
            tx.run(raised.FREE_SEAT, case_id=case.id)
        raise BudgetSpentError
    tx.run(
        review.SIT,
        case_id=case.id,
        reviewer=reviewer,
        is_planted=planted,
        now=now,
        lease_ends=now + LEASE_MS,
        pay=pay,
        budget=account,
    )
    return Seated(known, case, planted, now)


def _promised(tx: Tx, known: Known, reviewer: int, case: int, now: int) -> tuple[int, int | None]:
    """What the vote earns (minor units), and the account it is promised from; None where the budget is spent.

    Nothing, where they were paid for their vote on the same before it was withdrawn.
    """
    purse = known.purse
    if purse is None or not purse.vote or tx.one(review.PAID_BEFORE, case_id=case, reviewer=reviewer):
        return 0, None
    if left := cases.left(tx, known.id, reviewer):  # with the last of a budget one can skip, and go on
        budget.freed(tx, purse, *left)
    return purse.vote, budget.promise(tx, purse, reviewer, purse.vote, now)


def _extended(tx: Tx, held: Mine, now: int) -> bool:
    """Whether the seat is still theirs; it is for a whole lease from now."""
    key = {"case_id": held.case, "reviewer": held.reviewer}
    return bool(tx.run(review.EXTEND_SEAT, lease_ends=now + LEASE_MS, **key))


def _understands(spoken: frozenset[str], known: Known) -> bool:
    """Whether they speak a language of the project, as far as either has said."""
    languages = known.spec.audience.languages
    return not spoken or not languages or not spoken.isdisjoint(languages)
