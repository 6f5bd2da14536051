"""What habits tell: speed and its spread, sameness, changes, skips, tiring, coming back. Pure; all of constant cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tasks.behaviour import tempo
from tasks.behaviour.habits import Habits

_DAY_MS = 86_400_000
_LEAST_TREND = 82.5
"""Sum of squares around the mean of ten places in a row: with less no trend is told."""


def median_seconds(habits: Habits, length: int | None = None) -> float | None:
    """Median working time, of items of a class of length (``tempo.length``) or of all."""
    millis = tempo.quantile(_times(habits, length), 0.5)
    return None if millis is None else millis / 1000


def spread(habits: Habits, length: int | None = None) -> float | None:
    """Robust standard deviation of the logarithm of working times."""
    return tempo.spread(_times(habits, length))


def fast_share(habits: Habits) -> float | None:
    """Share of the answers that came sooner than the item can be read."""
    return _share(habits.counts.fast, habits.answers)


def change_rate(habits: Habits) -> float | None:
    """Share of the answers that were changed before they were handed in."""
    return _share(habits.counts.changed, habits.answers)


def skip_rate(habits: Habits) -> float | None:
    """Share of skips in what was handed in or given back."""
    return _share(habits.counts.skips, habits.answers + habits.counts.skips)


def finished(habits: Habits, *, lapsed: int = 0) -> float | None:
    """Share of what was taken that was answered, or given back with a reason. ``lapsed``: leases not counted yet."""
    done = habits.answers + habits.counts.skips
    return _share(done, done + habits.counts.dropped + lapsed)


def entropy(habits: Habits) -> float | None:
    """Entropy of the mix of answers in bits, with the correction of Miller (1955) for few answers."""
    if not habits.answers:
        return None
    shares = [count / habits.answers for count in habits.mix if count]
    return (len(shares) - 1) / (2 * math.log(2) * habits.answers) - sum(share * math.log2(share) for share in shares)


def fatigue(habits: Habits) -> float | None:
    """By how much ten more items in a sitting lengthen an answer: 0.1 is ten percent; None while it is unclear.

    Regression of the logarithm of the time on the place in the sitting, each sitting around its own means.
    """
    squares, products = habits.now.trend()
    return math.expm1(10 * products / squares) if squares >= _LEAST_TREND else None


def return_rate(habits: Habits) -> float | None:
    """Share of the days after their first, up to their last, on which they came back; None on the first day."""
    span = habits.now.last_at // _DAY_MS - habits.now.first_at // _DAY_MS
    return min(1.0, (habits.now.days - 1) / span) if span > 0 else None


def _times(habits: Habits, length: int | None) -> Sequence[int]:
    return list(map(sum, zip(*habits.times, strict=True))) if length is None else habits.times[length]


def _share(count: int, out_of: int) -> float | None:
    return count / out_of if out_of else None
