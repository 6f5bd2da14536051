"""Hierarchical confusion tables: each worker's own where the data support it, else what their accuracy suggests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from tasks.quality.crowd import Crowd, Floats, softmax
from tasks.quality.kernel import Numbers, Table, precision
from tasks.quality.passes import agreement, finished, pinned, repeated, votes

_NEWCOMER, _NEWCOMER_WEIGHT = 0.8, 1.0
"""The crowd's accuracy before anything is known of it, and how many answers that counts as."""
_BOUND = 0.005
"""Nobody is right or wrong for certain."""
_CROSSED = 2
"""Answers from which a task tells of those who gave them."""
_AT_ONCE = 20_000
"""Workers whose tables are made in one go: bounds the memory for what lies between."""

SHARED = 1e6
"""``Hierarchical.own`` for workers who differ in accuracy alone: nobody's own table counts beside the crowd's."""


@dataclass(slots=True)
class Hierarchical:
    """EM over confusion tables that lean on the worker's accuracy, that on the crowd's, the errors on the crowd's.

    With expected counts ``n[w, k, l]`` of worker ``w`` answering ``l`` where ``k`` is true, pooled over the crowd
    into ``P[k, l]``::

        a[w] = (Σ_k n[w, k, k] + crowd · A) / (n[w] + crowd)                   the worker's accuracy, A the crowd's
        e[w] = (Σ_k n[w, k] · P[k, k] + crowd · A) / (n[w] + crowd)            what the crowd would have on those tasks
        d[w, k] = expit(logit P[k, k] + logit a[w] − logit e[w])               as much better on each label
        m[w, k, l] = d[w, k] if l = k else (1 − d[w, k]) · P[k, l] / (1 − P[k, k])
        p(l | k, w) = (n[w, k, l] + own · m[w, k, l]) / (n[w, k] + own)

    so that somebody with three answers is like the crowd, with thirty is as right as they are, and with three hundred
    has a table of their own. (The hierarchical Dawid–Skene of Paun et al. 2018, "Comparing Bayesian models of
    annotation", by EM and with a shared shape of errors.)
    """

    own: float = 2.0
    """How many answers of a true label what the accuracy suggests counts as, beside the worker's own."""
    crowd: float = 4.0
    """How many answers the crowd's accuracy counts as, beside the worker's own."""
    pooled: float = 10.0
    """How many answers of a true label the crowd's plain accuracy counts as, beside its own table."""
    skewed: bool = True
    """Whether labels are taken to be as frequent as they appear; else all alike, so that none is drowned."""
    weights: Floats | None = None
    """(answers,) how much each counts, at most 1; all the same where None."""
    most_passes: int = 60
    tolerance: float = 1e-5
    start: Floats | None = None
    """(tasks, labels) where to begin; the shares of the votes where None."""
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)
    evidence_: Floats = field(init=False)
    """(tasks, labels) the posterior by the answers alone: tasks with a known answer are not pinned to it."""

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``. Raises UnwieldyError."""
        table = Table(crowd, precision(crowd), self.weights)
        start = votes(crowd, self.weights) if self.start is None else self.start
        unpinned: Numbers = start

        lone = np.bincount(crowd.task, minlength=crowd.tasks) < _CROSSED
        lone[crowd.known()[0]] = False

        def step(posterior: Numbers) -> Numbers:
            nonlocal unpinned
            learned = _crossed(posterior, lone)
            logs = table.evidence(self._log_confusion(table.counts(learned)))
            if self.skewed:
                shares = learned.sum(axis=0, dtype=np.float64) + 1
                logs += np.log(shares / shares.sum()).astype(logs.dtype)
            unpinned = softmax(logs)
            return pinned(unpinned.copy(), crowd) if crowd.gold is not None else unpinned

        posterior, _passes = repeated(step, start.astype(table.precision), self.most_passes, self.tolerance)
        self.evidence_ = unpinned
        self.posterior_ = finished(posterior, crowd)
        self.skill_ = agreement(crowd, self.posterior_)
        return self

    def _log_confusion(self, counts: Numbers) -> Numbers:
        """Logarithms of ``p(l | k, w)`` from expected counts (workers, true, given), which are overwritten."""
        pool = self._pool(counts.sum(axis=0, dtype=np.float64))
        for part in _parts(counts):
            smoothed = self._smoothed(part, pool)
            np.log(smoothed, out=part)
        return counts

    def _pool(self, counts: Floats) -> Floats:
        """(true, given) the crowd's table P."""
        labels = len(counts)
        accuracy = _accuracy(counts)
        plain = np.full((labels, labels), (1 - accuracy) / max(labels - 1, 1))
        np.fill_diagonal(plain, accuracy)
        pool: Floats = (counts + self.pooled * plain) / (counts.sum(axis=1, keepdims=True) + self.pooled)
        return pool

    def _smoothed(self, counts: Numbers, pool: Floats) -> Numbers:
        """``p(l | k, w)`` of some workers from their expected counts."""
        right, rows = counts.trace(axis1=1, axis2=2), counts.sum(axis=2)
        typical, known = pool.diagonal().clip(_BOUND, 1 - _BOUND), rows.sum(axis=1) + self.crowd
        lean = self.crowd * float(typical.mean())
        tilt = _logit((right + lean) / known) - _logit((rows @ pool.diagonal() + lean) / known)
        able = expit(logit(typical) + tilt[:, None])
        errors = pool * (1 - np.eye(len(pool)))
        errors /= np.maximum(errors.sum(axis=1, keepdims=True), 1e-12)
        expected = (1 - able)[:, :, None] * errors
        label = np.arange(len(pool))
        expected[:, label, label] = able
        smoothed: Numbers = (counts + self.own * expected) / (rows[:, :, None] + self.own)
        return smoothed


def _crossed(posterior: Numbers, lone: NDArray[np.bool_]) -> Numbers:
    """``posterior`` without the tasks that ``lone`` (tasks,) names: an answer alone is no evidence of errors.

    Where nobody overlaps, tables that turn everything into the most frequent label would explain it all as well.
    """
    if not lone.any():
        return posterior
    learned = posterior.copy()
    learned[lone] = 0
    return learned


def _accuracy(counts: Floats) -> float:
    """The crowd's, with a newcomer's for want of answers."""
    return float((counts.trace() + _NEWCOMER * _NEWCOMER_WEIGHT) / (counts.sum() + _NEWCOMER_WEIGHT))


def _logit(share: Numbers) -> Numbers:
    """Of shares kept off 0 and 1."""
    odds: Numbers = logit(share.clip(_BOUND, 1 - _BOUND))
    return odds


def _parts(counts: Numbers) -> Iterator[Numbers]:
    """Views of some workers' tables at a time."""
    for first in range(0, len(counts), _AT_ONCE):
        yield counts[first : first + _AT_ONCE]
