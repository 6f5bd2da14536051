"""How far people agree beyond chance: Krippendorff’s alpha of a crowd and of each label, with its spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import krippendorff
import numpy as np

from tasks.quality.crowd import Crowd, Floats
from tasks.quality.kernel import Numbers, affordable

Level = Literal["nominal", "ordinal", "interval"]
"""Whether labels are names, ranks, or numbers."""

_PACKAGE_CELLS = 1 << 24
"""The package needs tasks × labels² cells: beyond so many the same sums are made here."""
_BINS = 1_000
_TAIL = 0.025


class Alpha(NamedTuple):
    """Krippendorff's alpha and its 95 % interval: 1 is full agreement, 0 is chance.

    Not a number where there is nothing to compare: no task with two answers, or one label in all of them.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of all labels together, and of each label against the rest."""

    whole: Alpha
    labels: tuple[Alpha, ...]


class _Sums(NamedTuple):
    """Over some tasks, a row for each set of them."""

    answers: Numbers
    given: Numbers
    """(rows, labels) answers."""
    apart: Numbers
    """Pairs of answers to one task by their distance, for each answer the mean of its pairs."""
    rest: Numbers
    """(rows, labels) the same for each label against the rest."""


def measure(
    crowd: Crowd,
    rng: np.random.Generator,
    level: Level = "nominal",
    values: Floats | None = None,
    resamples: int = 1_000,
) -> Agreement:
    """Alpha with bootstrap intervals over tasks. ``values`` (labels,) are what the labels of an interval scale are.

    More than 1,000 tasks are dealt at random to 1,000 bins, which are drawn in their place: sums of bins vary as sums
    of tasks do, and the cost does not grow. Raises UnwieldyError.
    (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"; Efron 1979 for the bootstrap.)
    """
    affordable(crowd.tasks, crowd.labels)
    votes = crowd.count()
    votes = votes[votes.sum(axis=1) > 1]
    scale = np.arange(crowd.labels, dtype=np.float64) if values is None else values
    distance = _distance(votes.sum(axis=0), level, scale)
    sums = _sums(votes, distance, rng)
    bins = len(sums.answers)
    drawn = rng.multinomial(bins, np.full(bins, 1 / bins), resamples).astype(np.float64)
    whole, labels = _alphas(_Sums(*(drawn @ column for column in sums)), distance)
    value, each = _alphas(_Sums(*(column.sum(axis=0)[None] for column in sums)), distance)
    if 0 < votes.size * crowd.labels <= _PACKAGE_CELLS and np.isfinite(value[0]):
        value[0] = krippendorff.alpha(value_counts=votes.astype(int), value_domain=scale, level_of_measurement=level)
    return Agreement(
        _with_interval(value[0], whole),
        tuple(_with_interval(one, spread) for one, spread in zip(each[0], labels.T, strict=True)),
    )


def _sums(votes: Floats, distance: Floats, rng: np.random.Generator) -> _Sums:
    """A row for each bin."""
    answers = votes.sum(axis=1)
    pairs = (answers - 1).clip(min=1)
    apart = ((votes @ distance) * votes).sum(axis=1) / pairs
    rest = 2 * votes * (answers[:, None] - votes) / pairs[:, None]
    columns = _Sums(answers, votes, apart, rest)
    if len(votes) <= _BINS:
        return columns if len(votes) else _Sums(*(np.zeros((1, *column.shape[1:])) for column in columns))
    order = rng.permutation(len(votes))
    begin = np.linspace(0, len(votes), _BINS, endpoint=False).astype(np.intp)
    return _Sums(*(np.add.reduceat(column[order], begin) for column in columns))


def _alphas(sums: _Sums, distance: Floats) -> tuple[Floats, Floats]:
    """(rows,) alpha, and (rows, labels) that of each label against the rest: 1 − observed / expected disagreement."""
    answers, given = sums.answers, sums.given
    by_chance = ((given @ distance) * given).sum(axis=1)
    by_chance_rest = 2 * given * (answers[:, None] - given)
    return (
        1 - _ratio((answers - 1) * sums.apart, by_chance),
        1 - _ratio((answers - 1)[:, None] * sums.rest, by_chance_rest),
    )


def _ratio(observed: Floats, expected: Floats) -> Floats:
    ratio: Floats = np.divide(observed, expected, out=np.full_like(observed, np.nan), where=expected > 0)
    return ratio


def _distance(given: Floats, level: Level, values: Floats) -> Floats:
    """(labels, labels) squared difference of two labels; for ranks by how many answers lie between."""
    if level == "nominal":
        return 1 - np.eye(len(given))
    if level == "ordinal":
        values = given.cumsum() - given / 2
    apart: Floats = (values[:, None] - values) ** 2
    return apart


def _with_interval(value: float, spread: Floats) -> Alpha:
    known = spread[np.isfinite(spread)]
    if not len(known):
        return Alpha(float(value), np.nan, np.nan)
    low, high = np.quantile(known, [_TAIL, 1 - _TAIL])
    return Alpha(float(value), float(low), float(high))


def confusion(crowd: Crowd, posterior: Floats) -> Floats:
    """(true, given) expected number of answers; a task counts for each label as far as ``posterior`` gives it."""
    table: Floats = posterior.T @ crowd.count()
    return table
