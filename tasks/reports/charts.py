"""Pictures of how a project has gone, drawn without a screen: from figures alone, in the reader's language.

Nothing is drawn of what there is nothing of.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from tasks.reports import bars
from tasks.reports.canvas import BLUE, GREEN, RED, Voice, canvas, plain
from tasks.reports.course import Course, Hour
from tasks.reports.forecast import HOUR_MS
from tasks.words import Money, Share, Words, _

_HOURS_SHOWN, _FEW_DAYS, _MOST_DAYS, _TICKS = 48, 2, 400, 4
_FAR, _MARGIN, _AT_THE_LEFT, _HIGH = 2.0, 0.03, 0.25, 0.6
"""How far ahead is looked for a deadline, in lengths of the past; parts of the width."""
_DAY_MS = 24 * HOUR_MS


class Picture(NamedTuple):
    """A picture: what it shows, and its file (PNG)."""

    title: Words
    png: bytes


def draw(course: Course, voice: Voice) -> list[Picture]:
    """All pictures there is something to show in, at most eight."""
    made = [(title, paint(course, voice, title)) for title, paint in PICTURES]
    return [Picture(title, png) for title, png in made if png]


# --------------------------------------------------------------------------- progress


def _progress(course: Course, voice: Voice, title: Words) -> bytes | None:
    """What is settled over time, where that leads, and when it is due."""
    settled = [hour for hour in course.hours if hour.settled]
    if not settled or not course.tasks:
        return None
    with canvas(voice, title) as (axes, raw):
        ends = [min((hour.hour + 1) * HOUR_MS, max(course.now, hour.hour * HOUR_MS)) for hour in settled]
        times = _places([settled[0].hour * HOUR_MS, *ends, max(course.now, ends[-1])])
        shares = (np.cumsum([0, *(hour.settled for hour in settled), 0]) / course.tasks).tolist()
        axes.plot(times, shares, color=BLUE, solid_capstyle="round")
        axes.fill_between(times, shares, color=BLUE, alpha=0.15, linewidth=0)
        said = plain(voice.value(Share(shares[-1])))
        _ahead(axes, course, voice, shares[-1])
        until = max(course.deadline or 0, course.forecast.high if course.forecast else 0) / _DAY_MS
        far = times[-1] + _FAR * (times[-1] - times[0]) + 1
        room = max(times[-1], min(until, far)) - times[0]
        axes.set_xlim(times[0] - _MARGIN * room, times[0] + (1 + _MARGIN) * room)
        left = times[-1] - times[0] < _AT_THE_LEFT * room
        place, side = ((6, 8), "left") if left else ((-6, 8), "right")
        axes.annotate(said, (times[-1], shares[-1]), place, textcoords="offset points", ha=side)
        axes.set_ylim(0, 1.14)
        axes.set_yticks([0, 0.5, 1], [plain(voice.value(Share(share))) for share in (0.0, 0.5, 1.0)])
        _dates(axes, voice)
    return raw.getvalue()


def _places(millis: Sequence[float]) -> list[float]:
    """Where moments are along the bottom: in days, for numbers of a common size."""
    return [moment / _DAY_MS for moment in millis]


def _ahead(axes: Axes, course: Course, voice: Voice, done: float) -> None:
    """The futures between the earliest and the latest, and the deadline."""
    if course.forecast:
        now, low, middle, high = _places([course.now, *course.forecast])
        axes.fill([now, low, high], [done, 1, 1], color=GREEN, alpha=0.25, linewidth=0, hatch="//")
        axes.plot([now, middle], [done, 1], color=GREEN, linestyle="--", label=voice.say(_("likely")))
    if course.deadline:
        due = voice.say(_("due {when}", when=voice.date(voice.at(course.deadline))))
        axes.axvline(course.deadline / _DAY_MS, color=RED, linestyle=":", label=plain(due))
    if course.forecast or course.deadline:
        axes.legend(loc="upper left" if done < _HIGH else "lower right")


def _dates(axes: Axes, voice: Voice) -> None:
    """A few midnights of the reader along the bottom; hours where it is less than two days."""
    low, high = (round(place * _DAY_MS) for place in axes.get_xlim())
    hours = high - low < _FEW_DAYS * _DAY_MS
    step = max(1, math.ceil((high - low) / HOUR_MS / _TICKS)) if hours else math.ceil((high - low) / _DAY_MS / _TICKS)
    first = voice.at(low).replace(minute=0, second=0, microsecond=0)
    first = first + timedelta(hours=1) if hours else first.replace(hour=0) + timedelta(days=1)
    steps = [first + (timedelta(hours=step) if hours else timedelta(days=step)) * n for n in range(_TICKS + 1)]
    moments = [moment for moment in steps if moment.timestamp() * 1000 <= high]
    said = [f"{moment:%H:%M}" if hours and moment.hour else voice.date(moment) for moment in moments]
    axes.set_xticks(_places([moment.timestamp() * 1000 for moment in moments]), [plain(one) for one in said])


# --------------------------------------------------------------------------- over time


def _answers(course: Course, voice: Voice, title: Words) -> bytes | None:
    """Bars of the last two days."""
    last = course.now // HOUR_MS
    by_hour = {hour.hour: hour.answers for hour in course.hours if hour.hour > last - _HOURS_SHOWN}
    if not sum(by_hour.values()):
        return None
    hours = list(range(last - _HOURS_SHOWN + 1, last + 1))
    with canvas(voice, title) as (axes, raw):
        axes.bar(hours, [by_hour.get(hour, 0) for hour in hours], color=BLUE, width=0.85)
        ticks = [hour for hour in hours if voice.at(hour * HOUR_MS).hour % 12 == 0]
        axes.set_xticks(ticks, [_clock(voice, hour) for hour in ticks])
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: voice.value(int(value))))
        axes.grid(visible=False, axis="x")
    return raw.getvalue()


def _clock(voice: Voice, hour: int) -> str:
    moment = voice.at(hour * HOUR_MS)
    return plain(f"{moment:%H:%M}" if moment.hour else f"{moment:%H:%M}\n{voice.date(moment)}")


class _Day(NamedTuple):
    """A day of the reader, at its noon, and its hours together."""

    at: int
    whole: Hour


def _days(course: Course, voice: Voice) -> list[_Day]:
    """The reader's days in which anything happened."""
    days: dict[object, _Day] = {}
    for hour in course.hours:
        moment = voice.at(hour.hour * HOUR_MS)
        noon = round(moment.replace(hour=12, minute=0).timestamp() * 1000)
        kept = days.get(moment.date(), _Day(noon, Hour(hour.hour)))
        sums = (one + other for one, other in zip(kept.whole[1:], hour[1:], strict=True))
        days[moment.date()] = _Day(noon, Hour(kept.whole.hour, *sums))  # type: ignore[arg-type]
    return list(days.values())[-_MOST_DAYS:]


