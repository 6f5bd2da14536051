"""How probable a worker's answers are if they do not depend on the tasks, or since some answer no longer do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from tasks.quality.crowd import Floats, Ints
from tasks.quality.sheets import Sheets

FAITHFUL = 0.97
"""How often somebody who always gives one label, or another's answer, does."""
_AWAKE, _ASLEEP = 5, 5
"""Fewest answers before somebody falls asleep, and since."""


def by_chance(block: Sheets) -> Floats:
    """(workers,) log-probability if each label is as likely as any other."""
    result: Floats = block.given * -np.log(block.labels)
    return result


def by_shares(block: Sheets, shares: Floats) -> Floats:
    """(workers,) the same if labels are drawn as frequently as the crowd gives them."""
    result: Floats = block.by_label() @ np.log(shares)
    return result


def by_one_label(block: Sheets, shares: Floats) -> Floats:
    """(workers,) the same if it is nearly always one label, whichever."""
    counts = block.by_label()
    astray = np.log((1 - FAITHFUL) * shares)
    gain = np.log(FAITHFUL + (1 - FAITHFUL) * shares) - astray
    each = (counts @ astray)[:, None] + counts * gain + np.log(shares)
    result: Floats = logsumexp(each, axis=1)
    return result


def asleep(block: Sheets, chance: Floats, abilities: Floats) -> tuple[Floats, Ints]:
    """(workers,) the same if they look at first, and from some answer on give any label alike; and how many before.

    A change point, each place as likely: Σ_s p(answers before s | looks) · labels^−(answers since) / answers.
    ``chance`` (abilities, answers) is that of ``chances``, ``abilities`` how frequent each is. Without enough answers
    the log-probability is −∞, and the place 0.
    """
    summed = np.zeros((len(chance), len(block) + 1))
    np.cumsum(np.log(chance), axis=1, out=summed[:, 1:])
    place = np.arange(len(block))
    start, end = block.begin[:-1][block.worker], block.begin[1:][block.worker]
    place = np.flatnonzero((place - start >= _AWAKE) & (end - place >= _ASLEEP))
    worker = block.worker[place]
    with np.errstate(divide="ignore"):
        before = logsumexp(summed[:, place] - summed[:, start[place]] + np.log(abilities)[:, None], axis=0)
    since = (end[place] - place) * -np.log(block.labels)
    return _summed(block.workers, worker, before + since - np.log(block.given[worker]), place - start[place])


def _summed(workers: int, worker: Ints, logs: Floats, before: NDArray[np.intp]) -> tuple[Floats, Ints]:
    """(workers,) logarithm of the sum of each one's ``exp(logs)``; and ``before`` where that is largest, the first."""
    total, best = np.full(workers, -np.inf), np.zeros(workers, np.int32)
    if not len(worker):
        return total, best
    begin = np.flatnonzero(np.diff(worker, prepend=-1))
    top = np.maximum.reduceat(logs, begin)
    each = np.diff(begin, append=len(worker))
    total[worker[begin]] = top + np.log(np.add.reduceat(np.exp(logs - np.repeat(top, each)), begin))
    highest = np.flatnonzero(logs == np.repeat(top, each))[::-1]
    best[worker[highest]] = before[highest]
    return total, best
