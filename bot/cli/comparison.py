"""How ``aggregate --compare`` shows the methods: a table, a line on agreement, a picture."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.progress import progress_bar
from bot.cli.shell import Shell
from tasks.words import _

if TYPE_CHECKING:
    from tasks.aggregation.comparison import Compared
    from tasks.quality.agreement import Alpha
    from tasks.quality.crowd import Crowd
    from tasks.quality.estimate import Estimate

_WIDTH = 120
"""Characters of a line where there is no terminal."""


def compared(
    here: Shell, crowd: Crowd, result: Estimate, seed: int, plot: Path | None, *, quiet: bool
) -> dict[str, Any]:
    """Compare, draw, and show it unless ``quiet``; the same for a program. Known answers of ``crowd`` score only."""
    import numpy as np  # noqa: PLC0415 - a help text needs none of it

    from tasks.aggregation.comparison import compare  # noqa: PLC0415 - as above
    from tasks.quality.agreement import measure  # noqa: PLC0415 - as above

    with progress_bar(here.words(_("Comparing"))) as progress:
        rows = compare(crowd, result, seed, time.perf_counter, progress)
        alpha = measure(result.crowd, np.random.default_rng(seed)).whole
    if plot:
        _draw(here, rows, result, plot)
    if not quiet:
        _show(here, rows, alpha, result, plot)
    return {
        "compared": [_plain(row) for row in rows],
        "alpha": {name: _number(value) for name, value in alpha._asdict().items()},
        "plot": str(plot) if plot else None,
    }


def _draw(here: Shell, rows: Sequence[Compared], result: Estimate, plot: Path) -> None:
    from tasks.aggregation.charts import draw  # noqa: PLC0415 - matplotlib is loaded only to draw
    from tasks.exchange.complete import complete  # noqa: PLC0415 - as above

    with complete(plot) as part:
        draw(rows, result.method, part, here.words, plot.suffix.removeprefix(".").lower())


def _show(here: Shell, rows: Sequence[Compared], alpha: Alpha, result: Estimate, plot: Path | None) -> None:
    from rich.console import Console  # noqa: PLC0415 - a help text needs none of it
    from rich.table import Table  # noqa: PLC0415 - as above

    known = rows[0].scores is not None
    heads = [_("method"), _("seconds"), _("labels as by “{method}”", method=result.method), _("mean confidence")]
    heads += [_("accuracy"), _("calibration error"), _("log loss")] if known else []
    table = Table()
    for place, head in enumerate(heads):
        table.add_column(here.words(head), justify="right" if place else "left")
    for row in rows:
        cells = [row.method, f"{row.seconds:.2f}", f"{row.agreement:.2%}", f"{row.confidence:.3f}"]
        if row.scores:
            cells += [f"{row.scores.accuracy:.2%}", f"{row.scores.calibration:.3f}", f"{row.scores.log_loss:.3f}"]
        table.add_row(*cells)
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH)).print(table)
    if math.isfinite(alpha.value):
        here.say(
            _(
                "Krippendorff’s alpha: {alpha} ({low} to {high} at 95%).",
                alpha=f"{alpha.value:.3f}",
                low=f"{alpha.low:.3f}",
                high=f"{alpha.high:.3f}",
            )
        )
    if known and rows[0].scores:
        here.say(_("The known answers served to score only: {n} tasks.", n=rows[0].scores.tasks))
    if plot:
        typer.echo(str(plot))


def _plain(row: Compared) -> dict[str, Any]:
    said: dict[str, Any] = {
        "method": row.method,
        "seconds": round(row.seconds, 3),
        "agreement": round(row.agreement, 6),
        "confidence": round(row.confidence, 6),
    }
    if row.scores:
        said |= {
            "known": row.scores.tasks,
            "accuracy": round(row.scores.accuracy, 6),
            "calibration_error": round(row.scores.calibration, 6),
            "log_loss": round(row.scores.log_loss, 6),
        }
    return said


def _number(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
