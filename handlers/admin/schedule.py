"""``/schedule``: all that is done by itself, when next and how it went; pause, go on, do it now, another time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks.outreach import broadcast
from tasks.schedules import pattern, table
from tasks.schedules.table import Row
from tasks.schedules.words import TIMES, called, lines, often, says, upcoming, went
from tasks.schedules.work import ADDED, work_of
from tasks.words import City, Join, Words, _

_ON_A_PAGE = 6
_MOST_DRAFTS, _BEGINNING = 6, 32
_HOURS = ("06:00", "07:00", "08:00", "09:00", "10:00", "12:00", "18:00", "21:00")
_SLOWER = (1, 2, 4)
_ALL = Key(_("All schedules"), "schedule.list", 0)


# --------------------------------------------------------------------------- seeing


def _open(visit: Visit, argument: str) -> Turn:
    return _card(visit, argument.strip()) if argument.strip() else _list(visit, 0)


def _list(visit: Visit, page: int | None, toast: Words | None = None) -> Turn:
    table.make_missing(visit.tx, visit.now)
    every = table.every(visit.tx)
    page, shown = page_of(every, page or 0, _ON_A_PAGE)
    said = [Line(_("What is done by itself"), Style.STRONG)]
    said += [Line(_line(row)) for row in shown]
    keys = [
        [Key(called(row), "schedule.card", row.name) for row in shown[at : at + 2]] for at in range(0, len(shown), 2)
    ]
    keys += [list(row) for row in pager("schedule.list", page, len(every), _ON_A_PAGE)]
    keys += [[Key(_("A broadcast again and again"), "schedule.new")], [Key(_("Look again"), "schedule.list", page)]]
    return show(State("schedule"), Screen(said, keys), toast)


def _line(row: Row) -> Words:
    return Join((Join((called(row), says(row)), " – "), Join((often(row), upcoming(row), went(row)), " · ")), "\n")


def _card(visit: Visit, name: str, toast: Words | None = None) -> Turn:
    table.make_missing(visit.tx, visit.now)
    row = table.one(visit.tx, name)
    said = [Line(called(row), Style.STRONG), *(Line(words) for words in lines(row))]
    return show(State("schedule", {"name": name}), Screen(said, _keys(row)), toast)


def _keys(row: Row) -> Sequence[Sequence[Key]]:
    first = (
        Key(_("Go on"), "schedule.resume", row.name) if row.paused else Key(_("Do it now"), "schedule.run", row.name)
    )
    second = (
        Key(_("Do it now"), "schedule.run", row.name) if row.paused else Key(_("Pause"), "schedule.pausing", row.name)
    )
    keys = [[first, second], [Key(_("Another time"), "schedule.times", row.name)]]
    if row.what in ADDED:
        keys.append([Key(_("Take it away"), "schedule.removing", row.name)])
    return [*keys, [_ALL, Key(_("Look again"), "schedule.card", row.name)]]


# --------------------------------------------------------------------------- doing


def _resume(visit: Visit, name: str) -> Turn:
    table.resume(visit.tx, visit.actor, name, visit.now)
    return _card(visit, name, _("It is done again from now on."))


def _run(visit: Visit, name: str) -> Turn:
    table.run_now(visit.tx, visit.actor, name, visit.now)
    return _card(visit, name, _("It is done within seconds: look again then."))


def _pausing(visit: Visit, name: str) -> Turn:
    row = table.one(visit.tx, name)
    work = work_of(row.what)
    said = [Line(_("Pause “{name}”?", name=called(row)), Style.STRONG)]
    said += [Line(work.stops)] if work and work.stops else []
    keys = [[Key(_("Back"), "schedule.card", name), Key(_("Pause it"), "schedule.pause", name)]]
    return show(State("schedule", {"name": name}), Screen(said, keys))


def _pause(visit: Visit, name: str) -> Turn:
    table.pause(visit.tx, visit.actor, name, visit.now)
    return _card(visit, name, _("It is paused."))


def _removing(visit: Visit, name: str) -> Turn:
    row = table.one(visit.tx, name)
    said = [
        Line(_("Take “{name}” away?", name=called(row)), Style.STRONG),
        Line(_("Nothing more is sent by it; its draft and what it has sent stay.")),
    ]
    keys = [[Key(_("Back"), "schedule.card", name), Key(_("Take it away"), "schedule.remove", name)]]
    return show(State("schedule", {"name": name}), Screen(said, keys))


def _remove(visit: Visit, name: str) -> Turn:
    table.remove(visit.tx, visit.actor, name, visit.now)
    return _list(visit, 0, _("It is taken away."))


# --------------------------------------------------------------------------- another time


def _times(visit: Visit, name: str) -> Turn:
    row = table.one(visit.tx, name)
    back = [Key(_("Back"), "schedule.card", name)]
    if "at" in json.loads(row.arguments):
        keys = _rows([Key(at, "schedule.at", [name, at]) for at in _HOURS], 4)
        said = _("At which time of their own day are people told?")
        return show(State("schedule", {"name": name}), Screen([Line(said, Style.STRONG)], [*keys, back]))
    work = work_of(row.what)
    if row.every_ms and work:
        every = [timedelta(milliseconds=work.every_ms * n) for n in _SLOWER]
        keys = [[Key(_("every {time}", time=one), "schedule.every", [name, round(one / _MS)]) for one in every]]
        said = _("How often?")
        return show(State("schedule", {"name": name}), Screen([Line(said, Style.STRONG)], [*keys, back]))
    keys = [[Key(words, "schedule.cron", [name, cron])] for cron, words in TIMES.items()]
    return show(State("schedule", {"retimes": name}), Screen(_written(visit), [*keys, back]))


_MS = timedelta(milliseconds=1)


def _written(visit: Visit) -> Sequence[Line]:
    """How times are written, and whose clock counts."""
    return [
        Line(_("When, by the clock of {city}?", city=City(_zone(visit))), Style.STRONG),
        Line(
            _("Or write five fields of cron: minute, hour, day, month, weekday. “30 8 * * 1-5” is 08:30 on weekdays."),
            Style.FAINT,
        ),
    ]


def _zone(visit: Visit) -> str:
    return visit.who.zone or "UTC"


def _at(visit: Visit, wanted: Sequence[str]) -> Turn:
    name, at = wanted
    table.change_at(visit.tx, visit.actor, name, at, visit.now)
    return _card(visit, name, _("The time is changed."))


def _every(visit: Visit, wanted: Sequence[Any]) -> Turn:
    name, every = wanted
    table.change_every(visit.tx, visit.actor, name, int(every), visit.now)
    return _card(visit, name, _("The time is changed."))


def _cron(visit: Visit, wanted: Sequence[str]) -> Turn:
    name, cron = wanted
    table.change_cron(visit.tx, visit.actor, name, cron, _zone(visit), visit.now)
    return _card(visit, name, _("The time is changed."))


def _said(visit: Visit, said: Said) -> Turn:
    """A line of cron, where one was asked for."""
    if "retimes" in visit.memory:
        return _cron(visit, [visit.memory["retimes"], said.text])
    if "draft" in visit.memory:
        return _make(visit, [visit.memory["draft"], said.text])
    return again(_("Please tap one of the keys below the message."))


# --------------------------------------------------------------------------- a broadcast again and again


def _new(visit: Visit, _value: object) -> Turn:
    drafts = [one for one in broadcast.listed(visit.tx, most=100) if one.state == "draft"][:_MOST_DRAFTS]
    keys = [[Key(_draft(visit, one), "schedule.when", one.number)] for one in drafts]
    said = [
        Line(_("Which draft is the pattern?"), Style.STRONG),
        Line(_("Each time a new broadcast is made like it and sent. Whoever is meant is chosen anew.")),
    ]
    if not drafts:
        said = [Line(_("Write a broadcast first, under /broadcast, and leave it a draft: it is the pattern."))]
        keys = [[Key(_("New broadcast"), "broadcast.new")]]
    return show(State("schedule"), Screen(said, [*keys, [_ALL]]))


def _draft(visit: Visit, one: broadcast.Standing) -> Words:
    """Its number, and how it begins in the reader's language or in another."""
    texts = one.draft.content.variants[0]
    text = texts.get(visit.who.language) or next(iter(texts.values()), "")
    beginning = " ".join(text.split())
    short = beginning if len(beginning) <= _BEGINNING else f"{beginning[:_BEGINNING]}…"
    return Join((str(one.number), short), ": ")


