"""GLAD: workers have ability, tasks have difficulty, and what counts is the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from tasks.quality.crowd import Crowd, Floats, softmax
from tasks.quality.kernel import Numbers, affordable
from tasks.quality.passes import agreement, finished, pinned, repeated

_LONGEST = 1.0
"""Step of ability or easiness in one pass."""


@dataclass(slots=True)
class Glad:
    """EM for ``p(answer is right) = logistic(ability · exp(easiness))``; errors are even over the other labels.

    Ability and easiness have Normal priors of mean and deviation 1. Their maximisation is one bounded step of
    Newton's (Gauss's for the easiness) in each pass: it ends where a full one does, for a part of the time.
    (Whitehill, Ruvolo, Wu, Bergsma and Movellan 2009, "Whose vote should count more".)
    """

    most_passes: int = 200
    tolerance: float = 1e-5
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)
    ability_: Floats = field(init=False)
    """(workers,)"""
    easiness_: Floats = field(init=False)
    """(tasks,) the less, the harder."""

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``. Raises UnwieldyError."""
        affordable(crowd.tasks, crowd.labels)
        self.ability_, self.easiness_ = np.ones(crowd.workers), np.ones(crowd.tasks)
        start = self._posterior(crowd)
        posterior, _passes = repeated(lambda now: self._pass(crowd, now), start, self.most_passes, self.tolerance)
        self.posterior_ = finished(posterior, crowd)
        self.skill_ = agreement(crowd, self.posterior_)
        return self

    def _pass(self, crowd: Crowd, posterior: Numbers) -> Numbers:
        right = posterior[crowd.task, crowd.label]
        ease = np.exp(self.easiness_)[crowd.task]
        self.ability_ += _step(right, self.ability_, crowd.worker, ease, self.ability_[crowd.worker] * ease)
        able = self.ability_[crowd.worker]
        self.easiness_ += _step(right, self.easiness_, crowd.task, able * ease, able * ease)
        return self._posterior(crowd)

    def _posterior(self, crowd: Crowd) -> Numbers:
        """Labels are even before: what is known is that a right answer has odds of ``exp(product) · (K − 1)``."""
        odds = self.ability_[crowd.worker] * np.exp(self.easiness_)[crowd.task] + np.log(max(crowd.labels - 1, 1))
        return pinned(softmax(crowd.count(odds)), crowd)


def _step(right: Floats, now: Floats, owner: NDArray[np.int32], slope: Floats, product: Floats) -> Floats:
    """How far each of ``now`` (owners,) moves; ``slope`` (answers,) is what the product gains by it."""
    sure = expit(product)
    gradient = np.bincount(owner, weights=(right - sure) * slope, minlength=len(now)) - (now - 1)
    bend = np.bincount(owner, weights=sure * (1 - sure) * slope * slope, minlength=len(now)) + 1
    move: Floats = np.clip(gradient / bend, -_LONGEST, _LONGEST)
    return move
