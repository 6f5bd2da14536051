"""What must hold of the belief about a task, whatever the answers are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tasks.kinds import KINDS, Question
from tasks.quality.consensus import Ballot, Belief, believe

_LABELS = ("a", "b", "c", "d")
QUESTION = Question(labels=_LABELS, low=1, high=5)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "choice": st.sampled_from(_LABELS),
    "multi-choice": st.sets(st.sampled_from(_LABELS), min_size=1).map(sorted),
    "rating": st.integers(1, 5),
    "text": st.sampled_from(["red", "Red ", "blue", "dark blue"]),
}


@st.composite
def ballots(draw: st.DrawFn, kind: str) -> list[Ballot]:
    """One to eight answers, by people with all sorts of records."""

    def one() -> Ballot:
        seen = draw(st.integers(0, 50))
        return Ballot(draw(VALUES[kind]), seen, draw(st.integers(0, seen)))

    return [one() for _ in range(draw(st.integers(1, 8)))]


def _same(kind: str, one: Belief, other: Belief) -> None:
    assert math.isclose(one.confidence, other.confidence, abs_tol=1e-9)
    assert one.tied == other.tied
    if not one.tied:
        assert KINDS[kind].distance(QUESTION, one.value, other.value) == 0


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_the_order_of_answers_does_not_matter(kind: str, data: st.DataObject) -> None:
    cast = data.draw(ballots(kind))
    shuffled = data.draw(st.permutations(cast))
    _same(kind, believe(KINDS[kind], QUESTION, cast), believe(KINDS[kind], QUESTION, shuffled))


@pytest.mark.parametrize("kind", ["choice", "multi-choice"])
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_the_order_of_labels_does_not_matter(kind: str, data: st.DataObject) -> None:
    cast = data.draw(ballots(kind))
    labels: Sequence[str] = data.draw(st.permutations(_LABELS))
    other = replace(QUESTION, labels=tuple(labels))
    _same(kind, believe(KINDS[kind], QUESTION, cast), believe(KINDS[kind], other, cast))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_one_more_answer_that_agrees_never_lowers_the_confidence(kind: str, data: st.DataObject) -> None:
    cast = data.draw(ballots(kind))
    before = believe(KINDS[kind], QUESTION, cast)
    assume(not before.tied)
    seen = data.draw(st.integers(0, 50))
    more = Ballot(before.value, seen, data.draw(st.integers(0, seen)))
    after = believe(KINDS[kind], QUESTION, [*cast, more])
    assert KINDS[kind].distance(QUESTION, before.value, after.value) == 0
    assert after.confidence >= before.confidence - 1e-9


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_what_is_believed_is_a_probability(kind: str, data: st.DataObject) -> None:
    belief = believe(KINDS[kind], QUESTION, data.draw(ballots(kind)))
    chances = [chance for _value, chance in belief.posterior]
    assert all(0 <= chance <= 1 for chance in chances)
    assert 0 <= belief.confidence <= 1
    if KINDS[kind].belief == "one":
        assert math.isclose(sum(chances), 1, abs_tol=1e-9)
        assert belief.confidence == max(chances)


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_a_better_record_never_counts_less(data: st.DataObject) -> None:
    cast = data.draw(ballots("choice"))
    weak = Ballot("a", 20, data.draw(st.integers(0, 19)))
    strong = replace(weak, correct=weak.correct + 1)
    chance = [dict(believe(KINDS["choice"], QUESTION, [*cast, ballot]).posterior)["a"] for ballot in (weak, strong)]
    assert chance[1] >= chance[0] - 1e-9
