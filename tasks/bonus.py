"""A bonus: an admin pays somebody beside what their answers earn, out of the budget of a project they worked on."""

from __future__ import annotations

from db.errors import InputError, told
from db.queries import qualification
from db.queries.staff import Listed
from db.session import Tx
from tasks.money import amounts, budget, earning
from tasks.money.amounts import minor_units
from tasks.notices import tell
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Known
from tasks.staff import MOST_OF_REASON, NoReasonError, YourselfError
from tasks.words import Local, Money, _


class BonusError(InputError):
    """This bonus cannot be paid."""


class NoRewardError(BonusError):
    """The project pays nothing."""

    message = told("Choose a project that pays: this one has no reward, and so no budget.")


class AmountError(BonusError):
    """It is no amount of the project's currency, or nothing."""

    message = told("Begin with an amount in plain digits, above 0: “{amount}” is none in {currency}.")


class NotEnoughLeftError(BonusError):
    """The budget cannot pay it."""

    message = told("Choose a smaller amount, or raise the budget first: {left} is left of it.")


def read(known: Known, written: str) -> int:
    """Minor units of an amount as it is written, such as “5000” or “0.50”. Raises NoRewardError, AmountError."""
    if known.purse is None:
        raise NoRewardError
    amount = minor_units(written, known.purse.currency)
    if not amount:
        raise AmountError(amount=written[:32], currency=known.purse.currency)
    return amount


def example(known: Known) -> str:
    """A bonus as it is written."""
    return amounts.example(known.purse.currency, 5) if known.purse else ""


def fits(tx: Tx, known: Known, amount: int) -> None:
    """Raise NotEnoughLeftError where less than that is left of a budget that is named."""
    purse = known.purse
    if purse is None or purse.budget is None:
        return
    left = budget.standing(tx, purse).left
    if left < amount:
        raise NotEnoughLeftError(left=Money(max(0, left), purse.currency))


def check(actor: Actor, person: int, why: str) -> None:
    """Raises StaffError where it is for themselves, or for no reason."""
    if actor.id is not None and actor.id == person:
        raise YourselfError
    why = " ".join(why.split())
    if len(why) > MOST_OF_REASON or not any(map(str.isalnum, why)):
        raise NoReasonError(most=MOST_OF_REASON)


def give(tx: Tx, known: Known, actor: Actor, person: Listed, amount: int, why: str, now: int) -> None:
    """Pay it, tell them, and put it on record. ``amount`` in minor units.

    Raises BonusError, StaffError; then nothing has changed.
    """
    check(actor, person.id, why)
    why = " ".join(why.split())
    purse = known.purse
    if purse is None:
        raise NoRewardError
    fits(tx, known, amount)
    tx.one(qualification.LOCK_PERSON, person=person.id)
    account = budget.promise(tx, purse, person.id, amount, now)
    if account is None:
        raise NotEnoughLeftError(left=Money(budget.standing(tx, purse).left, purse.currency))
    earning.bonus(tx, purse, person.id, amount, account, now)
    paid = Money(amount, purse.currency)
    record(
        tx, actor, Act("bonus", person.id, known.id, {"amount": amount, "currency": purse.currency, "why": why}), now
    )
    title = Local(known.spec.title)
    tell(
        tx,
        person.id,
        _("A bonus for your work in “{title}”: {amount}. The reason: {why}", title=title, amount=paid, why=why),
        now,
    )
