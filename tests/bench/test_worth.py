"""What the next answer is worth: never less than nothing, less the surer a task is, nothing from those who guess."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.worth import informations, worths
from tasks.quality.crowd import Floats

FEW = settings(max_examples=60, deadline=None)
EXACT = 1e-9


def _shares(rng: np.random.Generator, rows: int, labels: int) -> Floats:
    drawn: Floats = rng.dirichlet(np.full(labels, 0.5), rows)
    return drawn


@st.composite
def cases(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Chances of some tasks' labels, and a worker's table."""
    rng, labels = np.random.default_rng(draw(st.integers(0, 10_000))), draw(st.integers(2, 6))
    return _shares(rng, 5, labels), _shares(rng, labels, labels)


@FEW
@given(cases())
def test_information_is_between_nothing_and_what_is_unknown(case: tuple[Floats, Floats]) -> None:
    posterior, table = case
    unknown = -np.where(posterior > 0, posterior * np.log2(np.maximum(posterior, 1e-300)), 0).sum(axis=1)
    told = informations(posterior, table)
    assert (told >= 0).all()
    assert (told <= unknown + EXACT).all()


@FEW
@given(cases(), st.integers(0, 1000))
def test_the_numbering_of_the_labels_changes_nothing(case: tuple[Floats, Floats], seed: int) -> None:
    posterior, table = case
    order = np.random.default_rng(seed).permutation(len(table))
    again = informations(posterior[:, order], table[np.ix_(order, order)])
    np.testing.assert_allclose(again, informations(posterior, table), atol=EXACT)
    some = np.arange(len(posterior), dtype=np.int32)
    np.testing.assert_allclose(worths(posterior[:, order], some), worths(posterior, some), atol=EXACT)


@FEW
@given(cases())
def test_whoever_answers_alike_whatever_is_true_tells_nothing(case: tuple[Floats, Floats]) -> None:
    posterior, table = case
    guessing = np.tile(table[0], (len(table), 1))
    np.testing.assert_allclose(informations(posterior, guessing), 0, atol=EXACT)


@FEW
@given(cases())
def test_a_worker_who_is_sometimes_replaced_by_a_guess_tells_less(case: tuple[Floats, Floats]) -> None:
    posterior, table = case
    blurred = 0.7 * table + 0.3 / len(table)
    assert (informations(posterior, blurred) <= informations(posterior, table) + EXACT).all()


def _told(chances: list[float], table: list[list[float]]) -> float:
    return float(informations(np.array([chances]), np.array(table, float))[0])


def _worth(best: float, answers: int, most: int | None = None) -> float:
    return float(worths(np.array([[best, 1 - best]]), np.array([answers], np.int32), most)[0])


def test_whoever_is_always_right_tells_all_and_so_does_who_errs_always_alike() -> None:
    assert _told([0.5, 0.5], [[1, 0], [0, 1]]) == pytest.approx(1)
    assert _told([0.5, 0.5], [[0, 1], [1, 0]]) == pytest.approx(1)
    assert _told([1, 0], [[0.8, 0.2], [0.3, 0.7]]) == pytest.approx(0)


@given(st.floats(0.5, 1), st.floats(0.5, 1), st.integers(0, 50))
def test_worth_falls_with_certainty_and_with_answers(one: float, other: float, answers: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= _worth(high, answers) <= _worth(low, answers)
    assert _worth(low, answers + 1) <= _worth(low, answers)


def test_nothing_is_worth_asking_where_all_is_known() -> None:
    assert _worth(1, 0) == 0


def test_a_task_with_the_most_answers_comes_after_a_doubtful_one_with_fewer() -> None:
    hopeless = _worth(0.5, 5, most=5)
    assert 0 < hopeless < _worth(0.99, 2, most=5)
    assert _worth(0.5, 4, most=5) == pytest.approx(0.5 / math.sqrt(5))
