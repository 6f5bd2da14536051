"""``/person ID``: one person's card for people in charge, and what lies behind it, each on a screen of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.admin import person_parts as parts
from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Said, Screen, Start, State, Style, Turn
from tasks import staff
from tasks.personnel import contact, remarks
from tasks.reports import card as cards
from tasks.reports import profile
from tasks.reports.card import Card
from tasks.reports.roll import Listed
from tasks.words import Words, _, _n

_PEOPLE = Key(_("All people"), "roll.page", {})


def _command(visit: Visit, argument: str) -> Turn:
    spoken(visit)
    if argument.strip():
        return card(visit, contact.look_up(visit.tx, visit.charge, argument, visit.now).id)
    lines = [Line(_("Whose card?"), Style.STRONG), Line(_("Write their number: /people lists everybody."))]
    return show(State("roll"), Screen(lines, [[_PEOPLE]]))


def _said(visit: Visit, said: Said) -> Turn:
    return card(visit, contact.look_up(visit.tx, visit.charge, said.text, visit.now).id)


def card(visit: Visit, named: object, toast: Words | None = None) -> Turn:
    """One person: who they are here, how they work, what is so just now; all else by key."""
    person = staff.find(visit.tx, str(named))
    found = cards.card(visit.tx, visit.desk.catalog, person)
    whole = profile.whole(visit.tx, found)
    language = visit.desk.languages.get(person.language, person.language)
    lines = [
        Line(cards.head(person), Style.STRONG),
        Line(profile.head(whole, language), Style.FAINT),
        *(Line(words, Style.STRONG) for words in profile.states(whole, visit.now)),
        *map(Line, profile.figures(whole.sums)),
        *([Line(cards.reviews(found.reviews))] if found.reviews else []),
        *map(Line, profile.alarms(visit.tx, visit.desk.catalog, found)),
    ]
    return show(State("person", {"person": person.id}), Screen(lines, _keys(visit, whole)), toast)


def _keys(visit: Visit, whole: profile.Whole) -> list[list[Key]]:
    """What waits, then what there is to see, then what there is to do; two in a row."""
    found = whole.card
    number = found.person.id
    waits = [
        [Key(_("Decide: {what}", what=cards.PROPOSALS[row.what]), "people.proposal", row.id)] for row in found.waiting
    ]
    seen = [
        Key(_("Projects"), "person.projects", number),
        Key(_("Last answers"), "person.answers", {"person": number}),
        Key(_("Timeline"), "person.timeline", {"person": number}),
        Key(_n("Sent back ({n})", "Sent back ({n})", whole.sent_back), "person.returned", {"person": number}),
        Key(_n("Notes ({n})", "Notes ({n})", whole.remarks), "person.notes", number),
        Key(_("Money"), "person.money", number),
    ]
    if not found.works:
        seen = seen[2:3] + seen[4:]
    write = Key(_("Write to them"), "deeds.ask", {"deed": "letter", "person": number})
    does = [write, Key(_("What to do"), "deeds.all", number)] if visit.who.id != number else []
    return [*waits, *(seen[at : at + 2] for at in range(0, len(seen), 2)), *([does] if does else []), [_PEOPLE]]


def figures_of(visit: Visit, person: Listed) -> list[Line]:
    """The figures of somebody, with their parts: for whoever decides about them."""
    return [Line(words) for words in profile.figures(profile.sums(visit.tx, person.id))]


# --------------------------------------------------------------------------- what lies behind it


def _projects(visit: Visit, number: int) -> Turn:
    """Each with its figures in a line; what the figures are made of by key."""
    found = _card(visit, number)
    lines = [
        Line(cards.head(found.person), Style.STRONG),
        *(Line(cards.works(known, row)) for known, row in found.works),
    ]
    if not found.works:
        lines.append(Line(_("They have worked on nothing yet.")))
    keys = [[parts.project_key(known, number)] for known, _row in found.works]
    return _shown(number, lines, keys)


def _figures(visit: Visit, wanted: list[int]) -> Turn:
    """What the three figures of behaviour are made of, in one project."""
    number, project = wanted
    known = visit.desk.catalog.get(visit.tx, project)
    lines = [Line(cards.head(staff.find(visit.tx, str(number))), Style.HEAD), *parts.behaviour(visit, known, number)]
    return _shown(number, lines, [], Key(_("Back"), "person.projects", number))


def _timeline(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """What was done about them, the newest first; at its end, that they came."""
    person = staff.find(visit.tx, str(wanted["person"]))
    lines, older = parts.timeline(visit, person, wanted.get("before"))
    return _shown(person.id, [Line(cards.head(person), Style.STRONG), *lines], _older("timeline", person.id, older))


def _returned(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """What was sent back to them, why, and what came of their appeals."""
    person = staff.find(visit.tx, str(wanted["person"]))
    lines, older = parts.returned(visit, person.id, wanted.get("before"))
    return _shown(person.id, [Line(cards.head(person), Style.STRONG), *lines], _older("returned", person.id, older))


def _older(verb: str, number: int, before: int | None) -> list[list[Key]]:
    return [[Key(_("Older ones"), f"person.{verb}", {"person": number, "before": before})]] if before else []


def _money(visit: Visit, number: int) -> Turn:
    person = staff.find(visit.tx, str(number))
    return _shown(number, [Line(cards.head(person), Style.STRONG), *parts.money(visit, number)], [])


def _notes(visit: Visit, number: int, toast: Words | None = None) -> Turn:
    """For people in charge alone; one's own can be removed."""
    person = staff.find(visit.tx, str(number))
    found = remarks.of_person(visit.tx, number)
    lines = [Line(cards.head(person), Style.STRONG), *(line for row in found for line in parts.note(row))]
    if not found:
        lines.append(Line(_("No notes yet.")))
    lines.append(Line(_("Notes are for people in charge; the person finds them in the file of /mydata."), Style.FAINT))
    mine = [row for row in found if row.by == visit.who.id]
    keys = [[Key(_("Remove “{note}”", note=parts.short(row.words)), "person.unnote", row.id)] for row in mine]
    if visit.who.id != number:
        keys.insert(0, [Key(_("Write a note"), "deeds.ask", {"deed": "note", "person": number})])
    return _shown(number, lines, keys, toast=toast)


