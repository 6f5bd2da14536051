"""What the methods of aggregation share: where they start, how they repeat, and how they end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tasks.quality.crowd import Crowd, Floats
from tasks.quality.kernel import Numbers, affordable

_AT_ONCE = 1 << 16


def votes(crowd: Crowd, weights: Floats | None = None) -> Floats:
    """(tasks, labels) shares of the votes, by ``weights`` (answers,); known answers are certain.

    Raises UnwieldyError.
    """
    affordable(crowd.tasks, crowd.labels)
    shares = crowd.count(weights)
    total = shares.sum(axis=1)
    shares[total == 0] = 1 / crowd.labels
    shares /= np.where(total > 0, total, 1)[:, None]
    return pinned(shares, crowd)


def pinned(posterior: Numbers, crowd: Crowd) -> Numbers:
    """``posterior``, changed so that tasks with a known answer are certain of it."""
    where, label = crowd.known()
    posterior[where] = 0
    posterior[where, label] = 1
    return posterior


def finished(posterior: Numbers, crowd: Crowd) -> Floats:
    """``posterior`` as a method leaves it: double, and even where nobody answered and nothing is known."""
    asked = np.bincount(crowd.task, minlength=crowd.tasks) > 0
    result: Floats = posterior.astype(np.float64, copy=False)
    result[~asked] = 1 / crowd.labels
    return pinned(result, crowd)


def agreement(crowd: Crowd, posterior: Numbers) -> Floats:
    """(workers,) expected share of right answers; of those without any, the crowd's."""
    hits = np.bincount(crowd.worker, weights=posterior[crowd.task, crowd.label], minlength=crowd.workers)
    given = np.bincount(crowd.worker, minlength=crowd.workers)
    typical = hits.sum() / max(len(crowd), 1)
    shares: Floats = np.divide(hits, given, out=np.full(crowd.workers, typical), where=given > 0)
    return shares


def repeated(step: Callable[[Numbers], Numbers], start: Numbers, most: int, tolerance: float) -> tuple[Numbers, int]:
    """``step`` again and again until a task changes by less than ``tolerance`` on average; and how often.

    The mean, not the largest change: among millions of tasks one always wavers, and the time would not be linear.
    """
    now = start
    for done in range(1, most + 1):
        before, now = now, step(now)
        if _change(before, now) <= tolerance * len(now):
            return now, done
    return now, most


def _change(before: Numbers, now: Numbers) -> float:
    """Sum of the absolute differences, some rows at a time: the tables may fill half the memory."""
    parts = (slice(first, first + _AT_ONCE) for first in range(0, len(now), _AT_ONCE))
    return sum(float(np.abs(now[part] - before[part]).sum(dtype=np.float64)) for part in parts)
