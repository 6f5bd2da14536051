"""Screens about time: what the clocks show where somebody is, and when they want to be left alone."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Screen, Style
from tasks.words import City, Join, Words, _
from tasks.zones import Quiet, choices, clock

ZONES_ON_A_PAGE = 8
_HOURS_IN_A_ROW = 6
_USUAL = (Quiet(22 * 60, 8 * 60), Quiet(23 * 60, 7 * 60))


def what_time(language: str, now: int, page: int, way_on: Key, *, shares: bool) -> Screen:
    """Which clock is theirs: the time there is easier to know than the name of a zone.

    ``shares`` says whether a place can be shared on their channel.
    """
    zones = choices(language, now)
    page, shown = page_of(zones, page, ZONES_ON_A_PAGE)
    keys = [Key(Join((clock(zone, now), City(zone)), " · "), "profile.zone", zone) for zone in shown]
    rows = [keys[at : at + 2] for at in range(0, len(keys), 2)]
    lines = [
        Line(_("What time is it where you are?"), Style.STRONG),
        Line(_("Then times are shown your way, and your nights can be quiet.")),
    ]
    if shares:
        lines.append(Line(_("Or share your location with 📎: only the time zone is kept, not the place."), Style.FAINT))
    return Screen(lines, [*rows, *pager("profile.clock", page, len(zones), ZONES_ON_A_PAGE), [way_on]])


def quiet_words(quiet: Quiet | None) -> Words:
    """The hours as people say them."""
    return f"{_time(quiet.start)} – {_time(quiet.end)}" if quiet else _("none")


def quiet_hours(quiet: Quiet | None) -> Screen:
    """When they want no messages of the bot's own accord."""
    lines = [
        Line(_("When shall I be quiet?"), Style.STRONG),
        Line(_("News and reminders wait until then. What you do yourself is answered at any time.")),
        Line(_("Quiet hours: {hours}", hours=quiet_words(quiet))),
    ]
    keys = [[Key(quiet_words(usual), "profile.hours", [usual.start, usual.end])] for usual in _USUAL]
    more = [
        [Key(_("Other hours"), "profile.start")],
        [Key(_("No quiet hours"), "profile.hours")],
        [Key(_("Back"), "profile.show")],
    ]
    return Screen(lines, [*keys, *more])


def start_hour() -> Screen:
    """The first of two: from when."""
    keys = _hours("profile.end", [hour * 60 for hour in range(24)])
    return Screen([Line(_("Quiet from when?"), Style.STRONG)], [*keys, [Key(_("Back"), "profile.quiet")]])


def end_hour(start: int) -> Screen:
    """The second: until when."""
    keys = _hours("profile.hours", [[start, hour * 60] for hour in range(24)])
    lines = [Line(_("Quiet from {time} until when?", time=_time(start)), Style.STRONG)]
    return Screen(lines, [*keys, [Key(_("Back"), "profile.start")]])


def _hours(to: str, values: Sequence[object]) -> list[list[Key]]:
    keys = [Key(_time(hour * 60), to, value) for hour, value in enumerate(values)]
    return [keys[at : at + _HOURS_IN_A_ROW] for at in range(0, len(keys), _HOURS_IN_A_ROW)]


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
