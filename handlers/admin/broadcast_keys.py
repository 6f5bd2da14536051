"""Where a broadcast leads: the keys below it, the project that its first one opens, for how many people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.admin.broadcast_draft import changed, remember, shown
from handlers.admin.broadcast_edit import edit
from handlers.flow import Visit, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Screen, Style, Turn
from tasks.outreach import broadcast, content, told
from tasks.outreach.broadcast import Draft, PlacesError
from tasks.outreach.content import ContentKey, KeyTargetError
from tasks.words import Local, Words, _, _n

_ON_A_PAGE = 6
_PLACES = (10, 50, 200)
_MOST_DIGITS = 7
_TASKS = _("Open the projects")


# --------------------------------------------------------------------------- keys


def keys(visit: Visit, number: int) -> Turn:
    """The keys below the message."""
    stands = broadcast.standing(visit.tx, number)
    have, about = stands.draft.content.keys, stands.draft.project
    lines = [Line(_("Keys below the message"), Style.STRONG)]
    if about is not None:
        lines.append(Line(_("The first one opens “{title}”.", title=told.title(visit.tx, visit.desk.catalog, about))))
    lines += [Line(_key_line(visit, one)) for one in have]
    if len(lines) == 1:
        lines.append(Line(_("There are none.")))
    lines.append(Line(_("For a link, write its words and its address: Read more https://example.org"), Style.FAINT))
    rows = [
        [Key(_("Without “{key}”", key=Local(one.text)), "broadcast.unkey", [number, at])] for at, one in enumerate(have)
    ]
    if len(have) < content.MOST_KEYS and "tasks" not in {one.to for one in have}:
        rows = [[Key(_("A key to the open projects"), "broadcast.key", number)], *rows]
    return show(remember(visit, stands, "keys", ["key"]), Screen(lines, [*rows, [_back(number)]]))


def _back(number: int) -> Key:
    return Key(_("Back"), "broadcast.edit", number)


def _key_line(visit: Visit, one: ContentKey) -> Words:
    to: Words = str(one.value)
    if one.to == "project":
        to = told.title(visit.tx, visit.desk.catalog, int(one.value or 0))
    elif one.to == "tasks":
        to = _("the open projects")
    return _("“{key}” leads to {to}", key=Local(one.text), to=to)


def key(visit: Visit, number: int) -> Turn:
    """A key to the open projects, in words of ours, in all our languages."""
    one = ContentKey({code: visit.desk.say(_TASKS, code) for code in visit.desk.languages}, "tasks")
    return changed(visit, number, lambda draft: _with_key(visit, draft, one), lambda: shown(visit, number, looks=True))


def write_key(visit: Visit, number: int, said: str) -> Turn:
    """A link: its words, then its address."""
    words, _space, address = said.strip().rpartition(" ")
    if not words.strip():
        raise KeyTargetError(to=address[:64])
    one = ContentKey({"": words.strip()}, "url", address)
    return changed(visit, number, lambda draft: _with_key(visit, draft, one), lambda: shown(visit, number, looks=True))


def _with_key(visit: Visit, draft: Draft, one: ContentKey) -> Draft:
    checked = replace(draft.content, keys=(*draft.content.keys, one))
    content.check(checked, list(visit.desk.languages), places=draft.places is not None)
    return replace(draft, content=checked)


def unkey(visit: Visit, value: Sequence[Any]) -> Turn:
    """One key less."""
    number, index = value

    def alter(draft: Draft) -> Draft:
        rest = tuple(one for at, one in enumerate(draft.content.keys) if at != index)
        return replace(draft, content=replace(draft.content, keys=rest))

    return changed(visit, number, alter, lambda: shown(visit, number, looks=True))


# --------------------------------------------------------------------------- its project, its places


def project(visit: Visit, value: Sequence[Any]) -> Turn:
    """Which project it is about."""
    number, page = value
    stands = broadcast.standing(visit.tx, number)
    live = visit.desk.catalog.live(visit.tx)
    page, some = page_of(live, page, _ON_A_PAGE)
    rows = [[Key(Local(known.spec.title), "broadcast.about", [number, known.id])] for known in some]
    turning = [[Key(one.words, one.to, [number, one.value]) for one in row]
               for row in pager("broadcast.project", page, len(live), _ON_A_PAGE)]  # fmt: skip
    rows += turning
    if stands.draft.project is not None:
        rows.append([Key(_("No project"), "broadcast.about", [number, None])])
    lines = [
        Line(_("Which project is it about?"), Style.STRONG),
        Line(_("The first key of the message opens it.") if live else _("No project is running just now.")),
    ]
    return show(remember(visit, stands, "project"), Screen(lines, [*rows, [_back(number)]]))


def about(visit: Visit, value: Sequence[Any]) -> Turn:
    """It is about this project, or about none."""
    number, chosen = value

    def alter(draft: Draft) -> Draft:
        return replace(draft, project=chosen, places=None if chosen is None else draft.places)

    return changed(visit, number, alter, lambda: shown(visit, number, looks=True))


def places(visit: Visit, number: int) -> Turn:
    """For how many people."""
    stands = broadcast.standing(visit.tx, number)
    if stands.draft.project is None:
        return edit(visit, number, _("Choose a project first: a place is one in a project."))
    offers = [Key(_n("{n} place", "{n} places", n), "broadcast.placed", [number, n]) for n in _PLACES]
    lines = [
        Line(_("How many places are there?"), Style.STRONG),
        Line(_("The message says how many places are left; whoever taps its first key takes one.")),
        Line(_("Or write a number."), Style.FAINT),
    ]
    rows = [offers, [Key(_("Any number"), "broadcast.placed", [number, None])], [_back(number)]]
    return show(remember(visit, stands, "places", ["places"]), Screen(lines, rows))


def placed(visit: Visit, value: Sequence[Any]) -> Turn:
    """It is for so many people."""
    number, n = value

    def alter(draft: Draft) -> Draft:
        altered = replace(draft, places=n)
        content.check(draft.content, list(visit.desk.languages), places=n is not None)
        return altered

    return changed(visit, number, alter, lambda: shown(visit, number, looks=True))


def write_places(visit: Visit, number: int, said: str) -> Turn:
    """A number of places."""
    digits = said.strip()
    if not digits.isdecimal() or len(digits) > _MOST_DIGITS or not 0 < int(digits) <= broadcast.MOST_PLACES:
        raise PlacesError
    return placed(visit, [number, int(digits)])
