"""The budget of a project that is there: read, written into its stored file, and followed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db.errors import told
from db.queries import projects
from db.session import Tx
from tasks.money import amounts, budget
from tasks.money.budget import Budget
from tasks.privacy.audit import SHELL, Act, Actor, record
from tasks.projects.catalog import Catalog, Known, progress
from tasks.projects.errors import ClosedForGoodError, ProjectError
from tasks.projects.estimate import Estimate, estimate, has_gold
from tasks.projects.mistakes import WrongError
from tasks.projects.values import read_amount
from tasks.words import Money, Words, _

WITHOUT = "none"
"""How it is written that a project may cost as much as it takes."""


class NoRewardError(ProjectError):
    """The project pays nothing."""

    message = told("Name a reward in the project file first: “{key}” pays nothing yet.")


class AmountError(ProjectError):
    """It is no amount of this currency."""

    message = told("Budget: {mistake}")


def funds(tx: Tx, known: Known) -> Budget | None:
    """How its budget stands; None for a project that pays nothing and never did."""
    purse = known.purse
    if purse is None:
        return None
    stands = budget.standing(tx, purse)
    return stands if stands.given or purse.answer or purse.vote else None


def change(tx: Tx, catalog: Catalog, key: str, written: str, now: int, actor: Actor = SHELL) -> Known:
    """Let the project cost this much at the most, from now on: an amount as files write it, or “none”.

    Raises UnknownProjectError, ClosedForGoodError, NoRewardError, AmountError, BudgetBelowSpentError; then nothing has
    changed.
    """
    tx.one(projects.HEAD_LOCKED, key=key)
    known = catalog.by_key(tx, key)
    after = check(tx, known, written)
    if after.spec == known.spec:
        return known
    if known.state != "draft" and after.purse:
        budget.follow(tx, after.purse, now)
    tx.run(projects.REVISE, id=known.id, spec=after.spec.model_dump_json())
    before, now_named = known.purse, after.purse
    assert before is not None  # noqa: S101 - checked
    assert now_named is not None  # noqa: S101 - as above
    figures = {"before": before.budget, "after": now_named.budget, "currency": before.currency}
    record(tx, actor, Act("budget", project=known.id, figures=figures), now)
    return catalog.get(tx, known.id)


def check(tx: Tx, known: Known, written: str) -> Known:
    """The project as it would be with this budget.

    Raises ClosedForGoodError, NoRewardError, AmountError, BudgetBelowSpentError.
    """
    if known.state == "closed":
        raise ClosedForGoodError(key=known.key)
    reward = known.spec.reward
    if reward is None:
        raise NoRewardError(key=known.key)
    changed = reward.model_copy(update={"budget": _read(written, reward.currency)})
    after = replace(known, spec=known.spec.model_copy(update={"reward": changed}))
    if known.state != "draft" and after.purse:
        budget.refuse_below(tx, after.purse)
    return after


def read(known: Known, written: str) -> Money | None:
    """A budget as it is written; None for as much as it takes. Raises NoRewardError, AmountError."""
    reward = known.spec.reward
    if reward is None:
        raise NoRewardError(key=known.key)
    amount = _read(written, reward.currency)
    return None if amount is None else Money(amount, reward.currency)


def comes_to(tx: Tx, known: Known, more: int = 0) -> Estimate:
    """What all of its items come to, with so many more: as the dry run of an import counts them."""
    return estimate(known.spec, progress(tx, known.id).tasks + more, checked=has_gold(tx, known.id))


def at_most(tx: Tx, known: Known, more: int = 0) -> Money | None:
    """What it is let cost: its budget, or else all answers, checks and votes, with so many more items.

    None where it pays nothing. This is what a second admin is asked about: bonuses come out of the budget, too.
    """
    purse = known.purse
    if purse is None:
        return None
    if purse.budget is not None:
        return Money(purse.budget, purse.currency)
    return Money(comes_to(tx, known, more).cost or 0, purse.currency)


def unfunded(tx: Tx, known: Known) -> bool:
    """Whether what is left of a budget that is named pays for no answer."""
    purse = known.purse
    if purse is None or purse.budget is None:
        return False
    stands = budget.standing(tx, purse)
    return purse.budget - stands.spent - stands.promised < purse.answer


def raised(tx: Tx, known: Known, written: str) -> Money | None:
    """What it may cost by the new budget, where that is more than before. Raises NoRewardError, AmountError."""
    before, named = at_most(tx, known), read(known, written)
    reward = known.spec.reward
    if reward is None or before is None:
        return None
    without = reward.model_copy(update={"budget": None})
    after = named or at_most(tx, replace(known, spec=known.spec.model_copy(update={"reward": without})))
    return after if after is not None and after.minor > before.minor else None


def example(known: Known) -> str:
    """A budget as it is written."""
    return amounts.example(known.purse.currency, 100) if known.purse else ""


def told_of(known: Known, stands: Budget) -> Sequence[Words]:
    """How the budget stands, in words; with a warning where it pays for no more work."""
    purse = known.purse
    assert purse is not None  # noqa: S101 - something stands
    amounts = {
        "spent": Money(stands.spent, purse.currency),
        "promised": Money(stands.promised, purse.currency),
    }
    if purse.budget is None:
        return [_("{spent} earned · {promised} promised", **amounts)]
    named = Money(purse.budget, purse.currency)
    said: list[Words] = [_("{spent} of {budget} earned · {promised} promised", budget=named, **amounts)]
    if known.state != "draft" and stands.left < purse.answer:
        said.append(_("⚠ Raise the budget: it pays for no more answers, so nobody is given any."))
    return said


def _read(written: str, currency: str) -> int | None:
    if written == WITHOUT:
        return None
    try:
        return read_amount(written, currency)
    except WrongError as wrong:
        raise AmountError(mistake=wrong.wrongs[0][1]) from None
