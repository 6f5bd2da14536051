"""Known answers that the crowd contradicts so strongly that the known answer itself is in doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.quality.crowd import UNKNOWN, Crowd, Floats, Ints
from tasks.quality.kernel import MOST_CELLS

_FEW = 0.1
"""A share of right answers that nearly everybody misses."""
_CHANCE = 1e-3
"""How improbable so few right answers must be for people like these."""
_HALF = 0.5
_SOME = 20
"""Answers to known tasks from which the whole set can be judged."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """``tasks`` whose known answer is in doubt; ``whole`` when the set as one is, and they are all of it."""

    tasks: Ints
    whole: bool


def doubted(crowd: Crowd) -> Doubt:
    """Judge ``crowd.gold`` by the answers, without using it.

    How often a worker's answers are those of the others who had the same tasks says how many right answers a known
    task should have, at least. The whole set is in doubt if there are fewer than half as many. A task is, if at most
    one answer in ten is right and that is improbable by Hoeffding's bound ``exp(−2 n d²)``, where d is how far the
    share falls short: five agreeing answers of good workers are needed, so that a task that is merely hard keeps its
    known answer. Where nobody shares a task with anybody, nothing is in doubt.
    """
    where, _known = crowd.known()
    if not len(where) or crowd.gold is None:
        return Doubt(np.empty(0, np.int32), whole=False)
    expected = _by_task(crowd, _like_others(crowd)[crowd.worker])[where]
    right = _by_task(crowd, (crowd.label == crowd.gold[crowd.task]).astype(np.float64))[where]
    answers = _by_task(crowd, np.ones(len(crowd)))[where]
    if answers.sum() >= _SOME and right.sum() < _HALF * expected.sum():
        return Doubt(where[answers > 0].astype(np.int32), whole=True)
    asked = np.maximum(answers, 1)
    short = np.maximum(expected - right, 0) / asked
    wrong = (right <= _FEW * answers) & (np.exp(-2 * asked * short**2) < _CHANCE)
    return Doubt(where[wrong].astype(np.int32), whole=False)


def _like_others(crowd: Crowd) -> Floats:
    """(workers,) share of the others' answers to the same tasks that are as theirs; 0 where there are none."""
    others = np.bincount(crowd.task, minlength=crowd.tasks)[crowd.task] - 1
    alike = _same(crowd) - 1
    shares = np.divide(alike, others, out=np.zeros(len(crowd)), where=others > 0)
    total = np.bincount(crowd.worker, weights=shares, minlength=crowd.workers)
    shared = np.bincount(crowd.worker, weights=others > 0, minlength=crowd.workers)
    like: Floats = np.divide(total, shared, out=np.zeros(crowd.workers), where=shared > 0)
    return like


def _same(crowd: Crowd) -> Ints:
    """(answers,) how many answers to the same task are the same, with the answer itself."""
    cell = crowd.cell
    if crowd.tasks * crowd.labels > MOST_CELLS:
        _cells, cell = np.unique(cell, return_inverse=True)
    same: Ints = np.bincount(cell)[cell].astype(np.int32)
    return same


def _by_task(crowd: Crowd, weights: Floats) -> Floats:
    return np.bincount(crowd.task, weights=weights, minlength=crowd.tasks).astype(np.float64, copy=False)


def trusted(gold: Ints, doubt: Doubt) -> Ints:
    """(tasks,) ``gold`` without what is in doubt; all of it, if the whole set is."""
    if doubt.whole:
        return np.full_like(gold, UNKNOWN)
    kept = gold.copy()
    kept[doubt.tasks] = UNKNOWN
    return kept
