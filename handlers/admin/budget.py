"""The budget of a project by chat: an amount is written, shown beside the old one, and is the budget from then on."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.admin.project_card import card
from handlers.admin.projects import waits
from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks import approval, asked, touching
from tasks.projects import funding
from tasks.projects.catalog import Known
from tasks.words import Local, Money, _


def _ask(visit: Visit, key: str) -> Turn:
    known = visit.project(key)
    stands = funding.funds(visit.tx, known)
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("What may it cost at the most?"), Style.STRONG),
        *(Line(words) for words in (funding.told_of(known, stands) if stands else ())),
        Line(
            _(
                "Write the amount as a message, such as {amount}. Write it into the project file too.",
                amount=funding.example(known),
            ),
            Style.FAINT,
        ),
    ]
    keys = [[Key(_("As much as it takes"), "budget.without", known.key)], [Key(_("Back"), "projects.card", known.key)]]
    return show(State("budget", {"key": key}), Screen(lines, keys))


def _said(visit: Visit, said: Said) -> Turn:
    key = visit.memory.get("key")
    if key is None:
        return again(_("Please tap one of the keys below the message."))
    return _look(visit, visit.project(str(key)), said.text.strip())


def _without(visit: Visit, key: str) -> Turn:
    return _look(visit, visit.project(key), funding.WITHOUT)


def _look(visit: Visit, known: Known, written: str) -> Turn:
    """Before and after, once more to look at; what is very much is asked for."""
    funding.check(visit.tx, known, written)
    second = _needs_another(visit, known, written) is not None
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        *(Line(words, Style.STRONG) for words in touching.budget_change(visit.tx, known, written)),
    ]
    if second:
        lines.append(Line(_("So much money one admin alone does not spend: another confirms it under /approvals.")))
    go = _("Ask a second admin") if second else _("Change it")
    change = Key(go, "budget.change", {"key": known.key, "written": written})
    keys = [[change], [Key(_("Another amount"), "budget.ask", known.key)], [Key(_("Back"), "projects.card", known.key)]]
    return show(State("budget", {"key": known.key}), Screen(lines, keys))


def _change(visit: Visit, wanted: Mapping[str, str]) -> Turn:
    known, written = visit.project(wanted["key"]), wanted["written"]
    cost = _needs_another(visit, known, written)
    if cost is not None:
        funding.check(visit.tx, known, written)
        arguments = asked.of_budget(known, written)
        return waits(visit, known, approval.ask_money(visit.tx, visit.actor, "budget", arguments, cost, visit.now))
    funding.change(visit.tx, visit.desk.catalog, known.key, written, visit.now, visit.actor)
    return card(visit, known.key, _("The budget is changed."))


def _needs_another(visit: Visit, known: Known, written: str) -> Money | None:
    """What it may cost then, where one admin alone does not decide that. A draft is asked about when it is launched."""
    if known.state == "draft":
        return None
    raised = funding.raised(visit.tx, known, written)
    return raised if approval.over(visit.desk.limits, money=raised) else None


BUDGET = Flow("budget", permit="request", presses={"ask": _ask, "without": _without, "change": _change}, said=_said)
