"""Votes together: what a record makes of them, ties, one good reviewer against poor ones; by property, symmetry."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tasks.review.weights import LEAST, MOST, SURE, accuracy, believed, opinion, weight

NEW = accuracy(0, 0, 0, 0)
RIGHTS = some.floats(LEAST, MOST)
VOTES = some.lists(some.tuples(some.integers(0, 2), RIGHTS), min_size=1, max_size=7)


def test_a_new_reviewer_is_right_eight_times_of_ten() -> None:
    assert NEW == SURE == 0.8
    assert opinion([0], [NEW]).sure
    assert math.isclose(weight(NEW), math.log(4))


@pytest.mark.parametrize(("counts", "right"), [((90, 90, 0, 0), MOST), ((90, 0, 10, 0), LEAST), ((5, 5, 5, 3), 0.8)])
def test_a_record_weighs_in_within_bounds(counts: tuple[int, int, int, int], right: float) -> None:
    assert accuracy(*counts) == right


@pytest.mark.parametrize(
    ("chosen", "best", "sure"),
    [
        ([0, 0, 0], 0, True),
        ([0, 0, 1], 0, True),
        ([1, 0, 1], 1, True),
        ([0, 1], 0, False),
        ([0, 1, 2], 0, False),
        ([0, 0, 1, 1], 0, False),
    ],
)
def test_new_reviewers_together(chosen: list[int], best: int, sure: bool) -> None:  # noqa: FBT001 - what is expected
    found = opinion(chosen, [NEW] * len(chosen))
    assert (found.best, found.sure) == (best, sure)


def test_one_who_is_always_right_outweighs_two_who_guess() -> None:
    found = opinion([0, 1, 1], [MOST, LEAST, LEAST])
    assert found.best == 0
    assert found.sure


def test_two_who_guess_decide_nothing() -> None:
    assert not opinion([0, 0], [LEAST, LEAST]).sure


@given(VOTES)
def test_it_is_a_distribution_whatever_the_order(votes: list[tuple[int, float]]) -> None:
    found = believed([label for label, _right in votes], [right for _label, right in votes])
    assert math.isclose(sum(found), 1)
    for other in list(permutations(votes))[:6]:
        again = believed([label for label, _right in other], [right for _label, right in other])
        assert again == pytest.approx(found, rel=1e-9)


@given(VOTES, some.integers(0, 2), RIGHTS)
def test_a_vote_more_makes_its_candidate_no_less_probable(
    votes: list[tuple[int, float]], label: int, right: float
) -> None:
    chosen = [0, 1, 2, *(label for label, _right in votes)]
    rights = [NEW, NEW, NEW, *(right for _label, right in votes)]
    before = believed(chosen, rights)[label]
    assert believed([*chosen, label], [*rights, right])[label] >= before - 1e-12
