"""What a deed would touch, in numbers: on the screen on which it is confirmed, and in the shell's dry runs."""

from __future__ import annotations

from collections.abc import Sequence

from db.queries import touching
from db.queries.staff import Listed
from db.session import Tx
from db.statement import Statement
from tasks.access import may
from tasks.money import budget
from tasks.projects import estimate, funding
from tasks.projects.catalog import Known, progress
from tasks.words import Money, Words, _, _n


def launch(tx: Tx, known: Known) -> Sequence[Words]:
    """Items, answers, and what it may cost."""
    left = max(0, progress(tx, known.id).tasks - progress(tx, known.id).settled)
    most = known.spec.overlap.max
    said: list[Words] = [
        _n("{n} item, up to {most} answers each", "{n} items, up to {most} answers each", left, most=most)
        if most > 1
        else _n("{n} item, one answer", "{n} items, one answer each", left)
    ]
    comes, purse = funding.comes_to(tx, known), known.purse
    said += estimate.costs(comes.cost, purse.currency if purse else "", most, within_budget=comes.within_budget)
    if purse is None or comes.cost is None:
        return said
    if purse.budget is None:
        return [*said, _("No budget is named.")]
    budgeted = _("Its budget: {amount}", amount=Money(purse.budget, purse.currency))
    return [*said, budgeted] if comes.within_budget else said


def pause(tx: Tx, known: Known) -> Sequence[Words]:
    """What is in hand stays there."""
    return [_in_hand(tx, known), _("Nobody gets a new one until you go on.")]


def close(tx: Tx, known: Known) -> Sequence[Words]:
    """What is in hand, what stays open, what money goes back."""
    counts = progress(tx, known.id)
    open_ = max(0, counts.tasks - counts.settled)
    lost = _n(
        "{n} item is in somebody’s hand now: it can be answered no more.",
        "{n} items are in people’s hands now: they can be answered no more.",
        _held(tx, known),
    )
    said = [lost, _n("{n} item stays open.", "{n} items stay open.", open_)]
    if (purse := known.purse) and (left := max(0, budget.standing(tx, purse).left)):
        said.append(_("{amount} of its budget goes back.", amount=Money(left, purse.currency)))
    return said


def export(tx: Tx, known: Known) -> Sequence[Words]:
    """How much there is to write."""
    counts = progress(tx, known.id)
    return [
        _n("{n} item", "{n} items", counts.tasks),
        _n("{n} answer so far", "{n} answers so far", counts.answers),
    ]


def budget_change(tx: Tx, known: Known, written: str) -> Sequence[Words]:
    """What it may cost before and after. Raises NoRewardError, AmountError."""
    before, after = funding.at_most(tx, known), funding.read(known, written)
    named = known.spec.reward is not None and known.spec.reward.budget is not None
    unbounded: Words = _("no bound")
    return [
        _(
            "Budget: {before} → {after}",
            before=before if named and before is not None else unbounded,
            after=after if after is not None else unbounded,
        )
    ]


def role(tx: Tx, person: Listed, new: str) -> Sequence[Words]:
    """Before and after, and what they lose by it."""
    from tasks.reports.card import ROLES  # noqa: PLC0415 - words of a card, not needed by the others

    before, after = (ROLES.get(one, one) for one in (person.role, new))
    said: list[Words] = [_("No. {number}: {before} → {after}", number=person.id, before=before, after=after)]
    said += [] if may(new, "review") else _reviewing(tx, person.id)
    return said if may(new, "administer") else [*said, *_in_charge(tx, person.id)]


def suspend(tx: Tx, person: Listed) -> Sequence[Words]:
    """What they have in hand, and what they are in the middle of besides."""
    held = _count(tx, touching.HELD_BY, person.id)
    said: Words = _("No. {number} has nothing in hand.", number=person.id)
    if held:
        said = _n(
            "No. {number} has {n} item in hand: it goes to others.",
            "No. {number} has {n} items in hand: they go to others.",
            held,
            number=person.id,
        )
    return [said, *_reviewing(tx, person.id), *_in_charge(tx, person.id)]


def proposal(tx: Tx, person: Listed, what: str) -> Sequence[Words]:
    """What accepting it touches: ``suspend``, ``reviewer`` or ``no-reviewer``; nothing where it is done already."""
    if what == "suspend":
        return suspend(tx, person) if person.suspended_at is None else ()
    before, after = ("worker", "reviewer") if what == "reviewer" else ("reviewer", "worker")
    return role(tx, person, after) if person.role == before else ()


def bonus(tx: Tx, known: Known, person: int, amount: int) -> Sequence[Words]:
    """What is paid to whom, and what is left of the budget then."""
    purse = known.purse
    currency = purse.currency if purse else ""
    said: list[Words] = [_("{amount} to No. {number}", amount=Money(amount, currency), number=person)]
    if purse and purse.budget is not None:
        left = budget.standing(tx, purse).left
        said.append(_("{left} of the budget is left then.", left=Money(max(0, left - amount), currency)))
    return said


def _reviewing(tx: Tx, person: int) -> Sequence[Words]:
    """Cases that they sit at as a reviewer."""
    seats = _count(tx, touching.SEATS_OF, person)
    said = _n(
        "They review {n} case just now: it goes to others.",
        "They review {n} cases just now: they go to others.",
        seats,
    )
    return [said] if seats else []


def _in_charge(tx: Tx, person: int) -> Sequence[Words]:
    """What waits, or runs, because they have charge."""
    proposed, sent = _count(tx, touching.PROPOSED_BY, person), _count(tx, touching.SENT_BY, person)
    dropped = _n(
        "{n} rejection of many answers that they propose waits no longer.",
        "{n} rejections of many answers that they propose wait no longer.",
        proposed,
    )
    held = _n("{n} broadcast of theirs is paused.", "{n} broadcasts of theirs are paused.", sent)
    return [*([dropped] if proposed else []), *([held] if sent else [])]


def _count(tx: Tx, statement: Statement[touching.Count], person: int) -> int:
    found = tx.one(statement, person=person)
    return found.n if found else 0


def _in_hand(tx: Tx, known: Known) -> Words:
    return _n(
        "{n} item is in somebody’s hand now: it may still be answered.",
        "{n} items are in people’s hands now: they may still be answered.",
        _held(tx, known),
    )


def _held(tx: Tx, known: Known) -> int:
    found = tx.one(touching.IN_HAND, project=known.id)
    return found.n if found else 0