def _unnote(visit: Visit, remark: int) -> Turn:
    number = remarks.remove(visit.tx, visit.charge, remark, visit.now)
    return _notes(visit, number, _("The note is gone."))


# --------------------------------------------------------------------------- answers


def _answers(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """They are looked for outside of the turn; what stands here stays until they come."""
    number = staff.find(visit.tx, str(wanted["person"])).id
    start = Start("person_answers", {"person": number, "before": wanted.get("before")})
    return Turn(State("person", {"person": number, "at": "answers"}), [start])


def _answered(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """If nothing else was asked for meanwhile."""
    if visit.memory.get("at") != "answers" or visit.memory.get("person") != outcome.get("person"):
        return Turn(None, [])
    number = int(outcome["person"])
    lines = [Line(cards.head(staff.find(visit.tx, str(number))), Style.STRONG)]
    lines += [line for row in outcome["answers"] for line in parts.answer(visit, row)]
    if not outcome["answers"]:
        lines.append(Line(_("No answers yet.")))
    return _shown(number, lines, _older("answers", number, outcome["older"]))


# --------------------------------------------------------------------------- together


def _card(visit: Visit, number: int) -> Card:
    return cards.card(visit.tx, visit.desk.catalog, staff.find(visit.tx, str(number)))


def _shown(
    number: int, lines: list[Line], keys: list[list[Key]], back: Key | None = None, toast: Words | None = None
) -> Turn:
    back = back or Key(_("Back"), "person.card", number)
    return show(State("person", {"person": number}), Screen(lines, [*keys, [back]]), toast)


PERSON = Flow(
    "person",
    permit="administer",
    commands={"person": Menu(_command, permit="administer")},
    presses={
        "card": card,
        "projects": _projects,
        "figures": _figures,
        "timeline": _timeline,
        "returned": _returned,
        "money": _money,
        "notes": _notes,
        "unnote": _unnote,
        "answers": _answers,
    },
    said=_said,
    finished={"person_answers": _answered},
)
