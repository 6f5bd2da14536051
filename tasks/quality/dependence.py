"""How much an answer says beyond the others on its task: people who err together count as less than as many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tasks.quality.crowd import Crowd, Floats, Ints
from tasks.quality.kernel import Numbers, grouped, precision

_SHARED_TASKS = 30.0
"""How many tasks in common independence counts as, before two people are taken to err together."""
BUSIEST = 2_000
"""Among so many workers with the most answers pairs are looked for: others share too few tasks to tell."""

_AT_ONCE = 1 << 21
"""Cells of a product that are held at once: 16 MB."""
_ANSWERS_AT_ONCE = 1 << 17


def independence(crowd: Crowd, posterior: Floats, skill: Floats) -> Floats:
    """(answers,) the weight of each: ``1 / (1 + Σ_j r[i, j])`` over the others j on its task.

    ``r[i, j]`` is how far two workers' answers correlate beyond what ``posterior`` (tasks, labels) explains: their
    answers less what ``skill`` (workers,), the probability that theirs are right, lets expect, multiplied over the
    tasks they share, shrunk towards none; at least 0. A group of m who answer as one weighs as one. (The design
    effect of clustered samples: Kish 1965, "Survey sampling".)
    """
    busy = _busiest(crowd)
    alike = _alike(crowd, posterior, skill, busy)
    entry, mine = _entries(crowd, busy)
    asked = np.bincount(crowd.task[entry], minlength=crowd.tasks)
    together = asked[crowd.task[entry]] > 1
    entry, mine = entry[together], mine[together]
    weights = np.ones(len(crowd))
    weights[entry] = 1 / (1 + _company(alike, crowd.task[entry], mine))
    return weights


def _entries(crowd: Crowd, busy: Ints) -> tuple[NDArray[np.intp], Ints]:
    """Answers of the busy, and the place of each author among them."""
    number = np.full(crowd.workers, -1, np.int32)
    number[busy] = np.arange(len(busy), dtype=np.int32)
    entry = np.flatnonzero(number[crowd.worker] >= 0)
    return entry, number[crowd.worker[entry]]


def _company(alike: Numbers, task: Ints, mine: Ints) -> Numbers:
    """(entries,) sum of ``alike`` (busy, busy) over the others on the task of each, some tasks at a time."""
    _tasks, place = np.unique(task, return_inverse=True)
    order, begin = grouped(place.astype(np.int32), len(_tasks))
    there = csr_array((np.ones(len(task), alike.dtype), mine[order], begin), shape=(len(_tasks), len(alike)))
    found = np.empty(len(task), alike.dtype)
    rows = max(_AT_ONCE // len(alike), 1)
    for first in range(0, len(_tasks), rows):
        these = order[begin[first] : begin[min(first + rows, len(_tasks))]]
        found[these] = (there[first : first + rows] @ alike)[place[these] - first, mine[these]]
    return found


def _busiest(crowd: Crowd) -> Ints:
    """Numbers of the workers with the most answers, of equal ones the first."""
    given = np.bincount(crowd.worker, minlength=crowd.workers)
    busy: Ints = np.sort(np.argsort(-given, kind="stable")[:BUSIEST]).astype(np.int32)
    return busy


def _alike(crowd: Crowd, posterior: Floats, skill: Floats, busy: Ints) -> Numbers:
    """(busy, busy) shrunk correlations of what two workers' answers have beyond the posterior; at least 0."""
    entry, mine = _entries(crowd, busy)
    kind, shape = precision(crowd), (len(busy), len(busy))
    strength, shared, variance = np.zeros(shape, kind), np.zeros(shape, kind), np.zeros(len(busy))
    for some in _portions(crowd.task[entry], crowd.tasks):
        answers, who = entry[some], mine[some]
        task = crowd.task[answers]
        expected: Numbers = _expected(posterior[task], skill[crowd.worker[answers]]).astype(kind, copy=False)
        variance += np.bincount(who, weights=(expected * (1 - expected)).sum(axis=1), minlength=len(busy))
        beyond: Numbers = np.negative(expected, out=expected)
        beyond[np.arange(len(answers)), crowd.label[answers]] += 1
        strength += _products(beyond, who, task, (len(busy), crowd.tasks))
        shared += _products(np.ones((len(answers), 1), kind), who, task, (len(busy), crowd.tasks))
    spread = np.sqrt(variance / np.maximum(np.bincount(mine, minlength=len(busy)), 1))
    strength /= np.maximum((shared + _SHARED_TASKS) * spread[:, None] * spread, 1e-12).astype(kind)
    np.fill_diagonal(strength, 0)
    return strength.clip(min=0, out=strength)


def _portions(task: Ints, tasks: int) -> Iterator[NDArray[np.int32]]:
    """The places of the answers of some tasks at a time: what is made of them in between is not large."""
    order, begin = grouped(task, tasks)
    first = 0
    while first < tasks:
        last = max(int(np.searchsorted(begin, begin[first] + _ANSWERS_AT_ONCE, side="right")) - 1, first + 1)
        yield order[begin[first] : begin[last]]
        first = last


def _expected(posterior: Floats, skill: Floats) -> Floats:
    """(answers, labels) how probable each answer was: right with ``skill`` (answers,), else any other label alike."""
    wrong = (1 - skill[:, None]) / max(posterior.shape[1] - 1, 1)
    probable: Floats = posterior * (skill[:, None] - wrong) + wrong
    return probable


def _products(values: Numbers, worker: Ints, task: Ints, shape: tuple[int, int]) -> Numbers:
    """(workers, workers) sums over shared tasks of the scalar products of ``values`` (answers, any)."""
    width = values.shape[1]
    column = (task.astype(np.int64)[:, None] * width + np.arange(width)).ravel()
    rows = csr_array((values.ravel(), (worker.repeat(width), column)), shape=(shape[0], shape[1] * width))
    products: Numbers = (rows @ rows.T).toarray()
    return products
