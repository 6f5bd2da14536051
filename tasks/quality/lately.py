"""The last so many judgements of somebody's answers, a byte each, the newest last: 0 wrong to 255 right."""

from __future__ import annotations

REMEMBERED = 64
_RIGHT = 255


def _byte(right: float) -> bytes:
    return bytes([round(_RIGHT * min(1.0, max(0.0, right)))])


def judged(ring: bytes | None, right: float) -> bytes:
    """With one more; ``right`` is 0 to 1."""
    return ((ring or b"") + _byte(right))[-REMEMBERED:]


def unjudged(ring: bytes | None, right: float) -> bytes:
    """Without the newest that was judged so, if it is still remembered."""
    before, _one, after = (ring or b"").rpartition(_byte(right))
    return before + after


def mean(ring: bytes, last: int) -> float:
    """Of the ``last`` so many, 0 to 1; of all where there are fewer. At least one is there."""
    some = ring[-last:]
    return sum(some) / (_RIGHT * len(some))
