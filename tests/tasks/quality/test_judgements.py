"""What is judged beside the labels: agreement, gaps, doubt about known answers, skill, calibration."""

from __future__ import annotations

import math
from dataclasses import replace

import krippendorff
import numpy as np
import pytest

from tasks.quality.agreement import Level, confusion, measure
from tasks.quality.crowd import UNKNOWN, predict
from tasks.quality.gaps import gaps
from tasks.quality.gold import doubted, trusted
from tasks.quality.passes import votes
from tasks.quality.scores import scores
from tasks.quality.skill import skill
from tests.support.crowds import crowd, knowing, made


def _rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize("cells", [1 << 24, 0], ids=["by the package", "by our sums"])
def test_alpha_is_the_package_s(level: Level, cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.quality.agreement._PACKAGE_CELLS", cells)
    some = made(tasks=80, labels=4, each=4).crowd
    found = measure(some, _rng(), level).whole
    assert found.value == pytest.approx(
        krippendorff.alpha(value_counts=some.count().astype(int), level_of_measurement=level)
    )
    assert found.low < found.value < found.high


def test_alpha_of_each_label_is_that_of_the_label_against_the_rest() -> None:
    some = made(tasks=80, labels=4, each=4).crowd
    for label, found in enumerate(measure(some, _rng()).labels):
        mine = some.count()[:, label]
        pair = np.stack([mine, some.count().sum(axis=1) - mine], axis=1).astype(int)
        assert found.value == pytest.approx(krippendorff.alpha(value_counts=pair, level_of_measurement="nominal"))


def test_the_interval_of_many_tasks_holds_what_other_samples_give() -> None:
    inside = 0
    whole = measure(made(tasks=20_000, workers=30, each=3).crowd, _rng()).whole.value
    for seed in range(20):
        found = measure(made(tasks=1_500, workers=30, each=3, seed=seed).crowd, _rng(), resamples=200).whole
        inside += found.low - 0.05 < whole < found.high + 0.05
    assert inside >= 17


def test_nothing_to_compare_is_no_number() -> None:
    alone = crowd(range(5), [0] * 5, [0, 1, 0, 1, 0], 5, 1, 2)
    one_label = crowd([0, 0, 1, 1], [0, 1, 0, 1], [0] * 4, 2, 2, 2)
    for odd in (alone, one_label):
        assert math.isnan(measure(odd, _rng()).whole.value)


def test_confusion_counts_answers_by_truth() -> None:
    of = made(tasks=50, labels=3)
    certain = np.eye(3)[of.truth]
    table = confusion(of.crowd, certain)
    assert table.sum() == len(of.crowd)
    assert table[1, 2] == np.sum((of.truth[of.crowd.task] == 1) & (of.crowd.label == 2))


def test_tasks_that_good_people_get_wrong_are_gaps() -> None:
    rng = _rng()
    tasks, workers = 200, 20
    truth = rng.integers(0, 2, tasks)
    able = np.where(np.arange(workers) < 10, 0.97, 0.55)
    chance = np.tile(able, (tasks, 1))
    chance[:5] = np.where(np.arange(workers) < 10, 0.03, 0.9)
    label = np.where(rng.random((tasks, workers)) < chance, truth[:, None], 1 - truth[:, None])
    of = crowd(np.arange(tasks).repeat(workers), np.tile(np.arange(workers), tasks), label.ravel(), tasks, workers, 2)
    found = gaps(replace(of, gold=truth.astype(np.int32)), np.eye(2)[truth])
    assert set(range(5)) <= set(found.tasks.tolist())
    assert len(found.tasks) <= 7
    assert (found.discrimination < 0).all()


def test_chance_alone_makes_few_gaps() -> None:
    of = made(tasks=500, workers=30, labels=2, each=8)
    assert len(gaps(of.crowd, np.eye(2)[of.truth]).tasks) <= 5


def test_a_gold_set_that_everybody_gets_wrong_is_not_used() -> None:
    of = made(tasks=60, labels=2, each=5, able=(9, 2))
    swapped = np.full(60, UNKNOWN, np.int32)
    swapped[:20] = 1 - of.truth[:20]
    doubt = doubted(replace(of.crowd, gold=swapped))
    assert doubt.whole
    assert (trusted(swapped, doubt) == UNKNOWN).all()


def test_a_known_answer_that_everybody_contradicts_is_doubted_alone() -> None:
    of = made(tasks=60, labels=4, each=9, able=(19, 1))
    gold = knowing(of, 30).gold
    assert gold is not None
    gold[7] = (gold[7] + 1) % 4
    doubt = doubted(replace(of.crowd, gold=gold))
    assert (doubt.tasks.tolist(), doubt.whole) == ([7], False)
    kept = trusted(gold, doubt)
    assert (kept[7], kept[8]) == (UNKNOWN, gold[8])


def test_right_gold_is_trusted_also_where_tasks_are_hard_or_nobody_overlaps() -> None:
    hard = made(tasks=100, labels=2, each=5, able=(3, 2))
    assert not doubted(knowing(hard, 50)).whole
    alone = made(tasks=100, labels=2, each=1, able=(3, 2))
    assert len(doubted(knowing(alone, 50)).tasks) == 0
    assert len(doubted(hard.crowd).tasks) == 0


def test_skill_lies_in_its_interval_which_shrinks() -> None:
    some = made(tasks=200, workers=5, each=3).crowd
    few = made(tasks=10, workers=5, each=3).crowd
    wide, narrow = (skill(of, votes(of)) for of in (few, some))
    for found in (wide, narrow):
        assert (found.low <= found.share).all()
        assert (found.share <= found.high).all()
    assert (narrow.high - narrow.low).max() < (wide.high - wide.low).min()
    nobody = skill(replace(few, workers=6), votes(few))
    assert (nobody.answers[5], nobody.low[5] < 0.01, nobody.high[5] > 0.99) == (0, True, True)


def test_scores_of_an_honest_confidence() -> None:
    rng = _rng()
    confidence = rng.uniform(0.5, 1, 20_000)
    truth = np.zeros(20_000, np.int32)
    label = (rng.random(20_000) >= confidence).astype(np.int32)
    found = scores(label, confidence, truth)
    assert found.calibration < 0.02
    assert found.accuracy == pytest.approx(0.75, abs=0.01)
    assert scores(label, np.ones(20_000), truth).calibration == pytest.approx(0.25, abs=0.01)
    assert predict(np.eye(2))[1] == 1
