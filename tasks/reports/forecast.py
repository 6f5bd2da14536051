"""When a project will be done, from how many items were settled in each hour of the last days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

HOUR_MS = 3_600_000
_DAY = 24
WINDOW = 7 * _DAY
"""Hours that are looked back on."""
_PATHS, _LEAST_PATHS, _MOST_DRAWN = 400, 50, 1_000_000
_LOW, _HIGH = 0.1, 0.9
_MOST_DAYS = 730
"""What takes longer is no forecast."""


class Forecast(NamedTuple):
    """Milliseconds: 80 % of the futures drawn end between ``low`` and ``high``, half of them before ``middle``."""

    low: int
    middle: int
    high: int


def forecast(hours: Sequence[int], left: int, now: int, rng: np.random.Generator) -> Forecast | None:
    """When the items that are ``left`` are settled; None where nothing is, or where it takes years.

    ``hours`` are the items settled in each hour up to ``now``, the oldest first. Futures are put together from whole
    days of the past, drawn at random (a block bootstrap, Künsch 1989), so that nights and busy days stay what they are;
    with less than two days behind it, from single hours.
    """
    past = np.asarray(hours, np.float64)[-WINDOW:]
    if left <= 0 or not past.sum():
        return None
    length = _DAY if len(past) >= 2 * _DAY else 1
    blocks = past[len(past) % length :].reshape(-1, length)
    if not blocks.sum():
        return None
    most = _MOST_DAYS * _DAY // length
    draws = min(most, int(4 * left / blocks.sum(axis=1).mean()) + 2)
    paths = max(_LEAST_PATHS, min(_PATHS, _MOST_DRAWN // draws))
    drawn = rng.integers(len(blocks), size=(paths, draws))
    after = blocks.sum(axis=1)[drawn].cumsum(axis=1)
    ends = np.array([_end(path, sums, blocks, left) for path, sums in zip(drawn, after, strict=True)])
    low, middle, high = np.quantile(ends, [_LOW, 0.5, _HIGH], method="inverted_cdf")
    if not np.isfinite(high):
        return None
    return Forecast(*(now + round(end * HOUR_MS) for end in (low, middle, high)))


def _end(path: np.ndarray, sums: np.ndarray, blocks: np.ndarray, left: int) -> float:
    """Hours until one future has settled what is left; infinite where it does not."""
    block = int(np.searchsorted(sums, left))
    if block == len(sums):
        return float("inf")
    before = sums[block] - blocks[path[block]].sum()
    within = before + blocks[path[block]].cumsum()
    hour = int(np.searchsorted(within, left))
    begun = within[hour - 1] if hour else before
    return float(block * blocks.shape[1] + hour + (left - begun) / max(within[hour] - begun, 1))
