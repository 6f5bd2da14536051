"""Whom a broadcast is for: by what people are and did, or by a list; how many that is, and some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from handlers.admin.broadcast_draft import audience_mark, changed, count, counted, reach, remember
from handlers.flow import Visit, again, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Screen, Sent, Show, Start, Style, Toast, Turn
from tasks.outreach import broadcast, told
from tasks.outreach.audience import Audience
from tasks.outreach.broadcast import Draft
from tasks.outreach.filed import of_project
from tasks.profile import LANGUAGES
from tasks.reports.card import GATES, ROLES
from tasks.words import Join, Local, Share, Words, _, _n

_ON_A_PAGE = 8
_DAYS_ACTIVE, _DAYS_SILENT = (1, 7, 30), (7, 30, 90)
_ANSWERS, _RIGHT = (1, 10, 100), (0.8, 0.9, 0.95)
_MOST_UNKNOWN = 3


def who(visit: Visit, number: int, toast: Words | None = None) -> Turn:
    """Whom it is for now, and the ways to narrow it."""
    stands = broadcast.standing(visit.tx, number)
    wanted, found = stands.draft.audience, counted(visit, stands.draft)
    lines = [Line(_("Who gets it"), Style.HEAD), Line(reach(found), Style.STRONG)]
    lines += map(Line, told.audience(visit.tx, visit.desk.catalog, wanted))
    lines += map(Line, _left_out(visit.memory.get("unknown", {}), stands.draft))
    if found and not found["total"]:
        lines.append(Line(_("Loosen one of these.")))
    if found and found["sample"]:
        some = Join([_("No. {number}", number=one) for one in found["sample"]], ", ")
        lines.append(Line(_("Such as: {people}", people=some), Style.FAINT))

    def way(words: Words, what: str) -> Key:
        return Key(words, "broadcast.pick", [number, what, 0])

    rows = [
        [Key(_("That is right"), "broadcast.open", number)],
        [way(_("Gate"), "gate"), way(_("Role"), "role"), way(_("Skill"), "skill")],
        [way(_("Language"), "language"), way(_("When last here"), "here")],
        [way(_("Past work"), "history"), way(_("A list"), "list")],
        [way(_("As a project asks for"), "asks")],
        *([[Key(_("Everybody"), "broadcast.narrow", [number, None, ""])]] if wanted != Audience() else []),
    ]
    turn = show(remember(visit, stands, "who"), Screen(lines, rows), toast)
    return replace(turn, actions=[*turn.actions, *count(visit, stands)])


def pick(visit: Visit, value: Sequence[Any]) -> Turn:
    """One way to narrow it."""
    number, what, page = value
    return _WAYS[what](visit, number, page)


def narrow(visit: Visit, value: Sequence[Any]) -> Turn:
    """Narrow it by some fields of ``Audience``, None for everybody; then show ``back``, a way, or all of them."""
    number, fields, back = value

    def alter(draft: Draft) -> Draft:
        if fields is None:
            return replace(draft, audience=Audience())
        plain: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in fields.items()}
        return replace(draft, audience=replace(draft.audience, **plain))

    then: Callable[[], Turn] = lambda: _WAYS[back](visit, number, 0) if back else who(visit, number)  # noqa: E731 - a word
    return changed(visit, number, alter, then)


# --------------------------------------------------------------------------- what people are


def _options(visit: Visit, number: int, asks: Words, options: Sequence[tuple[Words, Mapping[str, Any]]]) -> Turn:
    """A key for each value; the one that is set has a mark."""
    stands = broadcast.standing(visit.tx, number)
    rows = [
        [Key(_marked(words, all(_same(stands.draft.audience, n, v) for n, v in fields.items())),
             "broadcast.narrow", [number, dict(fields), ""])]
        for words, fields in options
    ]  # fmt: skip
    return show(remember(visit, stands, "pick"), Screen([Line(asks, Style.STRONG)], [*rows, [_back(number)]]))


def _same(wanted: Audience, name: str, value: Any) -> bool:
    return bool(getattr(wanted, name) == (tuple(value) if isinstance(value, list) else value))


def _marked(words: Words, marked: bool) -> Words:  # noqa: FBT001 - it is what the mark says
    return Join(("✓ ", words)) if marked else words


def _back(number: int) -> Key:
    return Key(_("Back"), "broadcast.who", number)


def _gate(visit: Visit, number: int, _page: int) -> Turn:
    options: list[tuple[Words, Mapping[str, Any]]] = [(_("Any"), {"gate": 0})]
    options += [(GATES[gate], {"gate": gate}) for gate in range(1, len(GATES))]
    return _options(visit, number, _("How far must they have come, at least?"), options)


def _role(visit: Visit, number: int, _page: int) -> Turn:
    options: list[tuple[Words, Mapping[str, Any]]] = [(_("Any"), {"role": ""})]
    options += [(ROLES[role], {"role": role}) for role in ("worker", "reviewer", "admin")]
    return _options(visit, number, _("Of which role?"), options)


def _here(visit: Visit, number: int, _page: int) -> Turn:
    none = {"active_days": None, "silent_days": None}
    options: list[tuple[Words, Mapping[str, Any]]] = [(_("Any time"), none)]
    options += [(_("Within {span}", span=timedelta(days=n)), {**none, "active_days": n}) for n in _DAYS_ACTIVE]
    options += [(_("Not for {span}", span=timedelta(days=n)), {**none, "silent_days": n}) for n in _DAYS_SILENT]
    return _options(visit, number, _("When were they last here?"), options)


def _toggles(
    visit: Visit, number: int, what: str, page: int, asks: Words, every: Sequence[tuple[str, Words]], name: str
) -> Turn:
    """One of several values is enough: each is switched on and off."""
    stands = broadcast.standing(visit.tx, number)
    chosen = list(getattr(stands.draft.audience, name))
    page, some = page_of(every, page, _ON_A_PAGE)
    rows = []
    for value, words in some:
        then = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
        mark = "☑ " if value in chosen else "☐ "
        rows.append([Key(Join((mark, words)), "broadcast.narrow", [number, {name: then}, what])])
    turning = [[Key(one.words, one.to, [number, what, one.value]) for one in row]
               for row in pager("broadcast.pick", page, len(every), _ON_A_PAGE)]  # fmt: skip
    lines = [Line(asks, Style.STRONG), Line(_("One of these is enough."))]
    if not every:
        lines = [Line(asks, Style.STRONG), Line(_("There is nothing to choose from yet."))]
    done = [Key(_("Done"), "broadcast.who", number)]
    return show(remember(visit, stands, "pick"), Screen(lines, [*rows, *turning, done]))


def _skill(visit: Visit, number: int, page: int) -> Turn:
    every: dict[str, Words] = {}
    for known in visit.desk.catalog.all(visit.tx):
        if known.spec.qualification.quiz:
            every.setdefault(known.spec.skill, Local(known.spec.title))
        every |= {skill: skill for skill in known.spec.audience.skills if skill not in every}
    return _toggles(visit, number, "skill", page, _("What must they have passed?"), list(every.items()), "skills")


def _language(visit: Visit, number: int, page: int) -> Turn:
    ours = {**visit.desk.languages, **LANGUAGES}
    asks = _("Which languages do they read?")
    return _toggles(visit, number, "language", page, asks, list(ours.items()), "languages")


# --------------------------------------------------------------------------- what they did


def _projects(visit: Visit, number: int, page: int, what: str, asks: Words) -> Turn:
    stands = broadcast.standing(visit.tx, number)
    every = sorted(visit.desk.catalog.all(visit.tx), key=lambda known: -known.id)
    page, some = page_of(every, page, _ON_A_PAGE)
    rows = [[Key(Local(known.spec.title), f"broadcast.{what}", [number, known.id])] for known in some]
    turning = [[Key(one.words, one.to, [number, what, one.value]) for one in row]
               for row in pager("broadcast.pick", page, len(every), _ON_A_PAGE)]  # fmt: skip
    lines = [Line(asks, Style.STRONG)]
    return show(remember(visit, stands, "pick"), Screen(lines, [*rows, *turning, [_back(number)]]))


def _history(visit: Visit, number: int, page: int) -> Turn:
    return _projects(visit, number, page, "history", _("Work in which project?"))


def _asks(visit: Visit, number: int, page: int) -> Turn:
    return _projects(visit, number, page, "asks", _("Whom which project asks for?"))


def history(visit: Visit, value: Sequence[Any]) -> Turn:
    """How somebody has worked in one project."""
    number, project = value
    none = {"worked": None, "answers": 1, "never": None, "measured": None, "right": 0.0}
    title = told.title(visit.tx, visit.desk.catalog, project)
    options: list[tuple[Words, Mapping[str, Any]]] = [(_("Any"), none)]
    options += [
        (_n("{n} answer or more", "{n} answers or more", n), {**none, "worked": project, "answers": n})
        for n in _ANSWERS
    ]
    options.append((_("Never worked there"), {**none, "never": project}))
    options += [
        (_("{share} of hidden checks right", share=Share(share)), {**none, "measured": project, "right": share})
        for share in _RIGHT
    ]
    return _options(visit, number, title, options)


def asks(visit: Visit, value: Sequence[Any]) -> Turn:
    """Those whom a project is for, by its own file."""
    number, project = value
    known = visit.desk.catalog.get(visit.tx, project)

    def alter(draft: Draft) -> Draft:
        return replace(draft, audience=of_project(known))

    return changed(visit, number, alter, lambda: who(visit, number))


# --------------------------------------------------------------------------- a list


def _list(visit: Visit, number: int, _page: int) -> Turn:
    stands = broadcast.standing(visit.tx, number)
    lines = [
        Line(_("Write the numbers of people, or send them as a file."), Style.STRONG),
        Line(_("One a line, or the first column of a .csv file: 12, or telegram:1001.")),
    ]
    rows = [[_back(number)]]
    if stands.draft.audience.people:
        rows.insert(0, [Key(_("Without a list"), "broadcast.narrow", [number, {"people": []}, ""])])
    return show(remember(visit, stands, "list", ["list"]), Screen(lines, rows))


def write_list(visit: Visit, number: int, said: str) -> Turn:
    """It is read outside of the turn."""
    return _reading(visit, number, {"text": said})


def take_list(visit: Visit, number: int, sent: Sent) -> Turn:
    """The same, of a file."""
    if sent.too_big or not sent.path:
        return again(_("Send a smaller file, or use the shell: this one is too big for a chat."))
    return _reading(visit, number, {"path": sent.path, "name": sent.name})


def _reading(visit: Visit, number: int, arguments: Mapping[str, Any]) -> Turn:
    stands = broadcast.standing(visit.tx, number)
    screen = Screen([Line(_("Reading the list …"))], [[_back(number)]])
    start = Start("broadcast_people", {**arguments, "number": number})
    return Turn(remember(visit, stands, "list", ["list"]), [Show(screen), start])


def have_list(visit: Visit, number: int, outcome: Mapping[str, Any]) -> Turn:
    """The people of a list, as far as they are known."""
    people, unknown = outcome["people"], outcome["unknown"]

    def alter(draft: Draft) -> Draft:
        return replace(draft, audience=replace(draft.audience, people=tuple(people)))

    if not people:
        turn = _list(visit, number, 0)
        return replace(turn, actions=[Toast(_("Nobody on this list is known here.")), *turn.actions])
    left = {"n": len(unknown), "some": unknown[:_MOST_UNKNOWN]}

    def then() -> Turn:
        visit.memory = {
            **visit.memory,
            "unknown": {**left, "of": audience_mark(broadcast.standing(visit.tx, number).draft)},
        }
        return who(visit, number)

    return changed(visit, number, alter, then)


def _left_out(unknown: Mapping[str, Any], draft: Draft) -> Sequence[Words]:
    """Who of a list is not known."""
    if not unknown.get("n") or unknown["of"] != audience_mark(draft):
        return []
    return [told.left_out(unknown["some"], unknown["n"])]


_WAYS: Mapping[str, Callable[[Visit, int, int], Turn]] = MappingProxyType(
    {
        "gate": _gate,
        "role": _role,
        "skill": _skill,
        "language": _language,
        "here": _here,
        "history": _history,
        "asks": _asks,
        "list": _list,
    }
)