def _quality(course: Course, voice: Voice, title: Words) -> bytes | None:
    """Agreement and hidden checks, a point a day."""
    days = _days(course, voice)
    agreed = [(day.at, day.whole.agreed / day.whole.judged) for day in days if day.whole.judged]
    gold = [(day.at, day.whole.gold_right / day.whole.gold_seen) for day in days if day.whole.gold_seen]
    if not agreed and not gold:
        return None
    with canvas(voice, title) as (axes, raw):
        for points, colour, mark, line, name in (
            (agreed, BLUE, "o", "-", _("as settled")),
            (gold, RED, "s", "--", _("known answers right")),
        ):
            if points:
                last = voice.value(Share(points[-1][1]))
                label = plain(f"{voice.say(name)} ({last})")
                times = _places([at for at, _share in points])
                axes.plot(
                    times, [share for _at, share in points], color=colour, marker=mark, linestyle=line, label=label
                )
        lowest = min(share for _at, share in [*agreed, *gold])
        axes.set_ylim(max(0.0, min(0.5, lowest - 0.1)), 1.02)
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _place: plain(voice.value(Share(share)))))
        axes.margins(x=0.08)
        _only_days(axes, voice, [day.at for day in days if day.whole.judged or day.whole.gold_seen])
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1, borderaxespad=0)
    return raw.getvalue()


def _only_days(axes: Axes, voice: Voice, noons: Sequence[int]) -> None:
    """At most four of the days, named."""
    some = [noons[round(place)] for place in np.linspace(0, len(noons) - 1, min(4, len(noons)))]
    axes.set_xticks(_places(some), [plain(voice.date(voice.at(at))) for at in some])


def _cost(course: Course, voice: Voice, title: Words) -> bytes | None:
    """What one settled item has cost, from the beginning up to each day."""
    days = _days(course, voice)
    spent, settled = (np.cumsum([getattr(day.whole, what) for day in days]) for what in ("spent", "settled"))
    points = [
        (day.at, cost / n) for day, cost, n in zip(days, spent.tolist(), settled.tolist(), strict=True) if n and cost
    ]
    if not points or not course.currency:
        return None
    with canvas(voice, title) as (axes, raw):
        times, costs = _places([at for at, _cost in points]), [cost for _at, cost in points]
        axes.plot(times, costs, color=BLUE, marker="o")
        last = plain(voice.value(Money(round(costs[-1]), course.currency)))
        axes.annotate(last, (times[-1], costs[-1]), (0, 12), textcoords="offset points", ha="right")
        axes.set_ylim(0, max(costs) * 1.25)
        axes.margins(x=0.08)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(
            FuncFormatter(lambda cost, _place: plain(voice.value(Money(round(cost), course.currency))))
        )
        _only_days(axes, voice, [at for at, _cost in points])
    return raw.getvalue()


# --------------------------------------------------------------------------- all of them

Paint = Callable[[Course, Voice, Words], bytes | None]
PICTURES: Sequence[tuple[Words, Paint]] = (
    (_("Settled, and when it is done"), _progress),
    (_("Answers in each hour"), _answers),
    (_("How far people agree"), _quality),
    (_("What items are settled with"), bars.mix),
    (_("What is taken for what"), bars.confusion),
    (_("Workers: how right, how fast"), bars.workers),
    (_("Disputes, by cause"), bars.disputes),
    (_("What one settled item costs"), _cost),
)
