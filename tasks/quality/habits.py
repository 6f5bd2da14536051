"""What is usual in a crowd, learned from those who seem to look: how each label is recognised and where errors go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import digamma, expit, logit

from tasks.quality.crowd import Crowd, Floats, softmax
from tasks.quality.kernel import Numbers, Table
from tasks.quality.passes import pinned
from tasks.quality.sheets import Sheets

_OWN = 6.0
"""Answers of one truth that what is usual counts for against a worker's own table."""
_STRAY = 0.02
"""Share of answers that anybody gives without looking."""
_UNSURE = 0.01
"""What is left to doubt of the others' belief about a task, which counts its voices as independent."""
_TOGETHER = 1 << 14
"""Workers whose tables are made together, so that they fit memory."""
_SURE = 0.995
"""No label is recognised more often than that, nor less often than ``_STRAY``."""


@dataclass(frozen=True, slots=True)
class Habits:
    """A crowd's habits, and what they make of its answers."""

    shares: Floats
    """(labels,) how frequent each label is among the answers."""
    prior: Floats
    """(labels,) how frequent each is among the tasks."""
    right: Floats
    """(labels,) how often each is recognised."""
    slips: Floats
    """(labels, labels) where an error goes: for each truth the shares of the other labels."""
    says: Numbers
    """(workers, given, truth) what an answer adds to the logarithms of a task: log-likelihood times its weight."""
    logs: Numbers
    """(tasks, truth) logarithms of what all answers together say, up to a constant."""

    def table(self, ability: float) -> Floats:
        """(truth, given) probabilities of the answers of somebody whose odds of being right are e^ability as usual."""
        return usual(self.right, self.slips, self.shares, ability)

    def posterior(self, crowd: Crowd) -> Numbers:
        """(tasks, labels) what is believed; known answers are certain."""
        return pinned(softmax(self.logs.copy()), crowd)


def usual(right: Floats, slips: Floats, shares: Floats, ability: Numbers | float) -> Floats:
    """(…, truth, given) probabilities for one ``ability`` or an array (…) of them."""
    able = expit(logit(right) + np.asarray(ability)[..., None])
    table = (1 - able)[..., None] * slips
    truth = np.arange(len(right))
    table[..., truth, truth] = able
    mixed: Floats = (1 - _STRAY) * table + _STRAY * shares
    return mixed


def learn(table: Table, crowd: Crowd, posterior: Numbers, weight: Floats) -> Habits:
    """One pass of iBCC in which a worker's table is shrunk to what is usual at their accuracy.

    ``weight`` (workers,) is what each one's answers count for: the probability that they inform, less where others
    say the same from the same source. (Kim and Ghahramani 2012; the hierarchy of Paun et al., TACL 6, 2018.)
    """
    counts = table.counts(posterior)
    shares: Numbers = (np.bincount(crowd.label, minlength=crowd.labels) + 0.5) / (len(crowd) + 0.5 * crowd.labels)
    prior = posterior.sum(axis=0, dtype=np.float64) + 1
    prior /= prior.sum()
    right, slips, typical = _pooled(np.einsum("wkl,w->kl", counts, weight))
    hits = np.einsum("wkk->w", counts)
    accuracy = (hits + 4 * typical) / (counts.sum(axis=(1, 2)) + 4)
    ability = logit(accuracy) - logit(typical)
    for part in _parts(len(weight)):
        own = counts[part] + _OWN * usual(right, slips, shares, ability[part])
        logs = digamma(own) - digamma(own.sum(axis=2, keepdims=True))
        counts[part] = logs * weight[part, None, None]
    said = table.evidence(counts) + np.log(prior).astype(table.precision)
    return Habits(shares, prior, right, slips, counts.transpose(0, 2, 1), said)


def _parts(workers: int) -> Iterator[slice]:
    return (slice(first, first + _TOGETHER) for first in range(0, workers, _TOGETHER))


def _pooled(pool: Floats) -> tuple[Floats, Floats, float]:
    """Of pooled counts (truth, given): how often each truth is recognised, where errors go, the mean accuracy.

    Where there are many labels an error is hardly seen twice: then they go where errors go whatever the truth, or
    everybody's own errors would look usual.
    """
    labels = len(pool)
    typical = float((np.trace(pool) + 1) / (pool.sum() + 2))
    right = (np.diag(pool) + 5 * typical) / (pool.sum(axis=1) + 5)
    errors = pool * (1 - np.eye(labels))
    common = np.tile(errors.sum(axis=0) + 1, (labels, 1)) * (1 - np.eye(labels))
    slips = errors + max(10, labels**2 / 10) * common / common.sum(axis=1, keepdims=True).clip(1e-9)
    return right.clip(_STRAY, _SURE), slips / slips.sum(axis=1, keepdims=True).clip(1e-9), typical


Company = csr_array
"""(answers, answers) ones where somebody alike has answered the same task, both numbered as in the sheets."""


def others(habits: Habits, crowd: Crowd, block: Sheets, whole: Sheets, company: Company | None) -> Floats:
    """(answers, labels) what the others say about each answer's task: without its author and whoever is alike.

    Known answers are certain: then it is what is known.
    """
    told = habits.logs[block.task] - habits.says[block.worker + np.int32(block.first_worker), block.label]
    if company is not None:
        rows = company[block.first_answer : block.first_answer + len(block)]
        told -= _said_by(habits, whole, rows)
    belief = softmax(told.astype(np.float64, copy=False))
    belief *= 1 - _UNSURE
    belief += _UNSURE * habits.prior
    return _known(belief, crowd, block)


def _said_by(habits: Habits, whole: Sheets, rows: Company) -> Floats:
    there = rows.indices
    said = habits.says[whole.worker[there], whole.label[there]]
    each = csr_array((np.ones(len(there)), np.arange(len(there)), rows.indptr), shape=(rows.shape[0], len(there)))
    sums: Floats = each @ said
    return sums


def _known(belief: Floats, crowd: Crowd, block: Sheets) -> Floats:
    if crowd.gold is not None:
        gold = crowd.gold[block.task]
        where = np.flatnonzero(gold >= 0)
        belief[where] = 0
        belief[where, gold[where]] = 1
    return belief
