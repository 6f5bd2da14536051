"""What must hold of the belief about a task, whatever the answers are and whatever is known of who gave them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tasks.consensus.ballots import Ballot
from tasks.consensus.consensus import Belief, believe
from tasks.kinds import KINDS, Question
from tasks.quality.model import CrowdModel, Record, read_model

_LABELS = ("a", "b", "c", "d")
QUESTION = Question(labels=_LABELS, low=1, high=5)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "choice": st.sampled_from(_LABELS),
    "multi-choice": st.sets(st.sampled_from(_LABELS), min_size=1).map(sorted),
    "rating": st.integers(1, 5),
    "text": st.sampled_from(["red", "Red ", "blue", "dark blue"]),
}
ONE = ("choice", "rating")
COUNT = st.floats(0, 50)
SHARE = st.floats(0, 1)


@st.composite
def records(draw: st.DrawFn, kind: str) -> Record:
    """A newcomer's, a long one, with confusion or without."""
    size = len(KINDS[kind].options(QUESTION)) ** 2
    confusion = draw(st.just(()) | st.lists(COUNT, min_size=size, max_size=size).map(tuple)) if kind in ONE else ()
    seen = draw(COUNT)
    return Record(seen, seen * draw(SHARE), confusion)


@st.composite
def ballots(draw: st.DrawFn, kind: str) -> list[Ballot]:
    """One to eight answers, by people with all sorts of records."""
    doubts = st.just(0.0) | SHARE
    return [
        Ballot(draw(VALUES[kind]), draw(records(kind)), draw(doubts), worker)
        for worker in range(draw(st.integers(1, 8)))
    ]


@st.composite
def crowds(draw: st.DrawFn, kind: str) -> CrowdModel:
    """The defaults, or a crowd of which something is known."""
    crowd = read_model(None, KINDS[kind], QUESTION)
    if kind not in ONE or draw(st.booleans()):
        return crowd
    labels = len(KINDS[kind].options(QUESTION))
    shares = st.lists(st.floats(0.05, 1), min_size=labels, max_size=labels)
    prior, given = (tuple(one / sum(drawn) for one in drawn) for drawn in (draw(shares), draw(shares)))
    return replace(crowd, prior=prior, shares=given, temper=draw(st.floats(0.1, 1)), accuracy=draw(st.floats(0.3, 1)))


def _same(kind: str, one: Belief, other: Belief) -> None:
    assert math.isclose(one.confidence, other.confidence, abs_tol=1e-9)
    assert (one.tied, one.backed) == (other.tied, other.backed)
    if not one.tied:
        assert KINDS[kind].distance(QUESTION, one.value, other.value) == 0


def _guess(data: st.DataObject, kind: str) -> Any:
    return data.draw(st.none() | VALUES[kind])


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_the_order_of_answers_does_not_matter(kind: str, data: st.DataObject) -> None:
    cast, crowd, guess = data.draw(ballots(kind)), data.draw(crowds(kind)), _guess(data, kind)
    alike = {(one, one + 1): data.draw(SHARE) for one in range(len(cast) - 1)}
    shuffled = data.draw(st.permutations(cast))
    believed = [believe(KINDS[kind], QUESTION, each, crowd, guess, alike) for each in (cast, shuffled)]
    _same(kind, believed[0], believed[1])
    weights = [
        dict(zip([b.worker for b in each], belief.weights, strict=True))
        for each, belief in zip((cast, shuffled), believed, strict=True)
    ]
    assert weights[0] == pytest.approx(weights[1])


def _relabelled(record: Record, order: Sequence[int]) -> Record:
    size = len(order)
    return replace(
        record,
        confusion=tuple(record.confusion[i * size + j] for i in order for j in order) if record.confusion else (),
    )


