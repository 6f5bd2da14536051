"""Spot checks by chat: from somebody's card, in one of their projects."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.flow import Flow, Visit, show
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks import staff
from tasks.privacy.audit import Actor
from tasks.reports import card as cards
from tasks.reports.card import Card
from tasks.review import spot
from tasks.words import Join, Local, _, _n


def keys(found: Card) -> list[list[Key]]:
    """The way here, for the card of whoever has worked."""
    words = _n("Check {n} answer", "Check {n} answers", spot.AT_ONCE)
    return [[Key(words, "spot.choose", found.person.id)]] if found.works else []


def _choose(visit: Visit, number: int) -> Turn:
    """In which project, where there are several."""
    person = staff.find(visit.tx, str(number))
    works = cards.card(visit.tx, visit.desk.catalog, person).works
    if len(works) == 1:
        return _draw(visit, {"person": number, "project": works[0][0].id})
    lines = [Line(cards.head(person), Style.STRONG), Line(_("In which project are answers to be looked at?"))]
    rows = [
        [Key(Local(known.spec.title), "spot.draw", {"person": number, "project": known.id})] for known, _row in works
    ]
    return show(State("spot"), Screen(lines, [*rows, [_back(number)]]))


def _draw(visit: Visit, wanted: Mapping[str, int]) -> Turn:
    known = visit.desk.catalog.get(visit.tx, wanted["project"])
    person = staff.find(visit.tx, str(wanted["person"]))
    actor = Actor(visit.who.id, visit.who.channel)
    n = spot.draw(visit.tx, actor, known, person.id, spot.AT_ONCE, visit.desk.rng, visit.now)
    lines = [
        Line(Join((cards.head(person), Local(known.spec.title)), " · "), Style.HEAD),
        Line(spot.said(n), Style.STRONG),
    ]
    reviews = [[Key(_("To the reviews"), "review.home")]] if n else []
    return show(State("spot"), Screen(lines, [*reviews, [_back(person.id)]]))


def _back(number: int) -> Key:
    return Key(_("Back"), "person.card", number)


SPOT = Flow("spot", permit="administer", presses={"choose": _choose, "draw": _draw})
