"""The probability that a worker's answers give no information, and how that shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, logsumexp

from tasks.quality.crowd import Crowd, Floats, Ints
from tasks.quality.passes import agreement, votes

Flags = NDArray[np.bool_]

PRIOR = 0.1
"""Share of people who give no information, before anything is known."""
FLAG_FROM = 0.9
"""Posterior from which on a worker is flagged."""
FEWEST_ANSWERS = 8
"""With fewer answers nobody is flagged."""
_ABILITIES = np.linspace(0.05, 0.95, 10)


class Explanation(IntEnum):
    """How answers may come about that give no information."""

    CHANCE = 0
    """Each label as likely as any other."""
    SHARES = 1
    """A mix of labels that does not depend on the task."""
    ONE_LABEL = 2
    """Nearly always the same label."""
    ASLEEP = 3
    """Informative at first, no longer since."""
    COPYING = 4
    """Another's answers, or those of a sheet that several share."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of people whose answers are suspiciously alike, each pair once."""

    worker: Ints
    other: Ints
    """(pairs,) each; the worker has the lower number."""
    strength: Floats
    """(pairs,) probability that the two are one source: their equal answers count as ``2 − strength``."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What speaks for and against each worker. Arrays are (workers,) unless said otherwise."""

    probability: Floats
    """That this worker's answers give no information."""
    log_odds: Floats
    """The same as log-odds, which rank finely where the probability is near 0 or 1."""
    flag: Flags
    """Probable enough, and on enough answers, to have somebody look."""
    explanation: Ints
    """The most probable ``Explanation`` if they give none."""
    alike: Alike


def suspect(crowd: Crowd, posterior: Floats | None = None) -> Suspicion:
    """Compare, worker by worker, what informative answers would look like with ways of giving none.

    ``posterior`` (tasks, labels) is what is believed of the tasks; by default the shares of the votes.
    The same crowd gives the same result, bit for bit.
    """
    belief = votes(crowd) if posterior is None else posterior
    counts = np.bincount(
        crowd.worker.astype(np.int64) * crowd.labels + crowd.label, minlength=crowd.workers * crowd.labels
    ).reshape(crowd.workers, crowd.labels)
    given = counts.sum(axis=1)
    hits = agreement(crowd, belief) * given
    chance = 1 / crowd.labels
    honest = _honest(hits, given, chance)
    ways = np.stack([given * np.log(chance), _mix(counts), _one_label(counts)], axis=1)
    log_odds = logsumexp(ways, axis=1) - np.log(3) - honest + logit(PRIOR)
    none = np.empty(0, np.int32)
    return Suspicion(
        probability=expit(log_odds),
        log_odds=log_odds,
        flag=(expit(log_odds) >= FLAG_FROM) & (given >= FEWEST_ANSWERS),
        explanation=ways.argmax(axis=1).astype(np.int32),
        alike=Alike(none, none, np.empty(0)),
    )


def _honest(hits: Floats, given: NDArray[np.intp], chance: float) -> Floats:
    able = chance + (1 - chance) * _ABILITIES
    slip = (1 - able) * chance / (1 - chance)
    logs = hits[:, None] * np.log(able) + (given - hits)[:, None] * np.log(slip)
    evidence: Floats = logsumexp(logs, axis=1) - np.log(len(able))
    return evidence


def _mix(counts: NDArray[np.intp]) -> Floats:
    share = (counts.sum(axis=0) + 0.5) / (counts.sum() + 0.5 * counts.shape[1])
    evidence: Floats = counts @ np.log(share)
    return evidence


def _one_label(counts: NDArray[np.intp]) -> Floats:
    rest = counts.sum(axis=1) - counts.max(axis=1)
    evidence: Floats = counts.max(axis=1) * np.log(0.97) + rest * np.log(0.03) - np.log(counts.shape[1])
    return evidence
