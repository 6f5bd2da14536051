"""Enhanced Bayesian classifier combination: labels have hidden subtypes, so that workers can err together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.special import digamma, gammaln

from tasks.quality.crowd import Crowd, Floats, softmax
from tasks.quality.kernel import Numbers, Table, precision
from tasks.quality.passes import agreement, finished, pinned, votes


@dataclass(slots=True)
class Ebcc:
    """Mean-field variational Bayes over (label, subtype) of each task; each subtype has tables of its own.

    The best of ``restarts`` by its bound on the evidence; subtypes are drawn with ``seed``. The bound is the
    collapsed one: ``Σ log B(posterior) − log B(prior)`` of all Dirichlets, and the entropy of the assignments.
    (Li, Rubinstein and Cohn 2019, "Exploiting worker correlation for label aggregation in crowdsourcing".)
    """

    seed: int = 0
    subtypes: int = 10
    concentration: float = 0.1
    """Of a label's subtypes, all together."""
    right: float = 4.0
    wrong: float = 1.0
    restarts: int = 5
    most_passes: int = 100
    tolerance: float = 1e-4
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``. Raises UnwieldyError."""
        table = Table(crowd, precision(crowd), states=crowd.labels * self.subtypes)
        rng = np.random.default_rng(self.seed)
        found = [self._run(crowd, table, rng) for _ in range(self.restarts)]
        _bound, best = max(found, key=lambda pair: pair[0])
        self.posterior_ = finished(best, crowd)
        self.skill_ = agreement(crowd, self.posterior_)
        return self

    def _run(self, crowd: Crowd, table: Table, rng: np.random.Generator) -> tuple[float, Numbers]:
        """Bound and (tasks, labels) posterior from a random start."""
        labels: Numbers = votes(crowd).astype(table.precision)
        before = labels.sum(axis=0)
        drawn: Numbers = rng.dirichlet(np.ones(self.subtypes), (crowd.tasks, crowd.labels)).astype(table.precision)
        states: Numbers = drawn * labels[:, :, None]
        for _ in range(self.most_passes):
            subtypes = self.concentration / self.subtypes + states.sum(axis=0)
            shares = before + labels.sum(axis=0)
            tables = table.counts(states.reshape(crowd.tasks, -1)) + self._prior(crowd.labels, table)
            logs = table.evidence(_expected_log(tables))
            logs += (_expected_log(subtypes) + _expected_log(shares)[:, None]).reshape(-1).astype(logs.dtype)
            states = softmax(logs).reshape(states.shape)
            old, labels = labels, _known(states, crowd)
            if np.abs(labels - old).sum(dtype=np.float64) <= self.tolerance * crowd.tasks:
                break
        return _log_beta(subtypes) + _log_beta(shares) + _log_beta(tables) + _entropy(states), labels

    def _prior(self, labels: int, table: Table) -> Numbers:
        """(states, given) counts before any answer."""
        prior = np.full((labels, labels), self.wrong, table.precision)
        np.fill_diagonal(prior, self.right)
        return prior.repeat(self.subtypes, axis=0)


def _known(states: Numbers, crowd: Crowd) -> Numbers:
    """(tasks, labels) sums over the subtypes; ``states`` (tasks, labels, subtypes) are pinned to known labels."""
    where, label = crowd.known()
    held = states[where, label]
    states[where] = 0
    states[where, label] = held / np.maximum(held.sum(axis=1, keepdims=True), np.finfo(held.dtype).tiny)
    return pinned(states.sum(axis=2), crowd)


def _expected_log(counts: Numbers) -> Numbers:
    """Of Dirichlet shares along the last axis."""
    logs: Numbers = digamma(counts) - digamma(counts.sum(axis=-1, keepdims=True))
    return logs


def _log_beta(counts: Numbers) -> float:
    """Sum of the logarithms of the Beta functions of Dirichlets along the last axis."""
    return float(gammaln(counts).sum(dtype=np.float64) - gammaln(counts.sum(axis=-1)).sum(dtype=np.float64))


def _entropy(states: Numbers) -> float:
    return -float((states * np.log(np.maximum(states, np.finfo(states.dtype).tiny))).sum(dtype=np.float64))
