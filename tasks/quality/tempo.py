"""Whether somebody's answers come faster than it takes to look at a task, as far as it is known how long each took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.quality.crowd import Floats
from tasks.quality.sheets import Sheets

HASTE = 2.0
"""Whoever does not look is faster than usual by about this much, in logarithms of seconds."""
_HASTE_SPREAD = 0.6
_HASTY = 0.3
"""Share of those who give no information that are fast."""
_MOST = 3.0
"""Being fast alone, in nats: some people are, and look all the same."""
_CALMEST = 0.25
_FREEDOM = 5.0


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast the workers are."""

    seconds: Floats
    """(workers,) geometric mean; not a number where it is unknown."""
    usual: float
    """Seconds of the median worker."""
    odds: Floats
    """(workers,) log p(times | no information) − log p(times | looks); 0 where nothing is known."""


def tempo(sheets: Sheets, seconds: Floats | None) -> Tempo:
    """Compare each worker's mean logarithm of seconds with those of all.

    Around the median with the robust spread of workers, plus that of single answers; tails are Student's, since a
    few people are quick. ``seconds`` (answers,) are in the order of the sheets.
    """
    logs = np.full(len(sheets), np.nan) if seconds is None else _logs(seconds)
    known = np.isfinite(logs)
    times = sheets.totals(known.astype(np.float64))
    if not times.any():
        return Tempo(np.full(sheets.workers, np.nan), np.nan, np.zeros(sheets.workers))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sheets.totals(np.where(known, logs, 0.0)) / times
        noise = _noise(sheets, logs, mean, times) / times
    middle = float(np.nanmedian(mean))
    spread = max(1.4826 * float(np.nanmedian(np.abs(mean - middle))), _CALMEST)
    ratio = _normal(mean - middle + HASTE, _HASTE_SPREAD**2 + noise) - _student(mean - middle, spread**2 + noise)
    ratio = np.where(mean < middle, np.minimum(ratio, _MOST), -np.inf)
    odds = np.where(times > 0, np.logaddexp(np.log1p(-_HASTY), np.log(_HASTY) + ratio), 0.0)
    return Tempo(np.exp(mean), float(np.exp(middle)), odds)


def _logs(seconds: Floats) -> Floats:
    logs: Floats = np.log(np.where(seconds > 0, seconds, np.nan))
    return logs


def _noise(sheets: Sheets, logs: Floats, mean: Floats, times: Floats) -> float:
    """Median over workers of the variance of single answers' logarithms."""
    apart = np.nan_to_num((logs - mean[sheets.worker]) ** 2)
    several = times > 1
    if not several.any():
        return 1.0
    return float(np.median(sheets.totals(apart)[several] / (times[several] - 1)))


def _normal(apart: Floats, variance: Floats) -> Floats:
    result: Floats = -0.5 * (apart**2 / variance + np.log(2 * np.pi * variance))
    return result


def _student(apart: Floats, variance: Floats) -> Floats:
    """Log-density of Student's t with five degrees of freedom; its constant is log(8 / (3π√5))."""
    tail = -0.5 * (_FREEDOM + 1) * np.log1p(apart**2 / (_FREEDOM * variance))
    result: Floats = tail + np.log(8 / (3 * np.pi * np.sqrt(_FREEDOM))) - 0.5 * np.log(variance)
    return result
