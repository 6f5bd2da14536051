"""Pictures of how methods compare, drawn without a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tasks.aggregation.comparison import Compared
from tasks.fonts import lettering
from tasks.words import Words, _

Say = Callable[[Words], str]
"""Puts words into the reader's language."""

_BAR = "#4477aa"
_OTHER = "#bbbbbb"
_HIGHLIGHTED = 2.2


def draw(found: Sequence[Compared], default: str, out: Path, say: Say, form: str) -> None:
    """Bars of each method, and how honest their confidence is if answers are known. ``form`` is png, svg or pdf."""
    known = found[0].scores is not None
    with lettering({"svg.hashsalt": "crowdloom"}):
        _draw(found, default, out, say, form, known=known)


def _draw(found: Sequence[Compared], default: str, out: Path, say: Say, form: str, *, known: bool) -> None:
    figure = Figure(figsize=(11 if known else 6, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 2 if known else 1, squeeze=False)[0]
    _bars(panels[0], found, default, say)
    if known:
        _reliability(panels[1], found, default, say)
    # A fixed salt and no date: the same comparison gives the same file.
    figure.savefig(out, format=form, dpi=150, metadata={"Date": None} if form == "svg" else None)


def _bars(panel: Axes, found: Sequence[Compared], default: str, say: Say) -> None:
    """Accuracy, or agreement with the default where nothing is known."""
    names = [one.method for one in found]
    values = [one.scores.accuracy if one.scores else one.agreement for one in found]
    colours = [_BAR if name == default else _OTHER for name in names]
    bars = panel.barh(names, values, color=colours)
    panel.bar_label(bars, [f"{100 * value:.1f}" for value in values], padding=3, fontsize=8)
    panel.invert_yaxis()
    panel.set_xlim(max(0.0, min(values) - 0.1), min(1.05, max(values) + 0.08))
    panel.set_xlabel(
        say(_("Share of known answers met") if found[0].scores else _("Share of labels as by the default"))
    )


def _reliability(panel: Axes, found: Sequence[Compared], default: str, say: Say) -> None:
    """Accuracy over confidence: on the diagonal it is as often right as it says."""
    panel.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle=":")
    for one in found:
        if one.scores is None:
            continue
        seen = one.scores.share > 0
        panel.plot(
            one.scores.sure[seen],
            one.scores.right[seen],
            marker="o",
            markersize=3,
            linewidth=_HIGHLIGHTED if one.method == default else 0.8,
            zorder=3 if one.method == default else 2,
            label=f"{one.method} ({one.scores.calibration:.3f})",
        )
    panel.set_xlabel(say(_("Confidence")))
    panel.set_ylabel(say(_("Share that is right")))
    panel.legend(title=say(_("calibration error")), fontsize=7, title_fontsize=8)
