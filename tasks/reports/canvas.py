"""What all pictures for a chat share: size, letters that a phone shows, colours for every eye, the reader's words."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any
from unicodedata import east_asian_width

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from tasks.fonts import lettering
from tasks.words import Text, Value, Words

WIDE = 720
"""Pixels; on a phone of 360 they are halved, so that nothing is set smaller than 22."""
_DPI = 100
_WIDE_PAD, _HIGH_PAD = 0.12, 0.08
"""Inches around a picture."""
BLUE, RED, GREEN, YELLOW, GREY, INK = "#4477aa", "#cc6677", "#228833", "#ddcc77", "#bbbbbb", "#222222"
"""Told apart by all kinds of sight (after Tol 2021), and never by colour alone: marks and hatching differ as well."""
_STYLE: Mapping[str, Any] = MappingProxyType(
    {
        "font.size": 16,
        "axes.edgecolor": "#888888",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e4e4e4",
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.frameon": False,
        "legend.fontsize": 16,
        "lines.linewidth": 3,
        "lines.markersize": 9,
        "hatch.linewidth": 1.5,
        "figure.facecolor": "white",
    }
)


@dataclass(frozen=True, slots=True)
class Voice:
    """How the reader is spoken to. ``say`` puts words into their language, ``date`` writes a day."""

    say: Callable[[Words], str]
    date: Callable[[datetime], str]
    zone: tzinfo

    def value(self, value: Value) -> str:
        """A number, a share, an amount as the language writes it."""
        return self.say(Text("{value}", {"value": value}))

    def at(self, millis: int) -> datetime:
        """A moment on the reader's clock."""
        return datetime.fromtimestamp(millis / 1000, self.zone)


@contextmanager
def canvas(voice: Voice, title: Words, height: int = 460) -> Iterator[tuple[Axes, io.BytesIO]]:
    """Axes to draw on; afterwards the picture (PNG) is in the file. No thread may draw beside this one."""
    raw = io.BytesIO()
    with lettering(_STYLE):
        figure = Figure(
            figsize=(WIDE / _DPI, height / _DPI),
            dpi=_DPI,
            layout=ConstrainedLayoutEngine(w_pad=_WIDE_PAD, h_pad=_HIGH_PAD),
        )
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        figure.suptitle(plain(voice.say(title)), x=0.02, ha="left", fontsize=20)
        yield axes, raw
        figure.savefig(raw, format="png", metadata={"Software": None})


def plain(text: str) -> str:
    """Words as they stand: a dollar begins no formula."""
    return text.replace("$", r"\$")


def short(text: str, most: int) -> str:
    """As much of a label as there is room for, in Latin letters; one of Hangul takes the room of two."""
    return plain(_cut(" ".join(text.split()), most))


def folded(text: str, wide: int, lines: int = 2) -> str:
    """A label over several lines, each at most so wide."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if _room(longer) <= wide or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    kept = found[:lines]
    if len(found) > lines:
        kept[-1] += " …"
    return plain("\n".join(_cut(line, wide) for line in kept))


def _room(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _cut(line: str, wide: int) -> str:
    if _room(line) <= wide:
        return line
    kept = line
    while _room(kept) > wide - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
