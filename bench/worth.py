"""What the next answer to each of many tasks is worth, for the rules that are measured against each other.

The product has its own, task by task, in the turn (``tasks.consensus.information``); both order tasks alike. What
helps is to damp it by the answers that a task has already had in vain, and to renew beliefs often
(docs/decisions/dynamic-overlap.md).
"""

from __future__ import annotations

import numpy as np

from tasks.quality.crowd import Floats, Ints

_LATER = 1e-3
"""What is left of the worth where the most answers are in: such a task comes after all others."""


def worths(posterior: Floats, answers: Ints, most: int | None = None) -> Floats:
    """(tasks,) the probability that a task's best label is wrong, over √(answers + 1); at ``most`` a thousandth.

    ``posterior`` is (tasks, labels), ``answers`` (tasks,). The root is the step by which a mean still moves with its
    next member. Without it, tasks that stay in doubt whatever is asked take the answers that find the errors among
    those where two have agreed.
    """
    doubt = (1 - posterior.max(axis=1)).clip(min=0)
    value: Floats = doubt / np.sqrt(answers + 1)
    return value if most is None else np.where(answers < most, value, value * _LATER)


def informations(posterior: Floats, table: Floats) -> Floats:
    """(tasks,) bits that the answer of somebody with this confusion table is expected to tell of each task's truth.

    ``table[k, l]`` is the probability that they answer ``l`` where ``k`` is true; rows sum to one. The mutual
    information of truth and answer, H(Σ_k q_k p(· | k)) − Σ_k q_k H(p(· | k)), with the chances q of the labels
    (Lindley 1956, "On a measure of the information provided by an experiment"): 0 for somebody whose answers do not
    depend on the truth, and as much for one who always takes two labels for each other as for one who is always
    right.
    """
    told = _surprise(posterior @ table).sum(axis=1)
    left = posterior @ _surprise(table).sum(axis=1)
    value: Floats = (told - left).clip(min=0)
    return value


def _surprise(shares: Floats) -> Floats:
    bits: Floats = np.zeros_like(shares)
    some = shares > 0
    bits[some] = -shares[some] * np.log2(shares[some])
    return bits
