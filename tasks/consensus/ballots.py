"""An answer as evidence: who gave it, how reliable they are, and how much of it others have said already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.quality.model import Record

NEWCOMER = 10
"""With fewer answers whose truth became known somebody is new: their word alone settles nothing."""
HEARD = 0.25
"""Evidence in bits below which an answer backs nothing; a newcomer's is worth 2 where there are two labels."""

Alike = Mapping[tuple[int, int], float]
"""How much of the evidence of one person another's has said already, 0 to 1; the lower number first."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One answer (canonical), its author's record, and the probability that they give no information."""

    value: Any
    record: Record = field(default_factory=Record)
    doubt: float = 0.0
    worker: int = 0


def novelty(ballots: Sequence[Ballot], bits: Sequence[float], same: Sequence[int], alike: Alike) -> list[float]:
    """(ballots,) the part of each one's evidence that nobody alike has given already, 0 to 1.

    Of the same answer by two people who are alike, the stronger counts in full and the other only as far as they
    are not; different answers have not been copied. ``same`` numbers the answers: equal ones are equal.
    """
    parts = [1.0] * len(ballots)
    if not alike:
        return parts
    order = sorted(range(len(ballots)), key=lambda i: (-bits[i], ballots[i].worker))
    for place, i in enumerate(order):
        for j in order[:place]:
            if same[i] == same[j]:
                pair = sorted((ballots[i].worker, ballots[j].worker))
                parts[i] = min(parts[i], 1 - alike.get((pair[0], pair[1]), 0.0))
    return parts


def backed(ballots: Sequence[Ballot], weights: Sequence[float], gave: Sequence[bool]) -> bool:
    """Whether more stands behind an answer than the word of one newcomer. ``gave``: who gave that answer."""
    voices = [b for b, weight, did in zip(ballots, weights, gave, strict=True) if did and weight >= HEARD]
    return len(voices) > 1 or (len(voices) == 1 and voices[0].record.seen >= NEWCOMER)
