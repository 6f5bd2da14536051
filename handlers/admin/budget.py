"""The budget of a project by chat: an amount is written, and is the budget from now on."""

from __future__ import annotations

from handlers.admin.project_card import card
from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks.projects import funding
from tasks.words import Local, _


def _ask(visit: Visit, key: str) -> Turn:
    known = visit.desk.catalog.by_key(visit.tx, key)
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
    return _change(visit, str(key), said.text.strip())


def _without(visit: Visit, key: str) -> Turn:
    return _change(visit, key, funding.WITHOUT)


def _change(visit: Visit, key: str, written: str) -> Turn:
    funding.change(visit.tx, visit.desk.catalog, key, written, visit.now, visit.actor)
    return card(visit, key, _("The budget is changed."))


BUDGET = Flow("budget", permit="administer", presses={"ask": _ask, "without": _without}, said=_said)
