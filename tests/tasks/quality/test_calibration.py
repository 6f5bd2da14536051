"""What known answers do to the confidence in the other tasks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tasks.quality.committee import Committee
from tasks.quality.crowd import Crowd
from tests.support.crowds import Made, knowing, made

KNOWN = 100


@pytest.mark.parametrize("seed", range(3))
def test_known_answers_lower_the_confidence_where_people_err_together(seed: int) -> None:
    of = _misled(made(tasks=600, workers=40, seed=seed, able=(18.0, 2.0)), 0.3, seed)
    assert abs(_too_sure(of, knowing(of, KNOWN))) < 0.6 * _too_sure(of, of.crowd)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("able", "worse"), [((18.0, 2.0), 0.01), ((6.0, 2.0), 0.01), ((4.0, 3.0), 0.06)])
def test_known_answers_leave_the_confidence_as_near_to_the_truth(
    seed: int, able: tuple[float, float], worse: float
) -> None:
    """In a crowd right six times in ten the tables learn the known answers by heart, and are too sure by a little."""
    of = made(tasks=600, workers=40, seed=seed, able=able)
    assert abs(_too_sure(of, knowing(of, KNOWN))) < abs(_too_sure(of, of.crowd)) + worse


def _misled(of: Made, share: float, seed: int) -> Made:
    """The same answers, where on a ``share`` of the tasks everybody takes another label for the right one."""
    misled = np.random.default_rng(seed).random(of.crowd.tasks) < share
    return replace(of, truth=np.where(misled, (of.truth + 1) % of.crowd.labels, of.truth).astype(np.int32))


def _too_sure(of: Made, crowd: Crowd) -> float:
    """How far the mean confidence lies above the share of right labels, in the tasks not known to anybody."""
    posterior = Committee().fit(crowd).posterior_[KNOWN:]
    right = posterior.argmax(axis=1) == of.truth[KNOWN:]
    return float(posterior.max(axis=1).mean() - right.mean())
