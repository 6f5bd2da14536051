"""How reliable somebody is, by example: newcomers, confusions, doubt; and what a model of the crowd is kept as."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tasks.consensus.reliability import BEST, bits, evidence, likelihoods
from tasks.kinds import KINDS, Question
from tasks.quality.model import CrowdModel, Record, pack, read_model, unpack

PLAIN = CrowdModel()
RATING = Question(low=1, high=5)


def _confused(rows: list[list[float]]) -> Record:
    flat = tuple(count for row in rows for count in row)
    return Record(sum(flat), sum(rows[i][i] for i in range(len(rows))), flat)


def test_a_newcomer_is_right_as_often_as_the_crowd_and_errs_to_all_alike() -> None:
    assert likelihoods(Record(), PLAIN, 1, 3) == pytest.approx([0.1, 0.8, 0.1])


def test_three_answers_say_little_and_three_hundred_much() -> None:
    few, many = Record(3, 3), Record(300, 300)
    assert 0.85 < likelihoods(few, PLAIN, 0, 2)[0] < 0.9
    assert likelihoods(many, PLAIN, 0, 2)[0] == BEST


def test_a_confusion_tells_where_somebody_errs() -> None:
    """Takes every third dog for a cat, and knows cats and birds."""
    person = _confused([[40, 0, 0], [14, 26, 0], [0, 0, 40]])
    cat = likelihoods(person, PLAIN, 0, 3)
    assert cat[0] > cat[1] > 5 * cat[2]
    dog = likelihoods(person, PLAIN, 1, 3)
    assert dog[1] > 10 * dog[0]


def test_few_answers_leave_the_confusion_near_the_own_accuracy() -> None:
    person = _confused([[2, 0], [1, 1]])
    plain = likelihoods(Record(person.seen, person.correct), PLAIN, 0, 2)
    assert likelihoods(person, PLAIN, 0, 2) == pytest.approx(plain, abs=0.05)


def test_who_always_says_the_same_says_nothing_by_it() -> None:
    button = _confused([[200, 0], [200, 0]])
    assert bits(evidence(button, PLAIN, 0, 2), 0, 2) < 0.1
    assert bits(evidence(button, PLAIN, 1, 2), 1, 2) < bits(evidence(Record(), PLAIN, 1, 2), 1, 2)


def test_a_confusion_that_is_upside_down_is_worth_nothing() -> None:
    upside_down = _confused([[0, 100], [100, 0]])
    assert bits(evidence(upside_down, PLAIN, 0, 2), 0, 2) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("labels", [2, 5, 12, 13, 200])
@pytest.mark.parametrize("doubt", [0.0, 0.5, 1.0])
def test_many_labels_are_weighed_as_few_are(labels: int, doubt: float) -> None:
    column = [math.log(chance) for chance in likelihoods(Record(20, 17), PLAIN, 1, labels, doubt)]
    said = evidence(Record(20, 17), PLAIN, 1, labels, doubt)
    apart = [said.get(truth, 0.0) - column[truth] for truth in range(labels)]
    assert apart == pytest.approx([apart[0]] * labels)


def test_a_doubted_answer_counts_less_and_a_worthless_one_nothing() -> None:
    worth = [bits(evidence(Record(), PLAIN, 0, 3, doubt), 0, 3) for doubt in (0.0, 0.5, 0.9, 1.0)]
    assert worth == sorted(worth, reverse=True)
    assert worth[-1] == pytest.approx(0)


def test_on_a_scale_a_slip_goes_to_the_next_step() -> None:
    crowd = read_model(None, KINDS["rating"], RATING)
    assert [math.fsum(row) for row in crowd.shape] == pytest.approx([1] * 5)
    column = likelihoods(Record(), crowd, 2, 5)
    assert column[1] > column[0]
    assert read_model(None, KINDS["choice"], Question(labels=("a", "b"))).shape == ()


def test_the_model_is_read_as_it_was_written() -> None:
    guesser = Record(4, 3, (1.0, 0.5, 0.5, 2.0))
    model = replace(
        PLAIN, accuracy=0.7, prior=(0.9, 0.1), shares=(0.8, 0.2), shape=((0.0, 1.0), (1.0, 0.0)), guesser=guesser
    )
    assert read_model(model.to_json(), KINDS["choice"], Question(labels=("a", "b"))) == model
    assert read_model("{}", KINDS["rating"], RATING) == read_model(None, KINDS["rating"], RATING)


def test_counts_are_packed_and_credit_is_taken_back_exactly() -> None:
    truth = (0.1, 0.2, 0.7)
    record, before = Record(), []
    for step in range(200):
        before.append(record)
        record = record.credited(step % 3, truth, truth[step % 3])
        assert unpack(pack(record.confusion)) == record.confusion
    for step in reversed(range(200)):
        record = record.credited(step % 3, truth, truth[step % 3], -1)
        expected = before[step]
        assert (record.seen, record.correct) == (expected.seen, expected.correct)
        assert record.confusion == (expected.confusion or (0.0,) * 9)
    assert record.credited(0, truth, 1.0, -1).seen == 0
    assert pack(()) is None
    assert unpack(None) == ()
