"""The belief about one task's answer, from the answers it has and how reliable those who gave them have been."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.kinds import Kind, Question

_NEWCOMER = 0.8
"""Accuracy that a person is given before anything is known of them."""
_WEIGHT_OF_NEWCOMER = 4.0
"""Counts as this many answers seen."""
_BEST, _WORST_ABOVE_CHANCE = 0.98, 0.02
_TEXTS_TO_MISS = 10
"""In how many ways a free text may be wrong."""

Distance = Callable[[Any, Any], float]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One answer (canonical) and its author's record: answers whose truth became known, and right ones."""

    value: Any
    seen: float
    correct: float


@dataclass(frozen=True, slots=True)
class Belief:
    """The most probable answer, the probability that it is right, and whether another is as probable."""

    value: Any
    confidence: float
    tied: bool
    posterior: tuple[tuple[Any, float], ...]
    """Probable values and their probabilities; for ``many`` each label with that of its being true."""


def accuracy(seen: float, correct: float) -> float:
    """Smoothed share of right answers: the mean of a Beta posterior around a newcomer's 0.8 of weight 4."""
    return (correct + _NEWCOMER * _WEIGHT_OF_NEWCOMER) / (seen + _WEIGHT_OF_NEWCOMER)


def believe(kind: Kind, question: Question, ballots: Sequence[Ballot]) -> Belief:
    """What the ballots (at least one) say together.

    Each answer multiplies the odds by how probable it is under each truth, from its author's accuracy
    (the model of Karger, Oh and Shah 2011 with smoothed accuracies known online): an error goes to any
    other value alike, for a scale rather to near ones.
    """
    if kind.belief == "many":
        return _many(kind, question, ballots)

    def distance(one: Any, other: Any) -> float:
        return kind.distance(question, one, other)

    if kind.belief == "open":
        values = _distinct([ballot.value for ballot in ballots], distance)
        return _one(values, ballots, distance, misses=_TEXTS_TO_MISS)
    return _one(list(kind.options(question)), ballots, distance, misses=0)


def _one(values: list[Any], ballots: Sequence[Ballot], distance: Distance, misses: int) -> Belief:
    logs = [0.0] * len(values)
    for ballot in ballots:
        apart = [distance(ballot.value, value) for value in values]
        near = [math.exp2(-4 * gap) if gap > 0 else 0.0 for gap in apart]
        total = sum(near)
        slips = [1 / misses if misses else gap / total for gap in near]
        likeliest = max(slips)
        right = _bounded(accuracy(ballot.seen, ballot.correct), likeliest / (1 + likeliest))
        for i, gap in enumerate(apart):
            logs[i] += math.log(right if gap == 0 else (1 - right) * slips[i])
    probabilities = _normalised(logs)
    order = sorted(range(len(values)), key=lambda i: -probabilities[i])
    best = order[0]
    tied = len(order) > 1 and math.isclose(probabilities[best], probabilities[order[1]], rel_tol=1e-9)
    ranked = tuple((values[i], probabilities[i]) for i in order)
    return Belief(values[best], probabilities[best], tied, ranked)


def _many(kind: Kind, question: Question, ballots: Sequence[Ballot]) -> Belief:
    chances: list[tuple[Any, float]] = []
    for label in kind.options(question):
        odds = 0.0
        for ballot in ballots:
            right = _bounded(accuracy(ballot.seen, ballot.correct), 0.5)
            odds += math.log(right / (1 - right)) * (1 if label in ballot.value else -1)
        chances.append((label, 1 / (1 + math.exp(-odds))))
    chosen = [label for label, chance in chances if chance > 0.5]  # noqa: PLR2004 - rather true than not
    tied = not chosen or any(math.isclose(chance, 0.5, abs_tol=1e-9) for _, chance in chances)
    value = chosen or [max(chances, key=lambda pair: pair[1])[0]]
    confidence = min(chance if label in value else 1 - chance for label, chance in chances)
    return Belief(value, confidence, tied, tuple(chances))


def _distinct(values: Sequence[Any], distance: Distance) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        if all(distance(value, other) > 0 for other in kept):
            kept.append(value)
    return kept


def _bounded(share: float, chance: float) -> float:
    """Never certain, and never worse than guessing: a bad record makes an answer worth nothing, not its contrary.

    ``chance`` is the accuracy at which an answer is as probable as the likeliest slip.
    """
    return min(max(share, chance + _WORST_ABOVE_CHANCE), _BEST)


def _normalised(logs: Sequence[float]) -> list[float]:
    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    total = sum(weights)
    return [weight / total for weight in weights]
