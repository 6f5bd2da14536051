"""Independent Bayesian classifier combination: Dawid–Skene with priors, and honest about few answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.special import digamma

from tasks.quality.crowd import Crowd, Floats, softmax
from tasks.quality.kernel import Numbers, Table, precision
from tasks.quality.passes import agreement, finished, pinned, repeated, votes


@dataclass(slots=True)
class Ibcc:
    """Mean-field variational Bayes: rows of each worker's table and the labels' shares are Dirichlet.

    ``right`` and ``wrong`` are the prior counts on the diagonal of a worker's table and off it, ``share`` that of a
    label: ``log p(truth) = E[log share] + Σ E[log table]``, where ``E[log] = ψ(count) − ψ(total)``.
    (Kim and Ghahramani 2012, "Bayesian classifier combination"; priors of Li, Rubinstein and Cohn 2019.)
    """

    right: float = 4.0
    wrong: float = 1.0
    share: float = 1.0
    most_passes: int = 200
    tolerance: float = 1e-5
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``. Raises UnwieldyError."""
        table = Table(crowd, precision(crowd))
        prior = np.full((crowd.labels, crowd.labels), self.wrong, table.precision)
        np.fill_diagonal(prior, self.right)

        def step(posterior: Numbers) -> Numbers:
            counts = table.counts(posterior)
            counts += prior
            total = digamma(counts.sum(axis=2, keepdims=True))
            logs = table.evidence(digamma(counts, out=counts) - total)
            logs += digamma(posterior.sum(axis=0) + self.share).astype(logs.dtype)
            return pinned(softmax(logs), crowd)

        start = votes(crowd).astype(table.precision)
        posterior, _passes = repeated(step, start, self.most_passes, self.tolerance)
        self.posterior_ = finished(posterior, crowd)
        self.skill_ = agreement(crowd, self.posterior_)
        return self
