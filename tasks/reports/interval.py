"""The 95 % interval of a share (Wilson 1927)."""

from __future__ import annotations

from math import sqrt

_Z = 1.959964
"""Of a 95 % interval."""


def wilson(right: float, seen: float) -> tuple[float, float]:
    """Low and high of the share ``right`` of ``seen``; 0 to 1 where nothing was seen."""
    if seen <= 0:
        return 0.0, 1.0
    share, spread = right / seen, _Z * _Z / seen
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(share * (1 - share) / seen + spread / (4 * seen))
    return max(0.0, middle - half), min(1.0, middle + half)


def give_or_take(right: float, seen: float) -> float:
    """Half the width of the interval, in shares."""
    low, high = wilson(right, seen)
    return (high - low) / 2
