"""One-coin Dawid–Skene: a worker is right with one probability, whatever the truth, and errs evenly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tasks.quality.crowd import Crowd, Floats, softmax
from tasks.quality.kernel import Cells, Numbers, precision
from tasks.quality.passes import finished, pinned, repeated, votes

_BOUND = 1e-6
"""How near an accuracy may come to 0 and 1."""


@dataclass(slots=True)
class OneCoin:
    """EM for ``p(answer | truth) = s`` if it is right, ``(1 − s) / (K − 1)`` for each wrong label.

    ``s`` is the mean of a Beta posterior with ``right`` and ``wrong`` answers seen before; the shares of the labels
    are estimated too. (Zhang, Chen, Zhou and Jordan 2014, "Spectral methods meet EM"; ZenCrowd, Demartini 2012.)
    """

    right: float = 2.0
    wrong: float = 1.0
    most_passes: int = 100
    tolerance: float = 1e-5
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``."""
        cells = Cells(crowd, precision(crowd))
        given = np.bincount(crowd.worker, minlength=crowd.workers)

        def skill(posterior: Numbers) -> Floats:
            hits = cells.to_workers(posterior).sum(axis=1, dtype=np.float64)
            share: Floats = (hits + self.right) / np.maximum(given + self.right + self.wrong, _BOUND)
            return share.clip(_BOUND, 1 - _BOUND)

        def step(posterior: Numbers) -> Numbers:
            able = skill(posterior)
            weight = np.log(able * max(crowd.labels - 1, 1) / (1 - able))
            logs = cells.to_tasks(weight.repeat(crowd.labels))
            logs += np.log(posterior.mean(axis=0) + _BOUND).astype(logs.dtype)
            return pinned(softmax(logs), crowd)

        posterior, _passes = repeated(step, votes(crowd).astype(cells.precision), self.most_passes, self.tolerance)
        self.posterior_ = finished(posterior, crowd)
        self.skill_ = skill(self.posterior_)
        return self