def _when(visit: Visit, number: int) -> Turn:
    pattern.pattern(visit.tx, number)
    keys = [[Key(words, "schedule.make", [number, cron])] for cron, words in TIMES.items()]
    return show(State("schedule", {"draft": number}), Screen(_written(visit), [*keys, [_ALL]]))


def _make(visit: Visit, wanted: Sequence[Any]) -> Turn:
    number, cron = wanted
    name = pattern.free_name(visit.tx, int(number))
    pattern.add(visit.tx, visit.actor, name, cron, _zone(visit), int(number), visit.now)
    return _card(visit, name, _("It is sent by itself from now on."))


def _rows(keys: Sequence[Key], many: int) -> Sequence[Sequence[Key]]:
    return [keys[at : at + many] for at in range(0, len(keys), many)]


SCHEDULE = Flow(
    "schedule",
    permit="administer",
    commands={"schedule": Menu(_open, _("What is done by itself"), permit="administer")},
    presses={
        "list": _list,
        "card": _card,
        "resume": _resume,
        "run": _run,
        "pausing": _pausing,
        "pause": _pause,
        "removing": _removing,
        "remove": _remove,
        "times": _times,
        "at": _at,
        "every": _every,
        "cron": _cron,
        "new": _new,
        "when": _when,
        "make": _make,
    },
    said=_said,
)
