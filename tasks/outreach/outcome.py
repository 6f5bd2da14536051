"""What came of a broadcast: how many of those who got it began to work, by text, and why others did not get it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from db.queries import outcome
from db.queries.outcome import Missed
from db.session import Reader
from tasks.outreach.broadcast import Standing
from tasks.reports.interval import wilson

_MOST_REASONS = 20
_LEAST = 20
"""People who got each of two texts, below which nothing is said of which is better."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the texts: how many people got it, and how many of them were given an item afterwards."""

    sent: int
    began: int

    @property
    def share(self) -> float:
        """Of those who got it."""
        return self.began / self.sent if self.sent else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share (Wilson 1927)."""
        return wilson(self.began, self.sent)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of it. ``missed`` are the most frequent reasons."""

    variants: Sequence[Variant]
    missed: Sequence[Missed]

    @property
    def better(self) -> int | None:
        """Which of two texts brought more people to work, beyond chance; None where that cannot be said."""
        for one, other in pairwise(self.variants):
            low, high = difference(one, other)
            if min(one.sent, other.sent) >= _LEAST and (low > 0 or high < 0):
                return 0 if low > 0 else 1
        return None


def difference(one: Variant, other: Variant) -> tuple[float, float]:
    """The 95 % interval of the difference of two shares (Newcombe 1998, its method 10)."""
    (low, high), (other_low, other_high) = one.interval, other.interval
    apart = one.share - other.share
    below = ((one.share - low) ** 2 + (other_high - other.share) ** 2) ** 0.5
    above = ((high - one.share) ** 2 + (other.share - other_low) ** 2) ** 0.5
    return apart - below, apart + above


def outcome_of(reader: Reader, stands: Standing) -> Outcome:
    """What came of it so far; read outside of any turn."""
    sent = {row.variant: row.n for row in reader.stream(outcome.SENT, broadcast=stands.number)}
    values = {"broadcast": stands.number, "since": stands.began_at or 0}
    if stands.draft.project is None:
        rows = reader.stream(outcome.BEGAN, **values)
    else:
        rows = reader.stream(outcome.BEGAN_IN, project=stands.draft.project, **values)
    began = {row.variant: row.n for row in rows}
    variants = [Variant(sent.get(at, 0), began.get(at, 0)) for at in range(len(stands.draft.content.variants))]
    missed = list(reader.stream(outcome.MISSED, broadcast=stands.number, most=_MOST_REASONS))
    return Outcome(variants, missed)
