"""Bayesian weighted average: each label against the rest, workers weighed by the variance of their votes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tasks.quality.crowd import Crowd, Floats, normalised
from tasks.quality.kernel import Cells, Numbers, precision
from tasks.quality.passes import agreement, finished, pinned, repeated, votes

_TINY = 1e-12


@dataclass(slots=True)
class Bwa:
    """A vote y (1 for the label, else 0) is Normal around the task's truth z with the worker's precision v.

    ``v = (a + answers) / (b + Σ (z − y)²)`` and ``z = (λ · mean z + Σ v y) / (λ + Σ v)`` until nothing moves;
    ``b`` is ``a`` times the variance of the votes, corrected by ``4 (1 − 1/K)``. All labels run side by side.
    (Li, Rubinstein and Cohn 2019, "Truth inference at scale: a Bayesian model for adjudicating highly redundant
    crowd annotations".)
    """

    strength: float = 15.0
    """a, the prior's weight in answers."""
    pull: float = 1.0
    """λ, of the mean of all tasks."""
    most_passes: int = 100
    tolerance: float = 1e-5
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``. Raises UnwieldyError."""
        cells = Cells(crowd, precision(crowd))
        given = np.bincount(crowd.worker, minlength=crowd.workers)[:, None]
        answers = cells.to_workers(np.ones((crowd.tasks, crowd.labels), cells.precision))
        share = votes(crowd).astype(cells.precision)
        prior = self.strength * self._variance(crowd, share)

        def step(truth: Numbers) -> Numbers:
            # Σ (z − y)² is Σ z² over all answers, and (z − 1)² in place of z² where the label is the one given.
            away = cells.all_to_workers(truth * truth) + answers - 2 * cells.to_workers(truth)
            weight = (self.strength + given) / (prior + away.clip(min=0) + _TINY)
            pulled = cells.to_tasks(weight)
            pulled += self.pull * truth.mean(axis=0)
            pulled /= cells.all_to_tasks(weight) + self.pull
            return pinned(pulled, crowd)

        truth, _passes = repeated(step, share, self.most_passes, self.tolerance)
        self.posterior_ = finished(normalised(truth.clip(min=0)), crowd)
        self.skill_ = agreement(crowd, self.posterior_)
        return self

    def _variance(self, crowd: Crowd, share: Numbers) -> Floats:
        """(labels,) of the votes around the shares of their tasks."""
        asked = np.bincount(crowd.task, minlength=crowd.tasks)
        spread: Floats = asked @ (share * (1 - share)) / max(len(crowd), 1) * 4 * (1 - 1 / crowd.labels)
        return spread
