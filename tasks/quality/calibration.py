"""A confidence that is as often right as it says, where the answers alone are surer than they should be."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from tasks.quality.crowd import Crowd, Floats
from tasks.quality.kernel import Numbers

_BASE, _EVIDENCE, _VOTES, _AGREEMENT = 1.6, 0.5, 0.35, -3.2
"""From a logistic regression over real crowds of known truth, each counted alike: see docs/decisions/confidence.md."""
_TOGETHER = 0.35
"""How far answers on one item err together on real crowds, the item's own fault."""
_CERTAIN = 1e-3
_STEPS, _SURE_OF_BASE = 8, 10.0
"""Newton's steps for the shift by known answers, and how sure ``_BASE`` is beside them (inverse variance)."""


def calibrated(posterior: Floats, evidence: Numbers, crowd: Crowd) -> Floats:
    """``posterior`` (tasks, labels) with the same best labels and honest confidence in them; it is overwritten.

    ``logit c = base + 0.5 · logit q + 0.35 · logit v − 3.2 · κ`` where ``q`` is what ``evidence`` (tasks, labels;
    known answers not pinned) gives the label once its logarithm is divided by ``1 + 0.35 (answers − 1)``, for answers
    on one item are not independent; ``v`` the share of the votes; ``κ`` how far people agree beyond chance (Fleiss
    1971): where they hardly do, what is wrong is each one's own noise, which many answers remove; where they do, what
    is still wrong they believe together. Known answers move ``base``: by what ``evidence`` says of their tasks, which
    the posterior, pinned, cannot get wrong.
    """
    best = posterior.argmax(axis=1)
    known, truth = crowd.known()
    best[known] = evidence[known].argmax(axis=1)
    task = np.arange(crowd.tasks)
    votes = crowd.count()
    asked = votes.sum(axis=1)
    spread = 1 / (1 + _TOGETHER * (asked - 1).clip(min=0))
    chance = _tempered(evidence, best, spread)
    share = (votes[task, best] + 0.5) / (asked + 0.5 * crowd.labels)
    odds = _BASE + _EVIDENCE * _odds(chance) + _VOTES * _odds(share) + _AGREEMENT * kappa(votes)
    seen = asked[known] > 0
    odds += _shift(odds[known][seen], (best[known] == truth)[seen])
    return _with_confidence(posterior, best, expit(odds).clip((1 + _CERTAIN) / crowd.labels, 1 - _CERTAIN))


def kappa(votes: Floats) -> float:
    """How far people agree beyond chance, from counts (tasks, labels) of votes: 0 not at all, 1 always."""
    asked = votes.sum(axis=1)
    pairs = float((asked * (asked - 1)).sum())
    if not pairs:
        return 0.0
    agree = float((votes * (votes - 1)).sum()) / pairs
    by_chance = float(((votes.sum(axis=0) / votes.sum()) ** 2).sum())
    return (agree - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0


def _tempered(evidence: Numbers, best: Numbers, spread: Floats) -> Floats:
    """(tasks,) the probability of the best label after each row's logarithms are multiplied by ``spread``."""
    logs = np.log(evidence.clip(min=1e-30))
    logs *= spread[:, None].astype(logs.dtype)
    logs -= logs.max(axis=1, keepdims=True)
    np.exp(logs, out=logs)
    chance: Floats = logs[np.arange(len(logs)), best] / logs.sum(axis=1)
    return chance


def _odds(share: Floats) -> Floats:
    odds: Floats = logit(np.asarray(share, np.float64).clip(_CERTAIN, 1 - _CERTAIN))
    return odds


def _shift(odds: Floats, right: Numbers) -> float:
    """What makes the confidence of tasks with a known answer as often ``right`` as it says: a MAP estimate."""
    shift = 0.0
    for _ in range(_STEPS if len(odds) else 0):
        sure = expit(odds + shift)
        shift += float(((right - sure).sum() - _SURE_OF_BASE * shift) / ((sure * (1 - sure)).sum() + _SURE_OF_BASE))
    return shift


def _with_confidence(posterior: Floats, best: Numbers, confidence: Floats) -> Floats:
    """Rows whose best label has that probability: mixed with certainty where it is more, with evenness where less."""
    task = np.arange(len(posterior))
    top, even = posterior[task, best], 1 / posterior.shape[1]
    surer = confidence > top
    more = np.where(surer, (confidence - top) / np.maximum(1 - top, 1e-12), 0)
    less = np.where(surer, 0, (top - confidence) / np.maximum(top - even, 1e-12))
    posterior *= (1 - more - less)[:, None]
    posterior += (less * even)[:, None]
    posterior[task, best] += more
    return posterior