@pytest.mark.parametrize("kind", ["choice", "multi-choice"])
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_the_order_of_labels_does_not_matter(kind: str, data: st.DataObject) -> None:
    cast, crowd, guess = data.draw(ballots(kind)), data.draw(crowds(kind)), _guess(data, kind)
    order: Sequence[int] = data.draw(st.permutations(range(len(_LABELS))))
    other = replace(QUESTION, labels=tuple(_LABELS[i] for i in order))
    turned = [replace(ballot, record=_relabelled(ballot.record, order)) for ballot in cast]
    moved = replace(
        crowd,
        prior=tuple(crowd.prior[i] for i in order) if crowd.prior else (),
        shares=tuple(crowd.shares[i] for i in order) if crowd.shares else (),
    )
    here, there = believe(KINDS[kind], QUESTION, cast, crowd, guess), believe(KINDS[kind], other, turned, moved, guess)
    _same(kind, here, there)
    assert dict(here.posterior) == pytest.approx(dict(there.posterior))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_one_more_answer_that_agrees_never_lowers_the_confidence(kind: str, data: st.DataObject) -> None:
    cast, crowd, guess = data.draw(ballots(kind)), data.draw(crowds(kind)), _guess(data, kind)
    before = believe(KINDS[kind], QUESTION, cast, crowd, guess)
    assume(not before.tied)
    more = Ballot(before.value, data.draw(records(kind)), data.draw(SHARE), worker=99)
    after = believe(KINDS[kind], QUESTION, [*cast, more], crowd, guess)
    assert KINDS[kind].distance(QUESTION, before.value, after.value) == 0
    assert after.confidence >= before.confidence - 1e-9


@pytest.mark.parametrize("kind", ONE)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_a_perfect_worker_never_lowers_the_right_label(kind: str, data: st.DataObject) -> None:
    cast, crowd, guess = data.draw(ballots(kind)), data.draw(crowds(kind)), _guess(data, kind)
    right, seen = data.draw(VALUES[kind]), data.draw(COUNT)
    chances = [
        dict(believe(KINDS[kind], QUESTION, each, crowd, guess).posterior)[right]
        for each in (cast, [*cast, Ballot(right, Record(seen, seen), worker=99)])
    ]
    assert chances[1] >= chances[0] - 1e-9


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_what_is_believed_is_a_probability(kind: str, data: st.DataObject) -> None:
    belief = believe(KINDS[kind], QUESTION, data.draw(ballots(kind)), data.draw(crowds(kind)), _guess(data, kind))
    chances = [chance for _value, chance in belief.posterior]
    assert all(0 <= chance <= 1 for chance in chances)
    assert 0 <= belief.confidence <= 1
    assert all(math.isfinite(weight) and weight >= -1e-9 for weight in belief.weights)
    if kind in ONE:
        assert math.isclose(sum(chances), 1, abs_tol=1e-9)
        assert belief.confidence == pytest.approx(max(chances))


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_a_better_record_never_counts_less(data: st.DataObject) -> None:
    cast, right = data.draw(ballots("choice")), data.draw(st.integers(0, 19))
    weak, strong = (Ballot("a", Record(20, correct), worker=99) for correct in (right, right + 1))
    chance = [dict(believe(KINDS["choice"], QUESTION, [*cast, ballot]).posterior)["a"] for ballot in (weak, strong)]
    assert chance[1] >= chance[0] - 1e-9


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_who_certainly_gives_no_information_changes_nothing(kind: str, data: st.DataObject) -> None:
    cast = data.draw(ballots(kind))
    silent = Ballot(data.draw(VALUES[kind]), data.draw(records(kind)), 1.0, worker=99)
    assume(kind != "text" or any(KINDS[kind].distance(QUESTION, silent.value, one.value) == 0 for one in cast))
    before, after = believe(KINDS[kind], QUESTION, cast), believe(KINDS[kind], QUESTION, [*cast, silent])
    assert math.isclose(before.confidence, after.confidence, abs_tol=1e-9)
    assert after.weights[-1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_two_who_are_alike_count_as_less_than_two(kind: str, data: st.DataObject) -> None:
    value, records_ = data.draw(VALUES[kind]), [data.draw(records(kind)) for _ in range(2)]
    cast = [Ballot(value, record, worker=worker) for worker, record in enumerate(records_)]
    weights = [believe(KINDS[kind], QUESTION, cast, alike={(0, 1): s}).weights for s in (0.0, 0.5, 1.0)]
    assert sum(weights[0]) + 1e-9 >= sum(weights[1]) >= sum(weights[2]) - 1e-9
    assert sum(weights[2]) == pytest.approx(max(weights[0]))
