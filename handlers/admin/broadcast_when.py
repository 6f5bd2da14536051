"""When a broadcast goes out: at once, at an hour of each person's day, at a moment; and in waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.admin.broadcast_draft import changed, remember, shown
from handlers.flow import Visit, show
from handlers.talk import Key, Line, Screen, Style, Turn
from tasks.outreach import broadcast, hours, timing, told
from tasks.outreach.broadcast import Draft
from tasks.outreach.timing import Timing, WavesError
from tasks.words import Join, Words, _, _n

_HOURS = ("09:00", "12:00", "18:00")
_WAVES = ((100, 10), (500, 30), (1_000, 60))
_MOST_DIGITS = 7


def when(visit: Visit, number: int, toast: Words | None = None) -> Turn:
    """When it goes out as it stands, and the other ways."""
    stands = broadcast.standing(visit.tx, number)
    lines = [
        Line(_("When it goes out"), Style.HEAD),
        Line(told.timing(stands.draft.timing), Style.STRONG),
        Line(_("09:00 is theirs, wherever they are. Who is asleep gets it when their quiet hours are over, always.")),
    ]
    keys = [[Key(_("Now"), "broadcast.timed", [number, {}])]]
    keys += [[Key(time, "broadcast.hour", [number, time]) for time in _HOURS]]
    keys += [
        [Key(_("Another hour of theirs"), "broadcast.clock", [number, "hour"])],
        [Key(_("At a moment"), "broadcast.clock", [number, "moment"])],
        [Key(_("In waves"), "broadcast.waves", number)],
        [Key(_("Back"), "broadcast.open", number)],
    ]
    return show(remember(visit, stands, "when"), Screen(lines, keys), toast)


def timed(visit: Visit, value: Sequence[Any]) -> Turn:
    """At once, or otherwise as it says; waves stay."""
    number, fields = value
    return _set(visit, number, Timing(**fields))


def hour(visit: Visit, value: Sequence[Any]) -> Turn:
    """At that hour of each person's day."""
    number, written = value
    return _set(visit, number, hours.at_their_hour(written, visit.who.zone or "UTC", visit.now))


def clock(visit: Visit, value: Sequence[Any]) -> Turn:
    """Asks for a time."""
    number, what = value
    stands = broadcast.standing(visit.tx, number)
    asks = _("Write the hour of their day, such as 18:30.") if what == "hour" else _("Write the time, such as 18:30.")
    lines = [
        Line(asks, Style.STRONG),
        Line(_("With a day before it, such as 2026-12-24 18:30, on that day; else the next time it comes.")),
    ]
    if what == "moment":
        zone = visit.who.zone or "UTC"
        lines.append(Line(_("By your own clock ({zone}): the same moment for everybody.", zone=zone)))
    return show(remember(visit, stands, "clock", [what]), Screen(lines, [[Key(_("Back"), "broadcast.when", number)]]))


def write_clock(visit: Visit, number: int, what: str, said: str) -> Turn:
    """A time, as it was written."""
    read = hours.at_their_hour if what == "hour" else hours.at_moment
    return _set(visit, number, read(said, visit.who.zone or "UTC", visit.now))


def _set(visit: Visit, number: int, planned: Timing) -> Turn:
    def alter(draft: Draft) -> Draft:
        altered = replace(planned, wave=draft.timing.wave, every=draft.timing.every)
        timing.check(altered, visit.now)
        return replace(draft, timing=altered)

    return changed(visit, number, alter, lambda: shown(visit, number))


# --------------------------------------------------------------------------- waves


def waves(visit: Visit, number: int) -> Turn:
    """So many people at a time."""
    stands = broadcast.standing(visit.tx, number)
    rows = [[Key(_wave(n, every), "broadcast.waved", [number, n, every])] for n, every in _WAVES]
    lines = [
        Line(_("How many people at a time?"), Style.STRONG),
        Line(_("Or write two numbers: people, and minutes between two waves, such as 200 15.")),
    ]
    rows += [[Key(_("All together"), "broadcast.waved", [number, 0, 0])], [Key(_("Back"), "broadcast.when", number)]]
    return show(remember(visit, stands, "waves", ["waves"]), Screen(lines, rows))


def _wave(n: int, every: int) -> Words:
    return Join((_n("{n} person", "{n} people", n), _n("every {n} minute", "every {n} minutes", every)), " ")


def waved(visit: Visit, value: Sequence[Any]) -> Turn:
    """In waves of so many people, so many minutes apart; 0 and 0 for all together."""
    number, n, every = value

    def alter(draft: Draft) -> Draft:
        altered = replace(draft.timing, wave=n, every=every)
        timing.check(replace(altered, at=None, day="", minute=None), visit.now)
        return replace(draft, timing=altered)

    return changed(visit, number, alter, lambda: shown(visit, number))


def write_waves(visit: Visit, number: int, said: str) -> Turn:
    """Two numbers."""
    words = said.replace(",", " ").split()
    if len(words) != 2 or not all(one.isdecimal() and len(one) <= _MOST_DIGITS for one in words):  # noqa: PLR2004
        raise WavesError
    n, every = map(int, words)
    if not n or not every:
        raise WavesError
    return waved(visit, [number, n, every])
