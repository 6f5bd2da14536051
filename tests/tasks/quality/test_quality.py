"""Consensus and decision by example."""

from __future__ import annotations

from typing import Any

import pytest

from tasks.kinds import KINDS, Question
from tasks.quality.ballots import Ballot
from tasks.quality.consensus import Belief, believe
from tasks.quality.decide import decide
from tasks.quality.model import CrowdModel, Record
from tasks.quality.reliability import accuracy

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
