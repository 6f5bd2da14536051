"""People by chat: what waits for a decision, who answers alike, who is in doubt, and one person's card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.admin import rejections, spot
from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks import staff
from tasks.access import may
from tasks.privacy.audit import Actor
from tasks.reports import card as cards
from tasks.reports.card import Card
from tasks.reports.watch import Watch, doubts, pair, watch
from tasks.words import Join, Words, _, _n

_HOME = Key(_("Back"), "people.home")
_ON_A_PAGE = 8


def _command(visit: Visit, argument: str) -> Turn:
    spoken(visit)
    return card(visit, argument) if argument.strip() else _home(visit)


def _home(visit: Visit, _value: object = None, toast: Words | None = None) -> Turn:
    found = watch(visit.tx)
    lines = [Line(_("People"), Style.HEAD), *_waiting(visit, found), *_twins(visit, found), *_doubted(visit, found)]
    waits = rejections.keys(visit)
    if found.empty and not waits:
        lines.append(Line(_("Nobody waits for you."), Style.STRONG))
    if found.more:
        lines.append(Line(_("There are more: they come up as these are decided."), Style.FAINT))
    lines.append(Line(_("To look at somebody, write their number."), Style.FAINT))
    keys = [*waits, *_ways(found), [Key(_("All people"), "people.all", 0)], [Key(_("Look again"), "people.home")]]
    return show(State("people"), Screen(lines, keys), toast)


def _all(visit: Visit, after: int) -> Turn:
    """Everybody by number, a page from the one after ``after``: whoever knows no number finds it here."""
    found = staff.everybody(visit.tx, after, _ON_A_PAGE + 1)
    shown = found[:_ON_A_PAGE]
    lines = [Line(_("All people"), Style.STRONG), Line(_("Tap somebody, or write their number."), Style.FAINT)]
    more = [[Key(_("Further people"), "people.all", shown[-1].id)]] if len(found) > len(shown) else []
    keys = [[Key(cards.head(person), "people.card", person.id)] for person in shown]
    return show(State("people"), Screen(lines, [*keys, *more, [_HOME]]))


def _waiting(visit: Visit, found: Watch) -> Sequence[Line]:
    if not found.waiting:
        return []
    lines = [Line(_("Waits for your decision"), Style.STRONG)]
    return lines + [
        Line(_("No. {number}: {what}", number=row.person, what=cards.proposed(visit.tx, visit.desk.catalog, row)))
        for row in found.waiting
    ]


def _twins(visit: Visit, found: Watch) -> Sequence[Line]:
    if not found.twins:
        return []
    lines = [Line(_("Answer suspiciously alike"), Style.STRONG)]
    for row in found.twins:
        title = cards.title(visit.tx, visit.desk.catalog, row.project)
        told = _n(
            "{n} of these is wrong by all answers together", "{n} of these are wrong by all answers together", row.wrong
        )
        same = _n("{n} answer the same", "{n} answers the same", row.same)
        lines.append(
            Line(Join((_("No. {one} and No. {other}", one=row.worker, other=row.other), title, same, told), " · "))
        )
    return lines


def _doubted(visit: Visit, found: Watch) -> Sequence[Line]:
    if not found.doubted:
        return []
    lines = [Line(_("In doubt by all answers together"), Style.STRONG)]
    for row in found.doubted:
        title = cards.title(visit.tx, visit.desk.catalog, row.project)
        lines.append(Line(Join((_("No. {number}", number=row.person), title, *doubts(row)[:1]), " · ")))
    return lines


def _ways(found: Watch) -> Sequence[Sequence[Key]]:
    decide = [Key(_("Decide on No. {number}", number=row.person), "people.proposal", row.id) for row in found.waiting]
    compare = [
        Key(
            _("Compare No. {one} and No. {other}", one=row.worker, other=row.other),
            "people.pair",
            [row.project, row.worker, row.other],
        )
        for row in found.twins
    ]
    look = [Key(_("Look at No. {number}", number=row.person), "people.card", row.person) for row in found.doubted]
    return [[key] for key in (*decide, *compare, *look)]


# --------------------------------------------------------------------------- one of them


def _proposal(visit: Visit, number: int) -> Turn:
    row = staff.proposal_of(visit.tx, number)
    found = cards.card(visit.tx, visit.desk.catalog, staff.find(visit.tx, str(row.person)))
    lines = [
        *_about(found)[:1],
        Line(_("A rule proposes {what}", what=cards.proposed(visit.tx, visit.desk.catalog, row)), Style.STRONG),
        *_about(found)[1:],
    ]
    keys = [
        [Key(_("Accept"), "people.ask", {"deed": "accept", "proposal": number})],
        [Key(_("Decline"), "people.ask", {"deed": "decline", "proposal": number})],
        [_HOME],
    ]
    return show(State("people"), Screen(lines, keys))


def _pair(visit: Visit, named: Sequence[int]) -> Turn:
    project, worker, other = named
    row = pair(visit.tx, project, worker, other)
    if row is None:
        return _home(visit, toast=_("They are not alike any more, by what is known now."))
    people = [staff.find(visit.tx, str(number)) for number in (worker, other)]
    lines = [
        Line(cards.title(visit.tx, visit.desk.catalog, project), Style.HEAD),
        *(Line(cards.head(person), Style.STRONG) for person in people),
        *map(Line, cards.twins(row)),
        Line(_("Two people who look agree where it is plain; the same errors again and again come from one source.")),
    ]
    keys = [[Key(_("Look at No. {number}", number=person.id), "people.card", person.id) for person in people], [_HOME]]
    return show(State("people"), Screen(lines, keys))


def card(visit: Visit, named: object, toast: Words | None = None) -> Turn:
    """One person: what is known of them, and what can be done."""
    person = staff.find(visit.tx, str(named))
    found = cards.card(visit.tx, visit.desk.catalog, person)
    deeds = [
        ("worker", _("Take the reviewer’s role back"))
        if person.role == "reviewer"
        else ("reviewer", _("Make a reviewer")),
        ("lift", _("End the suspension")) if person.suspended_at is not None else ("suspend", _("Suspend")),
    ]
    keys = [[Key(words, "people.ask", {"deed": deed, "person": person.id})] for deed, words in deeds]
    if may(person.role, "administer") or person.suspended_at is not None:
        keys = keys[1:]  # no role is given or taken there
    keys += spot.keys(found)
    if found.works:
        keys.append([Key(_("Reject their answers"), "rejections.of_person", person.id)])
        keys.append([Key(_("Give a bonus"), "bonus.ask", person.id)])
    return show(State("people"), Screen(_about(found), [*keys, [_HOME]]), toast)


def _about(found: Card) -> list[Line]:
    lines = [Line(cards.head(found.person), Style.STRONG)]
    lines += [Line(cards.works(known, row)) for known, row in found.works]
    if found.reviews:
        lines.append(Line(cards.reviews(found.reviews)))
    if found.earned:
        lines.append(Line(Join([cards.earned(row) for row in found.earned], "\n")))
    lines += [
        Line(words) for row in found.twins for words in (_others(found, row.worker, row.other), *cards.twins(row))
    ]
    return lines + [Line(cards.act(row), Style.FAINT) for row in found.acts]


def _others(found: Card, worker: int, other: int) -> Words:
    return _("Answers suspiciously like No. {number}", number=other if worker == found.person.id else worker)


# --------------------------------------------------------------------------- deciding

_ASKS: Mapping[str, Words] = {
    "accept": _("Accept it: why?"),
    "decline": _("Decline it: why?"),
    "reviewer": _("Make them a reviewer: why?"),
    "worker": _("Take the reviewer’s role back: why?"),
    "suspend": _("Suspend them: why?"),
    "lift": _("End the suspension: why?"),
}


def _ask(visit: Visit, wanted: Mapping[str, Any]) -> Turn:  # noqa: ARG001 - every press is given the visit
    lines = [
        Line(_ASKS[wanted["deed"]], Style.STRONG),
        Line(_("Write the reason as a message: the person is told it word for word. Nothing has changed yet.")),
    ]
    back = Key(_("Back"), "people.proposal", wanted["proposal"]) if "proposal" in wanted else None
    back = back or Key(_("Back"), "people.card", wanted["person"])
    return show(State("people", wanted), Screen(lines, [[back]]))


def _said(visit: Visit, said: Said) -> Turn:
    deed = visit.memory.get("deed")
    if deed is None:
        return card(visit, said.text)
    actor = Actor(visit.who.id, visit.who.channel)
    if "proposal" in visit.memory:
        person = staff.decide(visit.tx, actor, visit.memory["proposal"], said.text, visit.now, accept=deed == "accept")
        return _home(visit, toast=_("Decided: No. {number} is told.", number=person.id))
    person = staff.find(visit.tx, str(visit.memory["person"]))
    _DEEDS[deed](visit, actor, person, said.text)
    return card(visit, person.id, _("Done: No. {number} is told.", number=person.id))


_DEEDS: Mapping[str, Callable[[Visit, Actor, Any, str], object]] = {
    "reviewer": lambda visit, actor, person, why: staff.set_role(visit.tx, actor, person, "reviewer", why, visit.now),
    "worker": lambda visit, actor, person, why: staff.set_role(visit.tx, actor, person, "worker", why, visit.now),
    "suspend": lambda visit, actor, person, why: staff.suspend(visit.tx, actor, person, why, visit.now),
    "lift": lambda visit, actor, person, why: staff.lift(visit.tx, actor, person, why, visit.now),
}

PEOPLE = Flow(
    "people",
    permit="administer",
    commands={"people": Menu(_command, _("People: decisions, doubts, roles"), permit="administer")},
    presses={"home": _home, "all": _all, "proposal": _proposal, "pair": _pair, "card": card, "ask": _ask},
    said=_said,
)
