"""People by chat: what waits for a decision, who answers alike, who is in doubt, how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.admin import rejections, roll
from handlers.admin.person import card, figures_of
from handlers.flow import Flow, Menu, Visit, show
from handlers.parts import approvals
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Said, Screen, Start, State, Style, Turn
from tasks import staff
from tasks.reports import card as cards
from tasks.reports.watch import Watch, doubts, pair, watch
from tasks.words import Join, Words, _, _n

_HOME = Key(_("Back"), "people.home")
_ON_A_PAGE = 8


def _command(visit: Visit, argument: str) -> Turn:
    spoken(visit)
    return roll.search(visit, argument) if argument.strip() else _home(visit)


def _home(
    visit: Visit, _value: object = None, toast: Words | None = None, counts: Mapping[str, int] | None = None
) -> Turn:
    """What waits, the most urgent first. How many people there are is counted outside of the turn, and shown then."""
    found = watch(visit.tx)
    lines = [
        Line(_("People"), Style.HEAD),
        *_many(counts),
        *_waiting(visit, found),
        *_twins(visit, found),
        *_doubted(visit, found),
    ]
    waits = [*approvals.keys(visit), *rejections.keys(visit)]
    if found.empty and not waits:
        lines.append(Line(_("Nobody waits for you."), Style.STRONG))
    if found.more:
        lines.append(Line(_("There are more: they come up as these are decided."), Style.FAINT))
    lines.append(Line(roll.HOW, Style.FAINT))
    keys = [*waits, *_ways(found), [Key(_("All people"), "roll.page", {})], [Key(_("Look again"), "people.home")]]
    turn = show(State("people", {"at": "home"}), Screen(lines, keys), toast)
    return turn if counts else Turn(turn.state, [*turn.actions, Start("people_counts", {})])


def _many(counts: Mapping[str, int] | None) -> list[Line]:
    if counts is None:
        return []
    people = _n("{n} person", "{n} people", counts["people"])
    return [Line(Join((people, _n("{n} here this week", "{n} here this week", counts["active"])), " · "))]


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
    look = [Key(_("Look at No. {number}", number=row.person), "person.card", row.person) for row in found.doubted]
    return [[key] for key in (*decide, *compare, *look)]


# --------------------------------------------------------------------------- one of them


def _proposal(visit: Visit, number: int) -> Turn:
    row = staff.proposal_of(visit.tx, number)
    found = staff.find(visit.tx, str(row.person))
    lines = [
        Line(cards.head(found), Style.STRONG),
        Line(_("A rule proposes {what}", what=cards.proposed(visit.tx, visit.desk.catalog, row)), Style.STRONG),
        *figures_of(visit, found),
    ]
    keys = [
        [Key(_("Accept"), "deeds.ask", {"deed": "accept", "proposal": number, "person": found.id})],
        [Key(_("Decline"), "deeds.ask", {"deed": "decline", "proposal": number, "person": found.id})],
        [Key(_("Look at No. {number}", number=found.id), "person.card", found.id)],
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
    keys = [[Key(_("Look at No. {number}", number=person.id), "person.card", person.id) for person in people], [_HOME]]
    return show(State("people"), Screen(lines, keys))


# --------------------------------------------------------------------------- hearing


def _said(visit: Visit, said: Said) -> Turn:
    return roll.search(visit, said.text)


def _counted(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """How many there are, on top of what is shown, if it still is."""
    if "people" not in outcome or visit.memory.get("at") != "home":
        return Turn(None, [])
    return _home(visit, counts=outcome)


PEOPLE = Flow(
    "people",
    permit="administer",
    commands={"people": Menu(_command, _("People: decisions, doubts, roles"), permit="administer")},
    presses={"home": _home, "proposal": _proposal, "pair": _pair, "card": card},
    said=_said,
    finished={"people_counts": _counted},
)
