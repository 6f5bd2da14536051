"""Where a worker stands: the sitting and the place in it, the run of equal answers, the trend within sittings."""

from __future__ import annotations

import math
from typing import NamedTuple

GAP_MS = 15 * 60_000
"""Nothing handed in for so long ends a sitting."""

_DAY_MS = 86_400_000
_SHORTEST_MS = 250


class Standing(NamedTuple):
    """Where they stand: what an undo could not work out backwards, so it is kept twice."""

    first_at: int = 0
    last_at: int = 0
    days: int = 0
    """Days (UTC) on which they worked."""
    sitting: int = 0
    """Number of the sitting, from 1."""
    place: int = 0
    """Place in it, from 1."""
    run: int = 0
    """How many times in a row they have given the same answer."""
    longest: int = 0
    mark: int = 0
    n: int = 0
    """Answers of this sitting; with sums over their places x and the logarithms y of their seconds."""
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    xy: float = 0.0
    around_xx: float = 0.0
    """Of the sittings before, around each one's own means."""
    around_xy: float = 0.0

    def moved(self, at: int) -> Standing:
        """With one more sign of them at that moment; a clock that goes back begins nothing."""
        last, day = max(self.last_at, at), at // _DAY_MS
        days = self.days + (self.days == 0 or day > self.last_at // _DAY_MS)
        if self.sitting and at - self.last_at <= GAP_MS:
            return self._replace(last_at=last, days=days, place=self.place + 1)
        squares, products = self.trend()
        return self._replace(
            first_at=self.first_at or at, last_at=last, days=days, sitting=self.sitting + 1, place=1, n=0,
            x=0.0, y=0.0, xx=0.0, xy=0.0, around_xx=squares, around_xy=products,
        )  # fmt: skip

    def answered(self, millis: int, mark: int) -> Standing:
        """With an answer at this place."""
        x, y = self.place, math.log(max(millis, _SHORTEST_MS) / 1000)
        run = self.run + 1 if self.run and mark == self.mark else 1
        return self._replace(
            run=run, longest=max(run, self.longest), mark=mark, n=self.n + 1,
            x=self.x + x, y=self.y + y, xx=self.xx + x * x, xy=self.xy + x * y,
        )  # fmt: skip

    def joined(self, other: Standing) -> Standing:
        """The sum of two people's: days, sittings and trends; the longer of the longest runs."""
        squares, products = other.trend()
        return self._replace(
            days=self.days + other.days,
            sitting=self.sitting + other.sitting,
            longest=max(self.longest, other.longest),
            around_xx=self.around_xx + squares,
            around_xy=self.around_xy + products,
        )

    def trend(self) -> tuple[float, float]:
        """Sums of squares and of products around the means, this sitting's added to those of the sittings before."""
        if not self.n:
            return self.around_xx, self.around_xy
        squares, products = self.xx - self.x * self.x / self.n, self.xy - self.x * self.y / self.n
        return self.around_xx + squares, self.around_xy + products


BEGINNING = Standing()
"""Of somebody who has done nothing yet."""
