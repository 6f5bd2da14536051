"""Rejecting many answers at once: what it would cost and whom, a reason, and another admin who confirms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Said, Screen, Start, State, Style, Toast, Turn
from tasks import staff
from tasks.privacy.audit import Actor
from tasks.projects.catalog import Known
from tasks.reports import card as cards
from tasks.review import mass, mass_cost, reasons
from tasks.review import mass_words as told
from tasks.words import Join, Local, Words, _, _n

_FAILED = _("Please try again in a moment: something on our side did not work.")
_PEOPLE = Key(_("All decisions"), "people.home")
_HOME = Key(_("Back"), "rejections.home")


def keys(visit: Visit) -> list[list[Key]]:
    """The way here, where something waits: for the screen of decisions."""
    n = len(mass.waiting(visit.tx))
    words = _n("{n} rejection of many answers", "{n} rejections of many answers", n)
    return [[Key(words, "rejections.home")]] if n else []


def _home(visit: Visit, _value: object = None, toast: Words | None = None) -> Turn:
    found = mass.waiting(visit.tx)
    lines = [Line(_("Rejections of many answers"), Style.HEAD)]
    lines += [Line(told.line(visit.tx, visit.desk.catalog, row)) for row in found]
    if not found:
        lines.append(Line(_("Nothing waits for a decision."), Style.STRONG))
    rows = [
        [Key(_("Decide on {number}", number=row.id), "rejections.one", row.id)]
        for row in found
        if row.state == "proposed"
    ]
    return show(State("rejections"), Screen(lines, [*rows, [_PEOPLE]]), toast)


# --------------------------------------------------------------------------- proposing


def _of_person(visit: Visit, number: int) -> Turn:
    """In which project: theirs with the most answers come first."""
    person = staff.find(visit.tx, str(number))
    works = cards.card(visit.tx, visit.desk.catalog, person).works
    if len(works) == 1:
        return _reasons(visit, {"project": works[0][0].id, "person": number, "reasons": []})
    lines = [Line(cards.head(person), Style.STRONG), Line(_("In which project are answers to be rejected?"))]
    rows = [
        [Key(Local(known.spec.title), "rejections.reasons", {"project": known.id, "person": number, "reasons": []})]
        for known, _row in works
    ]
    return show(State("rejections"), Screen(lines, [*rows, [Key(_("Back"), "person.card", number)]]))


def _of_project(visit: Visit, key: str) -> Turn:
    known = visit.desk.catalog.by_key(visit.tx, key)
    return _reasons(visit, {"project": known.id, "person": None, "reasons": []})


def _reasons(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """Toggles, as of a question with several answers."""
    known, chosen = _known(visit, wanted), list(wanted["reasons"])
    lines = [Line(_whose(known, wanted["person"]), Style.HEAD), Line(_("Why are they rejected?"), Style.STRONG)]
    rows = []
    for one in reasons.reasons(known):
        then = [key for key in chosen if key != one.key] if one.key in chosen else [*chosen, one.key]
        words = Join(("☑ " if one.key in chosen else "☐ ", one.words))
        rows.append([Key(words, "rejections.reasons", {**wanted, "reasons": then})])
    if chosen:
        rows.append([Key(_("Go on"), "rejections.preview", dict(wanted))])
    return show(State("rejections"), Screen(lines, [*rows, [_back(known, wanted["person"])]]))


def _preview(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """What it would cost is counted outside of the turn; what stands here stays until it is."""
    known = _known(visit, wanted)
    asked = {"project": known.id, "person": wanted["person"], "reasons": list(wanted["reasons"])}
    return Turn(State("rejections", asked), [Toast(_("It is being counted.")), Start("rejection_preview", asked)])


def _previewed(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """What it would cost, and whom; the reason is asked for. If nothing else was asked for meanwhile."""
    if "cost" not in outcome:
        return again(outcome["mistakes"][0] if outcome.get("mistakes") else _FAILED)
    wanted = {name: outcome[name] for name in ("project", "person", "reasons")}
    if visit.flow != "rejections" or {name: visit.memory.get(name) for name in wanted} != wanted:
        return Turn(None, [])
    known, cost = _known(visit, wanted), mass_cost.of_kept(outcome["cost"])
    lines = [
        Line(_whose(known, wanted["person"]), Style.HEAD),
        Line(_("Reasons: {reasons}", reasons=reasons.said(known, wanted["reasons"]))),
        *map(Line, told.cost(known, cost)),
    ]
    back = [[Key(_("Other reasons"), "rejections.reasons", dict(wanted))], [_back(known, wanted["person"])]]
    if not cost.answers:
        return show(State("rejections"), Screen(lines, back))
    ask = _("Write why as a message: everybody concerned is told it word for word.")
    lines += [
        Line(ask, Style.STRONG),
        Line(_("Nothing has changed yet: another admin has to confirm it."), Style.FAINT),
    ]
    return show(State("rejections", {**wanted, "cost": outcome["cost"]}), Screen(lines, back))


def _said(visit: Visit, said: Said) -> Turn:
    wanted = visit.memory
    if not wanted.get("cost"):
        return again(_("Please tap one of the keys below the message."))
    known = _known(visit, wanted)
    person = staff.find(visit.tx, str(wanted["person"])) if wanted["person"] else None
    asked, cost = mass.Wanted(person, wanted["reasons"], said.text), mass_cost.of_kept(wanted["cost"])
    mass.propose(visit.tx, known, _actor(visit), asked, cost, visit.now)
    return _home(visit, toast=_("Another admin is asked to confirm it."))


def _known(visit: Visit, wanted: Mapping[str, Any]) -> Known:
    return visit.desk.catalog.get(visit.tx, int(wanted["project"]))


def _whose(known: Known, person: int | None) -> Words:
    title = Local(known.spec.title)
    if person is None:
        return _("{title} · answers of everybody", title=title)
    return _("{title} · answers of No. {number}", title=title, number=person)


def _back(known: Known, person: int | None) -> Key:
    if person is None:
        return Key(_("Leave it"), "projects.card", known.key)
    return Key(_("Leave it"), "person.card", person)


def _actor(visit: Visit) -> Actor:
    return Actor(visit.who.id, visit.who.channel)


# --------------------------------------------------------------------------- deciding


def _one(visit: Visit, number: int) -> Turn:
    row = mass.one(visit.tx, number)
    lines = [Line(words) for words in told.whole(visit.tx, visit.desk.catalog, row)]
    if row.made_by == visit.who.id:
        lines.append(Line(_("Another admin has to confirm it."), Style.FAINT))
        rows = [[Key(_("Take it back"), "rejections.decline", number)]]
    else:
        rows = [
            [Key(_("Reject these answers"), "rejections.confirm", number)],
            [Key(_("Do not reject them"), "rejections.decline", number)],
        ]
    return show(State("rejections"), Screen(lines, [*rows, [_HOME]]))


def _confirm(visit: Visit, number: int) -> Turn:
    mass.confirm(visit.tx, visit.desk.catalog, _actor(visit), number, visit.now)
    return _home(visit, toast=_("It is being done: each of them is told, and can disagree."))


def _decline(visit: Visit, number: int) -> Turn:
    mass.decline(visit.tx, _actor(visit), number, visit.now)
    return _home(visit, toast=_("Nothing is rejected."))


def _presses() -> Mapping[str, Any]:
    heard: Sequence[Any] = (_home, _of_person, _of_project, _reasons, _preview, _one, _confirm, _decline)
    return {hear.__name__.removeprefix("_"): hear for hear in heard}


REJECTIONS = Flow(
    "rejections",
    permit="administer",
    presses=_presses(),
    said=_said,
    finished={"rejection_preview": _previewed},
)
