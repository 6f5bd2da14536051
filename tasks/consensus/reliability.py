"""How probable somebody's answer is under each truth: their own record, shrunk to the crowd's.

Hierarchical, with smoothed posterior means throughout, so that it is honest for people with three answers:

- own accuracy: a = (correct + m·s) / (seen + s), with the crowd's accuracy m and its strength s;
- row k of the confusion: p(l | k) = (C[k, l] + r·b[k, l]) / (Σ C[k] + r), where b[k, k] = a and
  b[k, l] = (1 − a)·e[k, l] for the crowd's pooled error shape e, and r is the strength of a row;
- somebody who may give no information, with probability d, is mixed with one who does not look:
  (1 − d)·p(l | k) + d·q[l], with the share q of the label among all answers.

The rows are Dawid and Skene's (Applied Statistics 28, 1979); shrinking them to an own accuracy and that to the crowd's
is Paun et al.'s hierarchical model (TACL 6, 2018) with conjugate means in place of sampling.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tasks.quality.model import MOST_LABELS, CrowdModel, Record

BEST = 0.98
"""Nobody is more certain than this."""
ABOVE_CHANCE = 0.02
"""Nobody is worse than guessing: a bad record makes an answer worth nothing, not its contrary."""


def accuracy(record: Record, crowd: CrowdModel) -> float:
    """Smoothed share of right answers: the mean of a Beta posterior around the crowd's accuracy."""
    return (record.correct + crowd.accuracy * crowd.strength) / (record.seen + crowd.strength)


def bounded(share: float, slip: float) -> float:
    """An accuracy kept between chance and certainty; ``slip`` is the likeliest wrong label's share of the errors.

    At slip / (1 + slip) a right answer is as probable as that error: the answer says nothing.
    """
    return min(max(share, slip / (1 + slip) + ABOVE_CHANCE), BEST)


def evidence(record: Record, crowd: CrowdModel, given: int, labels: int, doubt: float = 0.0) -> Mapping[int, float]:
    """What the answer ``given`` says of each truth: logarithms of its likelihood, up to a constant.

    Where labels are many only the given one is named: under all others the answer is equally probable, logarithm 0.
    """
    if labels <= MOST_LABELS:
        return {
            truth: math.log(chance) for truth, chance in enumerate(likelihoods(record, crowd, given, labels, doubt))
        }
    slip = 1 / (labels - 1)
    right = bounded(accuracy(record, crowd), slip)
    share = doubt * (crowd.shares[given] if crowd.shares else 1 / labels)
    return {given: math.log(((1 - doubt) * right + share) / ((1 - doubt) * (1 - right) * slip + share))}


def bits(said: Mapping[int, float], given: int, labels: int) -> float:
    """The evidence of an answer for its own label against the mean of the others, in bits."""
    others = math.fsum(math.exp(log) for truth, log in said.items() if truth != given) + labels - len(said)
    return (said[given] - math.log(others / (labels - 1))) / math.log(2)


def likelihoods(record: Record, crowd: CrowdModel, given: int, labels: int, doubt: float = 0.0) -> Sequence[float]:
    """(labels,) the probability that this person gives the label ``given`` under each truth.

    No truth makes a label more probable than its own does, so that one more answer never speaks against itself.
    """
    slips = [row[given] for row in crowd.shape] or [1 / (labels - 1)] * labels
    own = bounded(accuracy(record, crowd), max(slip for truth, slip in enumerate(slips) if truth != given))
    column = [(1 - own) * slip for slip in slips]
    column[given] = own
    if len(record.confusion) == labels * labels:
        column = _counted(record, crowd, given, column, slips)
    if doubt:
        share = crowd.shares[given] if crowd.shares else 1 / labels
        column = [(1 - doubt) * chance + doubt * share for chance in column]
    return column


def _counted(
    record: Record, crowd: CrowdModel, given: int, column: Sequence[float], slips: Sequence[float]
) -> list[float]:
    labels, strength, counts = len(column), crowd.row_strength, record.confusion
    rows = [sum(counts[start : start + labels]) for start in range(0, labels * labels, labels)]
    mixed = [
        (counts[truth * labels + given] + strength * column[truth]) / (rows[truth] + strength)
        for truth in range(labels)
    ]
    right = min(mixed[given], BEST)
    mixed = [min(max(chance, (1 - BEST) * slip), right) for chance, slip in zip(mixed, slips, strict=True)]
    mixed[given] = right
    return mixed
