"""Everybody, by what they are: a list in pages along an index, and how somebody is looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.admin.person import card
from handlers.flow import Flow, Visit, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks.personnel import contact, remarks
from tasks.reports import card as cards
from tasks.reports import roll as lists
from tasks.reports.roll import Among
from tasks.words import Local, Words, _

HOW = _("To look at somebody, write their number, or a word from the notes.")
_ON_A_PAGE = 8
_PEOPLE = Key(_("Decisions"), "people.home")
_FILTER = Key(_("Whom to show"), "roll.filters")
_NAMES: Mapping[str, Words] = {
    "all": _("Everybody"),
    "newest": _("The newest first"),
    "active": _("Here this week"),
    "silent": _("Silent for a month"),
    "doubt": _("People in doubt"),
    "paused": _("Paused people"),
    "suspended": _("Suspended people"),
    "unreachable": _("Cannot be reached"),
}
_MORE: Mapping[str, Words] = {
    "role": _("By role"),
    "gate": _("By gate"),
    "language": _("By language"),
    "project": _("By project"),
    "skill": _("By skill"),
}


def _page(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """``wanted``: by (which filter), value, after (where the page begins), trail (where those before it began)."""
    among = Among(wanted.get("by", "all"), wanted.get("value"))
    trail: list[Any] = list(wanted.get("trail", []))
    after = wanted.get("after") or among.start
    found, following = lists.page(visit.tx, among, after, _ON_A_PAGE, visit.now)
    lines = [Line(_name(visit, among), Style.STRONG)]
    lines.append(Line(HOW if found else _("Nobody just now."), Style.FAINT))
    keys = [[Key(_line(visit, person), "person.card", person.id)] for person in found]
    here = {"by": among.by, "value": among.value}
    turn: list[Key] = []
    if trail:
        turn.append(Key("‹", "roll.page", {**here, "after": trail[-1], "trail": trail[:-1]}))
    if following:
        further = {**here, "after": following, "trail": [*trail, after][-lists.MOST_TRAIL :]}
        turn.append(Key(_("Further people"), "roll.page", further))
    rows = [*keys, *([turn] if turn else []), [_FILTER], [_PEOPLE]]
    return show(State("roll"), Screen(lines, rows))


def _line(visit: Visit, person: lists.Listed) -> Words:
    language = visit.desk.languages.get(person.language, person.language)
    head = cards.head(person)
    return _("{head} · {language}", head=head, language=language) if language else head


def _name(visit: Visit, among: Among) -> Words:
    if among.by in _NAMES:
        return _NAMES[among.by]
    if among.by == "role":
        return cards.ROLES[str(among.value)]
    if among.by == "gate":
        return cards.GATES[int(among.value)]
    if among.by == "language":
        return visit.desk.languages.get(str(among.value), str(among.value))
    if among.by == "project":
        return cards.title(visit.tx, visit.desk.catalog, among.value)
    return str(among.value)


# --------------------------------------------------------------------------- whom to show


def _filters(_visit: Visit, _value: object = None) -> Turn:
    keys = [Key(words, "roll.page", {"by": name}) for name, words in _NAMES.items()]
    keys += [Key(words, "roll.by", {"by": name}) for name, words in _MORE.items()]
    rows = [keys[at : at + 2] for at in range(0, len(keys), 2)]
    return show(State("roll"), Screen([Line(_("Whom to show?"), Style.STRONG)], [*rows, [_PEOPLE]]))


def _by(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """The roles, gates, languages, projects or skills that there are."""
    by = str(wanted["by"])
    shown, more = _choices(visit, by, wanted)
    keys = [[Key(words, "roll.page", {"by": by, "value": value})] for value, words in shown]
    lines = [Line(_MORE[by], Style.STRONG)]
    if not shown:
        lines.append(Line(_("There are none yet.")))
    return show(State("roll"), Screen(lines, [*keys, *more, [Key(_("Back"), "roll.filters")]]))


def _choices(
    visit: Visit, by: str, wanted: Mapping[str, Any]
) -> tuple[Sequence[tuple[Any, Words]], Sequence[Sequence[Key]]]:
    if by == "role":
        return [(role, cards.ROLES[role]) for role in lists.ROLES], []
    if by == "gate":
        return list(enumerate(cards.GATES)), []
    if by == "project":
        every = sorted(visit.desk.catalog.all(visit.tx), key=lambda known: (known.state != "live", -known.id))
        page, some = page_of(every, wanted.get("page", 0), _ON_A_PAGE)
        turn = [
            [Key(key.words, "roll.by", {"by": by, "page": key.value}) for key in row]
            for row in pager("roll.by", page, len(every), _ON_A_PAGE)
        ]
        return [(known.id, Local(known.spec.title)) for known in some], turn
    words = lists.words(visit.tx, by, str(wanted.get("after", "")), _ON_A_PAGE + 1)
    named = [(word, visit.desk.languages.get(word, word)) for word in words[:_ON_A_PAGE]]
    further = [[Key(_("More"), "roll.by", {"by": by, "after": words[_ON_A_PAGE - 1]})]] if words[_ON_A_PAGE:] else []
    return named, further


# --------------------------------------------------------------------------- looking for somebody


def search(visit: Visit, text: str) -> Turn:
    """By number, by ``channel:id`` (which is on record), else by letters of the notes."""
    text = text.strip()
    if text.isdecimal() or (":" in text and " " not in text):
        return card(visit, contact.look_up(visit.tx, visit.charge, text, visit.now).id)
    found = remarks.mentioning(visit.tx, text)
    lines = [Line(_("Notes with “{word}”", word=text[:64]), Style.STRONG)]
    if not found:
        lines.append(Line(_("There is no such note. Write a number, or another word.")))
    keys = [[Key(_line(visit, person), "person.card", person.id)] for person in found]
    return show(State("roll"), Screen(lines, [*keys, [_FILTER], [_PEOPLE]]))


def _said(visit: Visit, said: Said) -> Turn:
    return search(visit, said.text)


ROLL = Flow("roll", permit="administer", presses={"page": _page, "filters": _filters, "by": _by}, said=_said)
