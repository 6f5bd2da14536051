"""Wawa, worker agreement with aggregate: a vote counts as much as its author agrees with the majority."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tasks.quality.crowd import Crowd, Floats, normalised, predict
from tasks.quality.passes import finished, votes


@dataclass(slots=True)
class Wawa:
    """One weighted vote: a worker's weight is the share of their answers that are the majority's.

    Known answers stand in for the majority's where there are any. Method of Appen (Figure Eight); as in crowd-kit.
    """

    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``."""
        agrees = predict(votes(crowd))[crowd.task] == crowd.label
        given = np.bincount(crowd.worker, minlength=crowd.workers)
        hits = np.bincount(crowd.worker, weights=agrees, minlength=crowd.workers)
        typical = agrees.mean() if len(crowd) else 0.0
        self.skill_ = np.divide(hits, given, out=np.full(crowd.workers, typical), where=given > 0)
        self.posterior_ = finished(normalised(crowd.count(self.skill_[crowd.worker])), crowd)
        return self
