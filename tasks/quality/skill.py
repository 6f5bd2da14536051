"""How able each worker is, with how sure that is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv

from tasks.quality.crowd import Crowd, Floats, Ints
from tasks.quality.passes import agreement

_TAIL = 0.025
_BEFORE = 0.5
"""Right and wrong answers before any, of Jeffreys's prior."""


class Skill(NamedTuple):
    """(workers,) each: share of right answers, its 95 % interval, answers."""

    share: Floats
    low: Floats
    high: Floats
    answers: Ints


def skill(crowd: Crowd, posterior: Floats) -> Skill:
    """Expected share of right answers by ``posterior`` (tasks, labels), and the Beta interval around it.

    The interval is that of Jeffreys: quantiles of Beta(right + ½, wrong + ½) (Brown, Cai and DasGupta 2001).
    """
    share = agreement(crowd, posterior)
    answers = np.bincount(crowd.worker, minlength=crowd.workers)
    right = share * answers + _BEFORE
    wrong = answers - share * answers + _BEFORE
    low, high = betaincinv(right, wrong, _TAIL), betaincinv(right, wrong, 1 - _TAIL)
    return Skill(share, np.minimum(low, share), np.maximum(high, share), answers.astype(np.int32))
