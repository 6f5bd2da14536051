"""What is told of two people who answer alike: counts that anybody can check, and what chance would do."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.quality.crowd import Crowd
from tasks.quality.likeness import Likeness, Likenesses
from tests.support.town import EACH, Town


def _believed(town: Town) -> np.ndarray:
    return np.eye(town.labels)[town.truth]


def test_counts() -> None:
    task = np.array([0, 1, 2, 3, 0, 1, 2, 4], np.int32)
    worker = np.array([0] * 4 + [1] * 4, np.int32)
    label = np.array([0, 1, 1, 0, 0, 1, 0, 1], np.int32)
    opinion = np.array([[1, 0], [1, 0], [0, 1], [1, 0], [0, 1]], np.float64)
    found = Likenesses(Crowd(task, worker, label, 5, 2, 2), opinion).of(0, 1)
    # Each errs once and twice in four and four answers; of two labels an error is always the same one.
    assert found[:3] == (3, 2, 1)
    assert found.chance == pytest.approx(0.25 * 0.5 * 3)


def test_who_copies_shares_far_more_errors_than_chance_and_who_looks_does_not() -> None:
    town = Town(labels=4)
    tasks = town.some()
    first = town.looks(0.6)
    town.sheets[first] = town.sheets[first]._replace(tasks=tasks, labels=[town.seen(task, 0.6) for task in tasks])
    sheet = dict(zip(tasks, town.sheets[first].labels, strict=True))
    copy = town.add(tasks, lambda _place, task: sheet[task])
    alone = town.add(tasks, lambda _place, task: town.seen(task, 0.6))
    likenesses = Likenesses(town.crowd(), _believed(town))
    copied, apart = likenesses.of(first, copy), likenesses.of(first, alone)
    assert copied.shared == copied.same == apart.shared == EACH
    assert copied.wrong > 3 * copied.chance
    assert apart.wrong < 3 * apart.chance


def test_nothing_in_common() -> None:
    crowd = Crowd(np.array([0, 1], np.int32), np.array([0, 1], np.int32), np.array([0, 1], np.int32), 2, 3, 2)
    assert Likenesses(crowd, np.eye(2)).of(0, 1) == Likeness(0, 0, 0, 0.0)
    assert Likenesses(crowd, np.eye(2)).of(0, 2) == Likeness(0, 0, 0, 0.0)
