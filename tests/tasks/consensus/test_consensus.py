"""Consensus and decision by example."""

from __future__ import annotations

from typing import Any

import pytest

from tasks.consensus.ballots import Ballot
from tasks.consensus.consensus import Belief, believe
from tasks.consensus.decide import Decision, decide
from tasks.consensus.information import worth_of_first, worth_of_next
from tasks.consensus.reliability import accuracy
from tasks.kinds import KINDS, Question
from tasks.quality.model import CrowdModel, Record

QUESTION = Question(labels=("cat", "dog", "cow"))


def _believe(kind: str, *values: Any) -> Belief:
    return believe(KINDS[kind], QUESTION, [Ballot(value) for value in values])


@pytest.mark.parametrize(
    ("kind", "values", "value", "tied"),
    [
        ("choice", ["cat", "cat", "dog"], "cat", False),
        ("choice", ["cat", "dog"], "cat", True),
        ("multi-choice", [["cat"], ["cat", "dog"], ["cat", "dog"]], ["cat", "dog"], False),
        ("multi-choice", [["cat"], ["dog"]], ["cat"], True),
        ("rating", [1, 1, 5], 1, False),
        ("rating", [3], 3, False),
        ("text", ["Red car", "red  CAR", "blue"], "Red car", False),
        ("text", ["one", "two"], "one", True),
    ],
)
def test_what_the_crowd_says(kind: str, values: list[Any], value: Any, tied: bool) -> None:  # noqa: FBT001 - a table
    belief = _believe(kind, *values)
    assert belief.value == value
    assert belief.tied is tied


def test_a_newcomer_is_right_four_times_of_five() -> None:
    assert accuracy(Record(), CrowdModel()) == pytest.approx(0.8)
    assert accuracy(Record(100, 50), CrowdModel()) == pytest.approx(0.51, abs=0.01)
    belief = believe(KINDS["choice"], QUESTION, [Ballot("cat")], CrowdModel(temper=1))
    assert belief.confidence == pytest.approx(0.8)


def test_one_expert_outweighs_two_who_guess() -> None:
    cast = [Ballot("cat", Record(100, 100)), Ballot("dog", Record(100, 34)), Ballot("dog", Record(100, 34))]
    assert believe(KINDS["choice"], QUESTION, cast).value == "cat"


def test_a_bad_record_is_worth_nothing_rather_than_the_contrary() -> None:
    belief = believe(KINDS["rating"], Question(low=1, high=5), [Ballot(1, Record(1_000, 0))])
    assert belief.value == 1


EXPERT, GUESSER = Record(100, 97), Record(40, 38)


def _among(ballots: list[Ballot], **more: Any) -> Belief:
    return believe(KINDS["choice"], QUESTION, ballots, **more)


def test_a_text_that_everybody_writes_may_still_be_wrong() -> None:
    alone, three = _believe("text", "one"), _believe("text", "one", "one", "One ")
    assert alone.confidence < 0.9
    assert 0.99 < three.confidence < 1


def test_a_rare_label_is_not_drowned_by_what_is_frequent() -> None:
    frequent = CrowdModel(prior=(0.98, 0.01, 0.01))
    torn = _among([Ballot("dog"), Ballot("dog", worker=1)], crowd=frequent)
    assert (torn.value, torn.tied) == ("cat", True)
    assert _among([Ballot("dog"), Ballot("cat", worker=1)], crowd=frequent).tied
    enough = [Ballot("dog", EXPERT, worker=worker) for worker in range(3)]
    assert not _among(enough, crowd=frequent).tied


def test_a_model_that_is_often_right_weighs_as_much_and_settles_nothing_alone() -> None:
    learned = CrowdModel(guesser=GUESSER)
    agreed = _among([Ballot("cat")], crowd=learned, guess="cat")
    assert agreed.confidence > _among([Ballot("cat")], guess="cat").confidence > _among([Ballot("cat")]).confidence
    assert not agreed.backed
    against = _among([Ballot("cat")], crowd=learned, guess="dog")
    assert (against.value, against.tied) == ("dog", True)
    assert not _among([Ballot("cat"), Ballot("dog", worker=1)], crowd=learned, guess="dog").tied


