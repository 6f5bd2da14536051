"""A bonus by chat: from which project, how much and why, once more to look at, paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.admin.person import card
from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks import approval, asked, bonus, staff, touching
from tasks.projects import funding
from tasks.projects.catalog import Known
from tasks.reports import card as cards
from tasks.words import Local, Money, _


def _ask(visit: Visit, number: int) -> Turn:
    """From which project's budget: one that pays, and that they worked on."""
    person = staff.find(visit.tx, str(number))
    works = [known for known, _row in cards.card(visit.tx, visit.desk.catalog, person).works if known.purse]
    if len(works) == 1:
        return _amount(visit, {"person": number, "project": works[0].id})
    question = _("Out of which project’s budget?") if works else _("They have worked on nothing that pays.")
    keys = [[Key(Local(one.spec.title), "bonus.amount", {"person": number, "project": one.id})] for one in works]
    lines = [Line(cards.head(person), Style.STRONG), Line(question)]
    return show(State("bonus"), Screen(lines, [*keys, [_back(number)]]))


def _amount(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    known = _known(visit, wanted)
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("How much, and why?"), Style.STRONG),
        *_left(visit, known),
        Line(
            _(
                "Write the amount and then the reason as a message, such as: {amount} for your careful notes",
                amount=bonus.example(known),
            )
        ),
        Line(_("They are told the reason word for word. Nothing is paid yet."), Style.FAINT),
    ]
    return show(State("bonus", dict(wanted)), Screen(lines, [[_back(wanted["person"])]]))


def _said(visit: Visit, said: Said) -> Turn:
    if "project" not in visit.memory:
        return again(_("Please tap one of the keys below the message."))
    known = _known(visit, visit.memory)
    written, _space, why = said.text.strip().partition(" ")
    wanted = {**visit.memory, "amount": bonus.read(known, written), "why": why.strip()}
    bonus.fits(visit.tx, known, wanted["amount"])
    purse = known.purse
    amount = Money(wanted["amount"], purse.currency if purse else "")
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("Pay {amount} to No. {number}?", amount=amount, number=wanted["person"]), Style.STRONG),
        Line(wanted["why"], Style.QUOTE)
        if wanted["why"]
        else Line(_("Say why, too: write the amount and the reason once more.")),
        *map(Line, touching.bonus(visit.tx, known, wanted["person"], wanted["amount"])[1:]),
    ]
    second = approval.over(visit.desk.limits, money=amount)
    if second:
        lines.append(Line(_("So much money one admin alone does not spend: another confirms it under /approvals.")))
    go = _("Ask a second admin") if second else _("Pay {amount}", amount=amount)
    pay = [[Key(go, "bonus.give", wanted)]] if wanted["why"] else []
    change = [Key(_("Change"), "bonus.amount", {"person": wanted["person"], "project": wanted["project"]})]
    return show(State("bonus", dict(visit.memory)), Screen(lines, [*pay, change, [_back(wanted["person"])]]))


def _give(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    person, known = staff.find(visit.tx, str(wanted["person"])), _known(visit, wanted)
    amount = Money(wanted["amount"], known.purse.currency if known.purse else "")
    if approval.over(visit.desk.limits, money=amount):
        return _second(visit, known, person.id, amount, wanted["why"])
    bonus.give(visit.tx, known, visit.actor, person, wanted["amount"], wanted["why"], visit.now)
    return card(visit, person.id, _("Paid: No. {number} is told.", number=person.id))


def _second(visit: Visit, known: Known, person: int, amount: Money, why: str) -> Turn:
    """Nothing is paid until another admin confirms it."""
    bonus.check(visit.actor, person, why)
    arguments = asked.of_bonus(known, person, amount.minor, " ".join(why.split()))
    approval.ask_money(visit.tx, visit.actor, "bonus", arguments, amount, visit.now)
    return card(visit, person, _("It waits for a second admin, under /approvals."))


def _left(visit: Visit, known: Known) -> list[Line]:
    """How the budget stands that pays it."""
    stands = funding.funds(visit.tx, known)
    return [Line(words, Style.FAINT) for words in funding.told_of(known, stands)] if stands else []


def _known(visit: Visit, wanted: Mapping[str, Any]) -> Known:
    return visit.desk.catalog.get(visit.tx, int(wanted["project"]))


def _back(number: int) -> Key:
    return Key(_("Back"), "person.card", number)


BONUS = Flow("bonus", permit="administer", presses={"ask": _ask, "amount": _amount, "give": _give}, said=_said)
