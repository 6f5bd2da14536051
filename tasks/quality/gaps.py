"""Tasks that able people get wrong more than others: the guideline probably has a gap there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from tasks.quality.crowd import Crowd, Floats, Ints

_FEWEST = 5
"""Answers from which a task is judged."""
_FALSE = 0.1
"""Share of the listed tasks that may be there by chance."""
_TYPICAL_WEIGHT = 4.0
"""Answers that the crowd's skill counts as, beside a worker's own."""
_LEAST = -0.999_999


@dataclass(frozen=True, slots=True)
class Gaps:
    """``tasks``, the most telling first, with the ``discrimination`` of each: below 0, and at least −1."""

    tasks: Ints
    discrimination: Floats


def gaps(crowd: Crowd, posterior: Floats) -> Gaps:
    """Tasks with negative discrimination, beyond what chance brings about.

    The discrimination of a task is the correlation, over those who answered it, of being right with their skill on
    the other tasks (the item-rest correlation of classical test theory: Lord and Novick 1968). Of those below 0 by
    Student's t, as many are listed as leave at most one in ten to chance (Benjamini and Hochberg 1995). Right is
    what ``posterior`` (tasks, labels) says, with known answers as certain.
    """
    right = posterior[crowd.task, crowd.label].astype(np.float64)
    skill = _skill_elsewhere(crowd, right)
    answers = np.bincount(crowd.task, minlength=crowd.tasks).astype(np.float64)
    found = _correlation(crowd, right, skill, answers)
    where = np.flatnonzero((answers >= _FEWEST) & np.isfinite(found))
    chance = _chance(found[where].clip(min=_LEAST), answers[where])
    order = np.lexsort((where, chance))
    listed = _rate_kept(chance[order], len(where))
    chosen = where[order[:listed]]
    return Gaps(chosen.astype(np.int32), found[chosen])


def _skill_elsewhere(crowd: Crowd, right: Floats) -> Floats:
    """(answers,) the share of right answers of each author on other tasks, leaning on the crowd's."""
    total = np.bincount(crowd.worker, weights=right, minlength=crowd.workers)[crowd.worker] - right
    given = np.bincount(crowd.worker, minlength=crowd.workers)[crowd.worker] - 1
    typical = right.mean() if len(right) else 0.0
    skill: Floats = (total + _TYPICAL_WEIGHT * typical) / (given + _TYPICAL_WEIGHT)
    return skill


def _correlation(crowd: Crowd, one: Floats, other: Floats, answers: Floats) -> Floats:
    """(tasks,) Pearson's correlation within each task; not a number where either does not vary."""

    def centred(values: Floats) -> Floats:
        means = np.bincount(crowd.task, weights=values, minlength=crowd.tasks) / np.maximum(answers, 1)
        return values - means[crowd.task]

    def summed(values: Floats) -> Floats:
        return np.bincount(crowd.task, weights=values, minlength=crowd.tasks).astype(np.float64, copy=False)

    one, other = centred(one), centred(other)
    scale = np.sqrt(summed(one * one) * summed(other * other))
    found: Floats = np.divide(summed(one * other), scale, out=np.full(crowd.tasks, np.nan), where=scale > 1e-9)  # noqa: PLR2004 - rounding
    return found


def _chance(correlation: Floats, answers: Floats) -> Floats:
    """Probability of a correlation that low if there is none: Student's t with answers − 2 degrees of freedom."""
    free = answers - 2
    chance: Floats = stdtr(free, correlation * np.sqrt(free / (1 - correlation.clip(max=-_LEAST) ** 2)))
    return chance


def _rate_kept(chance: Floats, tests: int) -> int:
    """How many of the rising probabilities may be believed."""
    below = np.flatnonzero(chance <= _FALSE * np.arange(1, len(chance) + 1) / max(tests, 1))
    return int(below[-1]) + 1 if len(below) else 0