def test_a_guess_that_is_no_label_is_left_out() -> None:
    assert _among([Ballot("cat")], guess="unicorn") == _among([Ballot("cat")])


@pytest.mark.parametrize(
    ("ballots", "backed"),
    [
        ([Ballot("cat")], False),
        ([Ballot("cat", Record(9, 9))], False),
        ([Ballot("cat", Record(10, 9))], True),
        ([Ballot("cat"), Ballot("cat", worker=1)], True),
        ([Ballot("cat"), Ballot("cat", doubt=0.99, worker=1)], False),
        ([Ballot("cat"), Ballot("dog", worker=1)], False),
    ],
)
def test_a_newcomer_backs_nothing_alone(ballots: list[Ballot], backed: bool) -> None:  # noqa: FBT001 - a table
    assert _among(ballots).backed is backed


def test_the_same_answer_of_two_who_are_alike_counts_little_more_than_once() -> None:
    copied = [Ballot("cat", EXPERT, worker=3), Ballot("cat", worker=7)]
    alone, alike, apart = (_among(copied[:1]), _among(copied, alike={(3, 7): 0.9}), _among(copied))
    assert alone.confidence < alike.confidence < apart.confidence
    assert alike.weights[0] == apart.weights[0]
    assert alike.weights[1] == pytest.approx(0.1 * apart.weights[1])
    differ = [Ballot("cat", worker=3), Ballot("dog", worker=7)]
    assert _among(differ, alike={(3, 7): 0.9}) == _among(differ)


def test_a_tie_is_named_by_the_order_of_the_labels() -> None:
    assert _believe("choice", "cow", "dog").value == _believe("choice", "dog", "cow").value == "dog"


def test_what_one_more_answer_is_worth() -> None:
    kind = KINDS["choice"]
    torn, fairly, surely = (
        worth_of_next(kind, QUESTION, CrowdModel(), chances)
        for chances in ((0.5, 0.5, 0.0), (0.8, 0.1), (0.99, 0.01, 0))
    )
    first = worth_of_first(kind, QUESTION, CrowdModel())
    assert first > torn > fairly > surely > 0
    assert worth_of_first(KINDS["multi-choice"], QUESTION, CrowdModel()) > worth_of_next(
        KINDS["multi-choice"], QUESTION, CrowdModel(), (0.9, 0.5, 0.9)
    )
    assert worth_of_first(KINDS["text"], QUESTION, CrowdModel()) > worth_of_next(
        KINDS["text"], QUESTION, CrowdModel(), (0.8,)
    )


@pytest.mark.parametrize(
    ("chance", "tied", "answers", "wanted", "most", "confidence", "status", "then"),
    [
        (0.99, False, 1, 3, 3, None, "open", 3),
        (0.99, False, 3, 3, 3, None, "agreed", 3),
        (0.50, True, 2, 2, 2, None, "disputed", 2),
        (0.45, False, 3, 3, 3, None, "disputed", 3),
        (0.96, False, 2, 2, 5, 0.95, "agreed", 2),
        (0.90, False, 2, 2, 5, 0.95, "open", 3),
        (0.90, False, 5, 5, 5, 0.95, "disputed", 5),
    ],
)
def test_decision(
    chance: float,
    tied: bool,  # noqa: FBT001 - a table
    answers: int,
    wanted: int,
    most: int,
    confidence: float | None,
    status: str,
    then: int,
) -> None:
    decision = decide(Belief("cat", chance, tied, ()), answers, wanted, most, confidence)
    assert (decision.status, decision.wanted) == (status, then)


def test_a_newcomers_word_alone_asks_for_one_more() -> None:
    unbacked = Belief("cat", 0.99, tied=False, posterior=(), backed=False)
    assert decide(unbacked, 1, 1, 3, 0.9) == Decision("open", 2, "")
    assert decide(unbacked, 3, 3, 3, 0.9) == Decision("disputed", 3, "most answers")
    assert decide(unbacked, 1, 1, 1, None) == Decision("agreed", 1, "overlap")
