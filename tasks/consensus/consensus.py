"""The belief about one task's answer, from the answers it has and how reliable those who gave them have been."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.consensus.ballots import Alike, Ballot, backed, novelty
from tasks.consensus.reliability import accuracy, bits, bounded, evidence
from tasks.kinds import Kind, Question
from tasks.quality.model import CrowdModel, read_model

TEXTS_TO_MISS = 10
"""In how many ways a free text may be wrong."""
_SAME = 1e-9
"""Probabilities, and their logarithms, that differ by less are equal."""
_HALF = 0.5

Distance = Callable[[Any, Any], float]


@dataclass(frozen=True, slots=True)
class Belief:
    """The most probable answer, and the probability that it is right."""

    value: Any
    confidence: float
    tied: bool
    """Whether another is as probable, or would be if all labels were equally frequent; or no person gave it."""
    posterior: tuple[tuple[Any, float], ...]
    """Values and their probabilities, the most probable first; for ``many`` each label with that of its being true."""
    weights: tuple[float, ...] = ()
    """(ballots,) the evidence of each for its own answer, in bits."""
    backed: bool = True
    """Whether more stands behind it than the word of one newcomer."""


def believe(
    kind: Kind,
    question: Question,
    ballots: Sequence[Ballot],
    crowd: CrowdModel | None = None,
    guess: Any = None,
    alike: Alike | None = None,
) -> Belief:
    """What the ballots (at least one) say together, with a model's ``guess`` where the data file has one.

    Each answer multiplies the odds by how probable it is under each truth, from its author's record
    (Dawid and Skene 1979, with smoothed records known online), to the power of the crowd's temper and of what
    people alike have not said already. How frequent the labels are weighs in at last; but what is the most
    probable only because of that counts as tied, and so does a guess that no person has given.
    """
    crowd = crowd or read_model(None, kind, question)
    if kind.belief == "many":
        return _many(kind.options(question), ballots, crowd, alike or {})
    if kind.belief == "open":
        return _open(lambda one, other: kind.distance(question, one, other), ballots, crowd, alike or {})
    return _one(list(kind.options(question)), ballots, crowd, guess, alike or {})


# --------------------------------------------------------------------------- one label is true


def _one(values: list[Any], ballots: Sequence[Ballot], crowd: CrowdModel, guess: Any, alike: Alike) -> Belief:
    labels = len(values)
    given = [values.index(ballot.value) for ballot in ballots]
    said = [evidence(b.record, crowd, label, labels, b.doubt) for b, label in zip(ballots, given, strict=True)]
    worth = [bits(one, label, labels) for one, label in zip(said, given, strict=True)]
    powers = [crowd.temper * part for part in novelty(ballots, worth, given, alike)]
    weights = [bit * power for bit, power in zip(worth, powers, strict=True)]
    if guess in values:
        said.append(evidence(crowd.guesser, crowd, values.index(guess), labels))
        powers.append(crowd.temper)
    even = _sums(said, powers, labels)
    logs = [log + math.log(share) for log, share in zip(even, crowd.prior, strict=True)] if crowd.prior else even
    belief = _ranked(values, logs, ballots, weights, given)
    best = values.index(belief.value)
    rivals = max(log for label, log in enumerate(even) if label != best)
    tied = belief.tied or rivals > even[best] - _SAME or (belief.value == guess and best not in given)
    return Belief(belief.value, belief.confidence, tied, belief.posterior, belief.weights, belief.backed)


def _sums(said: Sequence[Mapping[int, float]], powers: Sequence[float], labels: int) -> list[float]:
    """(labels,) the logarithms of all that was said, the same whatever its order."""
    sums = [0.0] * labels
    for label in set().union(*said):
        sums[label] = math.fsum(one.get(label, 0.0) * power for one, power in zip(said, powers, strict=True))
    return sums


def _ranked(
    values: Sequence[Any],
    logs: Sequence[float],
    ballots: Sequence[Ballot],
    weights: Sequence[float],
    given: Sequence[int],
    unseen: int = 0,
) -> Belief:
    """What the logarithms say; of values equally probable the first is named. Nobody gave the ``unseen`` values."""
    chances = _normalised(logs, unseen)
    top = max(chances)
    best, *others = [i for i, chance in enumerate(chances) if math.isclose(chance, top, rel_tol=_SAME)]
    order = [best, *sorted((i for i in range(len(values)) if i != best), key=lambda i: -chances[i])]
    ranked = tuple((values[i], chances[i]) for i in order)
    more = backed(ballots, weights, [label == best for label in given])
    return Belief(values[best], chances[best], bool(others), ranked, tuple(weights), more)


# --------------------------------------------------------------------------- each of many is true or not


def _many(labels: Sequence[Any], ballots: Sequence[Ballot], crowd: CrowdModel, alike: Alike) -> Belief:
    rights = [_doubted(bounded(accuracy(ballot.record, crowd), 1.0), ballot.doubt, _HALF) for ballot in ballots]
    worth = [math.log2(right / (1 - right)) for right in rights]
    same = _numbers(ballots, lambda one, other: float(set(one) != set(other)))
    parts = novelty(ballots, worth, same, alike)
    weights = [crowd.temper * bit * part for bit, part in zip(worth, parts, strict=True)]
    chances = [
        (label, 1 / (1 + 2 ** -math.fsum(w if label in b.value else -w for b, w in zip(ballots, weights, strict=True))))
        for label in labels
    ]
    chosen = [label for label, chance in chances if chance > _HALF]
    tied = not chosen or any(math.isclose(chance, _HALF, abs_tol=_SAME) for _, chance in chances)
    value = chosen or [max(chances, key=lambda pair: pair[1])[0]]
    confidence = min(chance if label in value else 1 - chance for label, chance in chances)
    more = backed(ballots, weights, [set(ballot.value) == set(value) for ballot in ballots])
    return Belief(value, confidence, tied, tuple(chances), tuple(weights), more)


# --------------------------------------------------------------------------- a text of any words


def _open(distance: Distance, ballots: Sequence[Ballot], crowd: CrowdModel, alike: Alike) -> Belief:
    given = _numbers(ballots, distance)
    values = [ballots[given.index(number)].value for number in range(max(given) + 1)]
    slip = 1 / TEXTS_TO_MISS
    rights = [
        _doubted(bounded(accuracy(ballot.record, crowd), slip), ballot.doubt, slip / (1 + slip)) for ballot in ballots
    ]
    worth = [math.log2(right / ((1 - right) * slip)) for right in rights]
    weights = [
        crowd.temper * bit * part for bit, part in zip(worth, novelty(ballots, worth, given, alike), strict=True)
    ]
    logs = [
        math.log(2) * math.fsum(w for w, label in zip(weights, given, strict=True) if label == number)
        for number in range(len(values))
    ]
    return _ranked(values, logs, ballots, weights, given, unseen=max(0, TEXTS_TO_MISS + 1 - len(values)))


def _doubted(right: float, doubt: float, chance: float) -> float:
    """An accuracy, mixed with that at which an answer says nothing."""
    return (1 - doubt) * right + doubt * chance


def _numbers(ballots: Sequence[Ballot], distance: Distance) -> list[int]:
    """(ballots,) which answer each gave; answers without distance have one number, in the order of the ballots."""
    kept: list[Any] = []
    numbers = []
    for ballot in ballots:
        number = next((n for n, value in enumerate(kept) if distance(ballot.value, value) == 0), len(kept))
        if number == len(kept):
            kept.append(ballot.value)
        numbers.append(number)
    return numbers


def _normalised(logs: Sequence[float], unseen: int) -> list[float]:
    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    total = math.fsum(weights) + unseen * math.exp(-top)
    return [weight / total for weight in weights]
