"""All methods of aggregation: right on easy crowds, the same whatever the numbering, calm on odd ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.quality.crowd import Crowd, Floats, predict
from tasks.quality.estimate import estimate
from tasks.quality.kernel import UnwieldyError
from tasks.quality.methods import DEFAULT, METHODS, MistypedMethodError, UnknownMethodError, known
from tests.support.crowds import Made, crowd, knowing, made

SAME = 1e-6
FEW = settings(max_examples=15, deadline=None)


def _posterior(of: Crowd, name: str) -> Floats:
    return METHODS[name](0).fit(of).posterior_


every = pytest.mark.parametrize("name", METHODS)
reproducible = pytest.mark.parametrize("name", [name for name in METHODS if name != "ebcc"])
"""But for EBCC, which draws where it begins: other numbers, other beginnings. (Wawa breaks ties by the order.)"""


@every
def test_right_on_people_who_know(name: str) -> None:
    easy = made(tasks=100, workers=10, labels=4, each=5, able=(9, 1))
    assert np.mean(predict(_posterior(easy.crowd, name)) == easy.truth) > 0.97


@every
def test_rows_are_probabilities_and_skills_are_shares(name: str) -> None:
    fitted = METHODS[name](0).fit(made().crowd)
    assert fitted.posterior_.dtype == np.float64
    np.testing.assert_allclose(fitted.posterior_.sum(axis=1), 1, atol=1e-9)
    assert fitted.posterior_.min() >= 0
    assert fitted.skill_.shape == (12,)
    assert 0 <= fitted.skill_.min() <= fitted.skill_.max() <= 1


@every
def test_the_same_again_bit_for_bit(name: str) -> None:
    some = made(seed=5).crowd
    assert np.array_equal(_posterior(some, name), _posterior(some, name))


@every
def test_what_is_known_is_certain_and_teaches(name: str) -> None:
    hard = made(tasks=120, workers=10, labels=3, each=4, seed=2, able=(3, 2))
    told = knowing(hard, 60)
    posterior = _posterior(told, name)
    assert np.array_equal(predict(posterior)[:60], hard.truth[:60])
    assert posterior[:60].max(axis=1).min() == 1


@every
def test_a_task_that_nobody_answered_is_even(name: str) -> None:
    some = made(seed=4).crowd
    more = replace(some, tasks=some.tasks + 1, workers=some.workers + 1)
    fitted = METHODS[name](0).fit(more)
    np.testing.assert_allclose(fitted.posterior_[-1], 1 / some.labels)
    assert np.isfinite(fitted.skill_[-1])


@pytest.mark.parametrize("name", [name for name in METHODS if name not in {"one-coin", "dawid-skene", "ibcc"}])
@pytest.mark.parametrize(
    "odd",
    [
        crowd([0, 1, 2], [0, 0, 0], [0, 1, 1], 3, 1, 2),
        crowd([0, 0, 1], [0, 1, 0], [0, 0, 0], 2, 2, 1),
        crowd(range(20), range(20), [0, 1] * 10, 20, 20, 2),
        crowd([0], [0], [2], 1, 1, 3),
    ],
    ids=["one worker", "one label", "no redundancy", "one answer"],
)
def test_odd_crowds_get_their_only_answer(name: str, odd: Crowd) -> None:
    assert np.array_equal(predict(_posterior(odd, name))[odd.task], odd.label)


def test_without_any_overlap_the_answers_stand() -> None:
    alone = made(tasks=2_000, workers=1_000, labels=10, each=1).crowd
    assert np.array_equal(estimate(alone, None, 0).label[alone.task], alone.label)


@every
def test_a_task_with_ten_thousand_answers(name: str) -> None:
    rng = np.random.default_rng(0)
    label = (rng.random(10_000) < 0.4).astype(np.int32)
    posterior = _posterior(crowd(np.zeros(10_000), range(10_000), label, 1, 10_000, 2), name)
    assert np.isfinite(posterior).all()
    assert predict(posterior)[0] == 0


# --------------------------------------------------------------------------- permutations


@reproducible
@FEW
@given(seed=st.integers(0, 1_000))
def test_numbering_changes_nothing(name: str, seed: int) -> None:
    some = made(tasks=30, workers=8, labels=2 if name == "wawa" else 3, each=5, seed=seed).crowd
    rng = np.random.default_rng(seed)
    rows, task, worker, label = (rng.permutation(n) for n in (len(some), some.tasks, some.workers, some.labels))
    other = crowd(
        task[some.task][rows], worker[some.worker][rows], label[some.label][rows], some.tasks, some.workers, some.labels
    )
    np.testing.assert_allclose(_posterior(some, name), _posterior(other, name)[task][:, label], atol=1e-4)


# --------------------------------------------------------------------------- more answers


def _with(of: Crowd, task: list[int], worker: list[int], label: list[int], workers: int) -> Crowd:
    return crowd(
        np.append(of.task, task), np.append(of.worker, worker), np.append(of.label, label), of.tasks, workers, of.labels
    )


@pytest.mark.parametrize("name", ["majority", "wawa", "one-coin", "glad", "bwa"])
@FEW
@given(seed=st.integers(0, 1_000))
def test_one_more_who_agrees_never_lowers_the_confidence(name: str, seed: int) -> None:
    some = made(tasks=30, workers=8, labels=3, each=5, seed=seed, able=(8, 2)).crowd
    before = _posterior(some, name)
    best = int(predict(before)[0])
    after = _posterior(_with(some, [0], [some.workers], [best], some.workers + 1), name)
    assert after[0, best] >= before[0, best] - 0.01


@pytest.mark.parametrize("name", ["majority", "wawa", "one-coin", "glad", "bwa", DEFAULT])
@FEW
@given(seed=st.integers(0, 1_000))
def test_a_perfect_worker_never_lowers_the_right_labels(name: str, seed: int) -> None:
    of: Made = made(tasks=40, workers=8, labels=3, each=5, seed=seed, able=(8, 2))
    tasks = list(range(of.crowd.tasks))
    before = _posterior(of.crowd, name)
    after = _posterior(_with(of.crowd, tasks, [8] * len(tasks), of.truth.tolist(), 9), name)
    right = np.arange(of.crowd.tasks), of.truth
    assert after[right].mean() >= before[right].mean() - 1e-9
    assert np.mean(predict(after) == of.truth) >= np.mean(predict(before) == of.truth)


# --------------------------------------------------------------------------- names, sizes, ties


def test_names_are_found_however_they_are_written() -> None:
    assert known("Dawid_Skene") == "dawid-skene"
    with pytest.raises(MistypedMethodError, match="“ibcc”"):
        known("ibc")
    with pytest.raises(UnknownMethodError, match="majority, wawa"):
        known("magic")


def test_of_equal_labels_the_first_is_taken() -> None:
    assert predict(np.array([[0.5, 0.5], [0.5 - 1e-9, 0.5 + 1e-9], [0.4, 0.6]])).tolist() == [0, 0, 1]


def test_ten_thousand_labels() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 10_000, 20_000)
    task, worker = np.arange(20_000).repeat(3), rng.integers(0, 300, 60_000)
    label = np.where(rng.random(60_000) < 0.8, truth[task], rng.integers(0, 10_000, 60_000))
    many = crowd(task, worker, label, 20_000, 300, 10_000)
    with pytest.raises(UnwieldyError, match="wawa"):
        estimate(many, "dawid-skene", 0)
    found = estimate(many, None, 0)
    assert found.method == "wawa"
    assert np.mean(found.label == truth) > 0.85
    assert found.crowd.labels <= 3
    assert estimate(many, "majority", 0).method == "majority"


def test_a_narrowed_crowd_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    some = knowing(made(tasks=80, labels=6, seed=9), 5)
    plain = estimate(some, "wawa", 0)
    monkeypatch.setattr("tasks.quality.kernel.MOST_CELLS", 79 * 6)
    narrowed = estimate(some, "wawa", 0)
    assert narrowed.crowd.labels < some.labels
    assert np.array_equal(plain.label, narrowed.label)
    np.testing.assert_allclose(plain.confidence, narrowed.confidence, atol=SAME)
    np.testing.assert_allclose(plain.skill, narrowed.skill, atol=SAME)
