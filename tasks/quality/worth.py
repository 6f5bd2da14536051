"""What the next answer to a task is worth: how much it is expected to tell, and where answers have stopped telling.

Doubt, information and expected fall of the error order tasks alike; what helps is to damp them by the answers that a
task has already had in vain, and to renew beliefs often (docs/decisions/dynamic-overlap.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tasks.quality.crowd import Floats, Ints

_LATER = 1e-3
"""What is left of the worth where the most answers are in: such a task comes after all others."""


def worth(chances: Sequence[float], answers: int, most: int | None = None) -> float:
    """The probability that the task's most probable label is wrong, over √(answers + 1); at ``most`` a thousandth.

    The root is the step by which a mean still moves with its next member. Without it, tasks that stay in doubt
    whatever is asked take the answers that find the errors among those where two have agreed.
    """
    doubt = max(0.0, 1 - max(chances))
    return doubt / math.sqrt(answers + 1) * (1 if most is None or answers < most else _LATER)


def worths(posterior: Floats, answers: Ints, most: int | None = None) -> Floats:
    """(tasks,) ``worth`` of each from ``posterior`` (tasks, labels) and ``answers`` (tasks,)."""
    doubt = (1 - posterior.max(axis=1)).clip(min=0)
    value: Floats = doubt / np.sqrt(answers + 1)
    return value if most is None else np.where(answers < most, value, value * _LATER)


def information(chances: Sequence[float], table: Sequence[Sequence[float]]) -> float:
    """Bits that the answer of somebody with this confusion table is expected to tell of the truth.

    ``table[k][l]`` is the probability that they answer ``l`` where ``k`` is true; rows sum to one. The mutual
    information of truth and answer, H(Σ_k q_k p(· | k)) − Σ_k q_k H(p(· | k)), with the chances q of the labels
    (Lindley 1956, "On a measure of the information provided by an experiment"): 0 for somebody whose answers do not
    depend on the truth, and as much for one who always takes two labels for each other as for one who is always
    right. O(labels²).
    """
    answers = [0.0] * len(chances)
    rows = 0.0
    for chance, row in zip(chances, table, strict=True):
        if chance <= 0:
            continue
        for label, share in enumerate(row):
            if share > 0:
                answers[label] += chance * share
                rows -= chance * share * math.log2(share)
    told = -math.fsum(share * math.log2(share) for share in answers if share > 0)
    return max(0.0, told - rows)


def informations(posterior: Floats, table: Floats) -> Floats:
    """(tasks,) ``information`` of one worker's answer to each, from ``posterior`` (tasks, labels) and their table."""
    told = _surprise(posterior @ table).sum(axis=1)
    left = posterior @ _surprise(table).sum(axis=1)
    value: Floats = (told - left).clip(min=0)
    return value


def _surprise(shares: Floats) -> Floats:
    bits: Floats = np.zeros_like(shares)
    some = shares > 0
    bits[some] = -shares[some] * np.log2(shares[some])
    return bits
