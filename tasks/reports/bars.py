"""Pictures of labels, people and disputes: what there is, rather than when it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from tasks.reports.canvas import BLUE, GREY, INK, RED, YELLOW, Voice, canvas, folded, plain, short
from tasks.reports.course import CAUSES, ENDS, Course
from tasks.words import Share, Words, _

_MOST_BARS, _MOST_CELLS = 8, 6
_LABEL, _ROW = 14, 52
"""Characters of a label, pixels of a bar."""
_DARK = 0.55
_NAMED, _NAME = 1, 7
"""Workers that are named in the picture, and characters of their pseudonym."""
_ON_WHITE = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.0}
_SMALL, _BIG = 60.0, 900.0
"""Square points of a worker's mark."""


# --------------------------------------------------------------------------- labels


def mix(course: Course, voice: Voice, title: Words) -> bytes | None:
    """How frequent each label is among the items that are settled."""
    total = sum(one.tasks for one in course.mix)
    if not total:
        return None
    shown = course.mix[: _MOST_BARS - (len(course.mix) > _MOST_BARS)]
    rest = total - sum(one.tasks for one in shown)
    bars = [(voice.say(one.label.words), one.tasks) for one in shown]
    bars += [(voice.say(_("others")), rest)] if rest else []
    with canvas(voice, title, 120 + _ROW * max(3, len(bars))) as (axes, raw):
        drawn = axes.barh([folded(label, _LABEL) for label, _n in _apart(bars)], [n for _label, n in bars], color=BLUE)
        texts = [plain(f"{voice.value(Share(n / total))} ({voice.value(n)})") for _label, n in bars]
        axes.bar_label(drawn, texts, padding=6)
        _bars_only(axes, max(n for _label, n in bars), 1.45)
    return raw.getvalue()


def _apart(bars: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The same, with labels that look alike told apart: bars of one name would lie over each other."""
    seen: dict[str, int] = {}
    kept = []
    for label, n in bars:
        short_label = folded(label, _LABEL)
        seen[short_label] = seen.get(short_label, 0) + 1
        kept.append((label + "\u200b" * (seen[short_label] - 1), n))
    return kept


def _bars_only(axes: Axes, longest: float, room: float) -> None:
    axes.invert_yaxis()
    axes.set_xlim(0, longest * room)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)


def confusion(course: Course, voice: Voice, title: Words) -> bytes | None:
    """What was answered where which label is right; with many labels, what is mistaken most."""
    if not course.confusion:
        return None
    if len(course.labels) > _MOST_CELLS:
        return _mistaken(course, voice, title)
    table = np.array(course.confusion)
    shares = table / table.sum(axis=1, keepdims=True).clip(min=1)
    names = [folded(voice.say(label.words), _LABEL - 2 * max(0, len(course.labels) - 3)) for label in course.labels]
    with canvas(voice, title, 240 + 70 * len(names)) as (axes, raw):
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for right, row in enumerate(shares):
            for given, share in enumerate(row):
                said = plain(voice.value(Share(float(share))))
                axes.text(given, right, said, ha="center", va="center", color="white" if share > _DARK else INK)
        axes.set_xticks(range(len(names)), names)
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel(voice.say(_("what was answered")))
        axes.set_ylabel(voice.say(_("what is right")))
        axes.grid(visible=False)
        axes.tick_params(length=0)
    return raw.getvalue()


def _mistaken(course: Course, voice: Voice, title: Words) -> bytes | None:
    worst = course.mistaken[:_MOST_BARS]
    if not worst:
        return None
    said = [short(voice.say(label.words), _LABEL) for label in course.labels]
    names = [f"{said[right]} → {said[given]}" for right, given, _share in worst]
    with canvas(voice, title, 120 + _ROW * max(3, len(worst))) as (axes, raw):
        places = range(len(worst))
        drawn = axes.barh(places, [share for _right, _given, share in worst], color=RED, hatch="//", edgecolor="white")
        axes.bar_label(drawn, [plain(voice.value(Share(share))) for _r, _g, share in worst], padding=6)
        axes.set_yticks(places, names)
        _bars_only(axes, max(share for _right, _given, share in worst), 1.3)
    return raw.getvalue()


# --------------------------------------------------------------------------- people and disputes


def workers(course: Course, voice: Voice, title: Words) -> bytes | None:
    """A mark for each worker: how fast, how often right; the larger, the more answers."""
    if not course.workers:
        return None
    most = max(one.answers for one in course.workers)
    with canvas(voice, title, 520) as (axes, raw):
        axes.scatter(
            [max(one.seconds, 0.1) for one in course.workers],
            [one.right for one in course.workers],
            [_SMALL + (_BIG - _SMALL) * one.answers / most for one in course.workers],
            color=BLUE, alpha=0.45, edgecolor=INK, linewidth=1,
        )  # fmt: skip
        for one in sorted(course.workers, key=lambda one: one.high)[:_NAMED]:
            at = (max(one.seconds, 0.1), one.right)
            axes.annotate(one.name[:_NAME], at, (0, -24), textcoords="offset points", ha="center", bbox=_ON_WHITE)
        axes.set_xscale("log")
        low, high = min(one.seconds for one in course.workers), max(one.seconds for one in course.workers)
        axes.set_xlim(max(low, 0.1) / 1.6, max(high, 0.1) * 1.6)
        ticks = [tick for tick in (0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600) if low / 1.6 <= tick <= high * 1.6]
        axes.set_xticks(ticks, [voice.value(timedelta(seconds=tick)) for tick in ticks])
        axes.minorticks_off()
        axes.set_ylim(max(-0.05, min(one.right for one in course.workers) - 0.12), 1.06)
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(
            FuncFormatter(lambda share, _place: plain(voice.value(Share(share))) if 0 <= share <= 1 else "")
        )
        axes.set_xlabel(voice.say(_("time for an answer")))
        axes.set_ylabel(voice.say(_("how often right")))
    return raw.getvalue()


def disputes(course: Course, voice: Voice, title: Words) -> bytes | None:
    """Why there are disputes, and what became of them."""
    if not course.disputes:
        return None
    causes = list(dict.fromkeys(one.cause for one in course.disputes))
    counts = {(one.cause, one.end): one.cases for one in course.disputes}
    with canvas(voice, title, 210 + _ROW * max(2, len(causes))) as (axes, raw):
        begun, places = np.zeros(len(causes)), range(len(causes))
        for (end, name), colour, hatch in zip(
            ENDS.items(), (YELLOW, BLUE, RED, GREY), ("", "//", "xx", ".."), strict=True
        ):
            row = np.array([counts.get((cause, end), 0) for cause in causes])
            if row.sum():
                label = plain(f"{voice.say(name)} ({voice.value(int(row.sum()))})")
                axes.barh(places, row, left=begun, color=colour, hatch=hatch, edgecolor="white", label=label)
                begun += row
        for place, total in enumerate(begun):
            axes.text(total, place, plain(f" {voice.value(int(total))}"), va="center")
        names = [voice.say(CAUSES[cause]) if cause in CAUSES else cause for cause in causes]
        axes.set_yticks(places, [folded(name, _LABEL) for name in names])
        _bars_only(axes, float(begun.max()), 1.15)
        axes.legend(loc="upper left", bbox_to_anchor=(-0.3, 0), ncols=2, borderaxespad=0.2, columnspacing=1.0)
    return raw.getvalue()
