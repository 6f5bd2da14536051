"""How much an answer says beyond the others on its task: people who err together count as less than as many."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from tasks.quality.crowd import Crowd, Floats, Ints
from tasks.quality.kernel import Numbers, precision

_SHARED_TASKS = 30.0
"""How many tasks in common independence counts as, before two people are taken to err together."""
BUSIEST = 2_000
"""Among so many workers with the most answers pairs are looked for: others share too few tasks to tell."""

_AT_ONCE = 1 << 24
"""Cells of a product that are held at once."""


def independence(crowd: Crowd, posterior: Floats, skill: Floats) -> Floats:
    """(answers,) the weight of each: ``1 / (1 + Σ_j r[i, j])`` over the others j on its task.

    ``r[i, j]`` is how far two workers' answers correlate beyond what ``posterior`` (tasks, labels) explains: their
    answers less what ``skill`` (workers,), the probability that theirs are right, lets expect, multiplied over the
    tasks they share, shrunk towards none; at least 0. A group of m who answer as one weighs as one. (The design
    effect of clustered samples: Kish 1965, "Survey sampling".)
    """
    busy = _busiest(crowd)
    alike = _alike(crowd, posterior, skill, busy)
    number = np.full(crowd.workers, -1, np.int32)
    number[busy] = np.arange(len(busy), dtype=np.int32)
    mine = number[crowd.worker]
    entry = np.flatnonzero(mine >= 0)
    there = csr_array(
        (np.ones(len(entry), precision(crowd)), (crowd.task[entry], mine[entry])), shape=(crowd.tasks, len(busy))
    )
    weights = np.ones(len(crowd))
    weights[entry] = 1 / (1 + _company(there, alike, crowd.task[entry], mine[entry]))
    return weights


def _company(there: csr_array, alike: csr_array, task: Ints, mine: Ints) -> Floats:
    """(entries,) of ``there @ alike`` at those tasks and workers, some tasks at a time: all of it may be dense."""
    found = np.empty(len(task))
    order = np.argsort(task, kind="stable")
    rows = max(_AT_ONCE // alike.shape[0], 1)
    for first in range(0, there.shape[0], rows):
        begin, end = np.searchsorted(task, [first, first + rows], sorter=order)
        these = order[begin:end]
        found[these] = _at(csr_array(there[first : first + rows] @ alike), task[these] - first, mine[these])
    return found


def _busiest(crowd: Crowd) -> Ints:
    """Numbers of the workers with the most answers, of equal ones the first."""
    given = np.bincount(crowd.worker, minlength=crowd.workers)
    busy: Ints = np.sort(np.argsort(-given, kind="stable")[:BUSIEST]).astype(np.int32)
    return busy


def _alike(crowd: Crowd, posterior: Floats, skill: Floats, busy: Ints) -> csr_array:
    """(busy, busy) shrunk correlations above 0 of what two workers' answers have beyond the posterior."""
    number = np.full(crowd.workers, -1, np.int32)
    number[busy] = np.arange(len(busy), dtype=np.int32)
    entry = np.flatnonzero(number[crowd.worker] >= 0)
    mine, task = number[crowd.worker[entry]], crowd.task[entry]
    expected: Numbers = _expected(posterior[task], skill[crowd.worker[entry]]).astype(precision(crowd), copy=False)
    spread = np.bincount(mine, weights=(expected * (1 - expected)).sum(axis=1), minlength=len(busy))
    spread = np.sqrt(spread / np.maximum(np.bincount(mine, minlength=len(busy)), 1))
    beyond: Numbers = np.negative(expected)
    beyond[np.arange(len(entry)), crowd.label[entry]] += 1
    products = _products(beyond, mine, task, (len(busy), crowd.tasks))
    shared = _products(np.ones((len(entry), 1), beyond.dtype), mine, task, (len(busy), crowd.tasks)).tocoo()
    row, column = shared.coords
    scale = (shared.data + _SHARED_TASKS) * spread[row] * spread[column]
    strength = _at(products, row, column) / np.maximum(scale, 1e-12)
    keep = (row != column) & (strength > 0)
    return csr_array((strength[keep], (row[keep], column[keep])), shape=shared.shape)


def _expected(posterior: Floats, skill: Floats) -> Floats:
    """(answers, labels) how probable each answer was: right with ``skill`` (answers,), else any other label alike."""
    wrong = (1 - skill[:, None]) / max(posterior.shape[1] - 1, 1)
    probable: Floats = posterior * (skill[:, None] - wrong) + wrong
    return probable


def _products(values: Numbers, worker: Ints, task: Ints, shape: tuple[int, int]) -> csr_array:
    """(workers, workers) sums over shared tasks of the scalar products of ``values`` (answers, any)."""
    width = values.shape[1]
    column = (task.astype(np.int64)[:, None] * width + np.arange(width)).ravel()
    rows = csr_array((values.ravel(), (worker.repeat(width), column)), shape=(shape[0], shape[1] * width))
    return csr_array(rows @ rows.T)


def _at(matrix: csr_array, row: Ints, column: Ints) -> Floats:
    """Entries of a matrix, 0 where it has none."""
    found: Floats = np.asarray(matrix[row, column]).ravel()
    return found
