"""How right labels are, and how honest their confidence: against known answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.quality.crowd import Floats, Ints

BINS = 15
_CERTAIN = 1e-4
"""Confidence is kept that far off 0 and 1 for the logarithm."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Of labels and confidences. ``share``, ``sure`` and ``right`` are (bins,) of the reliability diagram."""

    tasks: int
    accuracy: float
    calibration: float
    """Expected calibration error: how far confidence and accuracy of a bin lie apart, on average (Guo et al. 2017)."""
    log_loss: float
    """Mean of −log of what the confidence gives to what is the case: that the label is right, or wrong."""
    share: Floats
    sure: Floats
    right: Floats


def scores(label: Ints, confidence: Floats, truth: Ints) -> Scores:
    """All arguments are (tasks,), of tasks with a known answer, one at least."""
    right = (label == truth).astype(np.float64)
    place = np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
    count = np.bincount(place, minlength=BINS)
    sure = np.bincount(place, weights=confidence, minlength=BINS) / np.maximum(count, 1)
    hit = np.bincount(place, weights=right, minlength=BINS) / np.maximum(count, 1)
    share = count / len(label)
    kept = confidence.clip(_CERTAIN, 1 - _CERTAIN)
    loss = -np.log(np.where(right > 0, kept, 1 - kept)).mean()
    return Scores(
        len(label), float(right.mean()), float((np.abs(sure - hit) * share).sum()), float(loss), share, sure, hit
    )
