"""What reviewers' votes say together: each counts by its author's own record.

Voters are taken as independent, and a wrong vote as equally likely for each of the other candidates (the one-coin
model of Dawid and Skene, 1979, with accuracies known beforehand; for two candidates the weights are the log-odds of
Nitzan and Paroush, 1982). Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

PRIOR_RIGHT, PRIOR = 8, 10
"""A new reviewer is taken to be right 8 times of 10: a quiz or an admin made them one, and a record weighs in soon."""
LEAST, MOST = 0.55, 0.98
"""No record makes a vote worthless or the only one that counts."""
SURE = 0.8
"""A verdict is at least as sure as one new reviewer alone: what is less sure is asked once more."""
FEWEST_CANDIDATES = 3
"""There is always something else: another answer, or that the item is at fault."""
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the votes say together: the number of the best candidate, how probable it is, and whether it is decided."""

    best: int
    confidence: float
    sure: bool


def accuracy(judged: int, agreed: int, planted: int, planted_agreed: int) -> float:
    """How often a reviewer is right, by their votes that were held against verdicts and against planted cases."""
    raw = (PRIOR_RIGHT + agreed + planted_agreed) / (PRIOR + judged + planted)
    return min(MOST, max(LEAST, raw))


def weight(right: float) -> float:
    """What a vote of this accuracy counts for: natural log-odds."""
    return math.log(right / (1 - right))


def opinion(chosen: Sequence[int], rights: Sequence[float]) -> Opinion:
    """What votes (at least one) for ``chosen`` candidates, by reviewers of accuracies ``rights``, say together."""
    posterior = believed(chosen, rights)
    order = sorted(range(len(posterior)), key=lambda number: (-posterior[number], number))
    best, next_best = order[0], order[1]
    tied = math.isclose(posterior[best], posterior[next_best], rel_tol=_SAME)
    return Opinion(best, posterior[best], not tied and posterior[best] >= SURE - _SAME)


def believed(chosen: Sequence[int], rights: Sequence[float]) -> list[float]:
    """(candidates,) the probability of each: those that were voted for by number, and at least one that was not."""
    candidates = max(FEWEST_CANDIDATES, max(chosen) + 2)
    evidence = [math.log(right * (candidates - 1) / (1 - right)) for right in rights]
    logs = [
        math.fsum(said for said, number in zip(evidence, chosen, strict=True) if number == candidate)
        for candidate in range(candidates)
    ]
    top = max(logs)
    parts = [math.exp(log - top) for log in logs]
    total = math.fsum(parts)
    return [part / total for part in parts]
