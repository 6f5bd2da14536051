"""Dawid–Skene: each worker has a table of what they say when something is true."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tasks.quality.crowd import Crowd, Floats, softmax
from tasks.quality.kernel import Numbers, Table, precision
from tasks.quality.passes import agreement, finished, pinned, repeated, votes


@dataclass(slots=True)
class DawidSkene:
    """EM from the majority's vote for ``p(truth) ∏ p(answer | truth, worker)``.

    ``smoothing`` answers are added to each cell of a worker's table, so that nothing seen once is certain.
    (Dawid and Skene 1979, "Maximum likelihood estimation of observer error-rates using the EM algorithm".)
    """

    smoothing: float = 0.01
    most_passes: int = 100
    tolerance: float = 1e-5
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``. Raises UnwieldyError."""
        table = Table(crowd, precision(crowd))

        def step(posterior: Numbers) -> Numbers:
            logs = table.evidence(self._log_confusion(table.counts(posterior)))
            logs += np.log(posterior.mean(axis=0) + self.smoothing / len(posterior)).astype(logs.dtype)
            return pinned(softmax(logs), crowd)

        start = votes(crowd).astype(table.precision)
        posterior, _passes = repeated(step, start, self.most_passes, self.tolerance)
        self.posterior_ = finished(posterior, crowd)
        self.skill_ = agreement(crowd, self.posterior_)
        return self

    def _log_confusion(self, counts: Numbers) -> Numbers:
        """Logarithms of the shares (workers, true, given) in ``counts``, which are overwritten."""
        counts += self.smoothing
        counts /= counts.sum(axis=2, keepdims=True)
        return np.log(counts, out=counts)
