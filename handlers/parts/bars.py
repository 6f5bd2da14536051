"""A small chart of days: one line of bars, and in words what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.calendar import weekday
from tasks.words import Words, _

_BARS = "▁▂▃▅▇"
_WEEK = 7
_DAYS: Sequence[Words] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


def bars(counts: Sequence[int]) -> str:
    """A bar for each count, by the largest; the lowest is for none."""
    most = max(counts, default=0)
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most) if most else 0] for count in counts)


def most_of(counts: Sequence[int], today: int) -> Words:
    """The day with the most, said in words; ``today`` is the last of them, in days since 1970."""
    most = max(counts)
    ago = next(ago for ago, count in enumerate(reversed(counts)) if count == most)
    return _("Most {when}: {n}", when=_when(ago, today), n=most)


def _when(ago: int, today: int) -> Words:
    if ago == 0:
        return _("today")
    if ago == 1:
        return _("yesterday")
    day = _DAYS[weekday(today - ago)]
    return _("on {day}", day=day) if ago < _WEEK else _("on {day}, a week ago", day=day)
