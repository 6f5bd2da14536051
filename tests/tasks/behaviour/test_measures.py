"""The three figures: what they are of people one can imagine, and nothing while too little is known."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.behaviour import signals
from tasks.behaviour.habits import Habits, Made
from tasks.behaviour.measures import Figure, Part, Truth, diligence, expertise, proficiency, share, together

_DAY = 86_400_000
CAREFUL = Truth(60, 57, 20, 19)


def people(seconds: float, spread: float, answers: int, labels: Sequence[float], seed: int = 1) -> Habits:
    """Somebody who takes about so many seconds, and chooses labels with these chances; one item every 10 s."""
    rng, habits = random.Random(seed), Habits()  # noqa: S311 - simulated people
    for n in range(answers):
        label = rng.choices(range(len(labels)), labels)[0]
        millis = int(1000 * seconds * math.exp(rng.gauss(0, spread)))
        habits.answered(Made(10_000 * n + 1, millis=millis, fast=millis < 1_500, slot=label, mark=label))
    return habits


CROWD = people(6, 0.6, 2_000, [0.5, 0.3, 0.2])
HURRIED = people(0.8, 0.2, 100, [0.5, 0.3, 0.2])
STEADY = people(6, 0.4, 100, [0.5, 0.3, 0.2])
ONE_BUTTON = people(3, 0.4, 100, [1, 0, 0])
EXPERT = people(12, 0.4, 100, [0.5, 0.3, 0.2])


def parts(figure: Figure) -> dict[str, Part]:
    return {part.name: part for part in figure.parts}


def value(figure: Figure) -> float:
    assert figure.value is not None
    return figure.value


def test_nothing_is_said_of_somebody_new() -> None:
    few = people(6, 0.4, 5, [1, 1])
    for figure in (
        expertise(Truth(9, 9, 9, 9)),
        diligence(few, CROWD, CAREFUL),
        proficiency(few, CROWD, CAREFUL, 0.5, 0.8),
        proficiency(STEADY, CROWD, Truth(), 0.5, 0.8),
        proficiency(STEADY, Habits(), CAREFUL, 0.5, 0.8),
    ):
        assert figure.value is None


def test_expertise_is_the_share_of_right_answers_with_its_interval() -> None:
    figure = expertise(CAREFUL)
    assert value(figure) == pytest.approx(57.5 / 61)
    assert figure.answers == 60
    gold = parts(figure)["gold"]
    assert (gold.count, parts(figure)["agreement"].count) == (20, 40)
    assert gold.low is not None
    assert gold.high is not None
    assert gold.low < 0.95 < gold.high


@given(st.floats(0, 1), st.integers(0, 10_000))
def test_a_share_lies_in_its_interval(right: float, of: int) -> None:
    found = share("x", right * of, of)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_wilsons_interval() -> None:
    found = share("x", 8, 10)
    assert found.low == pytest.approx(0.4902, abs=1e-3)
    assert found.high == pytest.approx(0.9433, abs=1e-3)


def test_diligence_tells_the_hurried_and_the_one_button_from_the_steady() -> None:
    guessing = Truth(60, 30, 20, 10)
    steady = diligence(STEADY, CROWD, CAREFUL)
    hurried = diligence(HURRIED, CROWD, guessing)
    same = diligence(ONE_BUTTON, CROWD, guessing)
    assert value(steady) > 0.9
    assert value(hurried) < 0.5 < value(steady)
    assert value(same) < 0.5
    assert parts(same)["variety"].value < 0.1
    assert parts(hurried)["time"].value < 0.1


def test_who_lets_leases_end_finishes_less() -> None:
    leaves = people(6, 0.4, 100, [1, 1])
    leaves.dropped(100)
    figure = parts(diligence(leaves, CROWD, CAREFUL, lapsed=1))
    assert figure["finished"].value == pytest.approx(0.5, abs=0.01)


def test_proficiency_is_a_half_for_the_typical_and_nothing_for_fast_guesses() -> None:
    typical, chance = 0.95, 1 / 3
    assert value(proficiency(STEADY, CROWD, CAREFUL, chance, typical)) == pytest.approx(0.5, abs=0.03)
    guessed = proficiency(HURRIED, CROWD, Truth(60, 20, 20, 6), chance, typical)
    assert value(guessed) < 0.1
    assert value(proficiency(EXPERT, CROWD, Truth(60, 60, 20, 20), chance, typical)) == pytest.approx(0.35, abs=0.05)
    quick = people(3, 0.4, 100, [0.5, 0.3, 0.2])
    assert value(proficiency(quick, CROWD, CAREFUL, chance, typical)) == pytest.approx(0.67, abs=0.03)


def test_together_each_project_counts_by_its_answers() -> None:
    assert together([Figure(1.0, 30), Figure(0.5, 10), Figure(None, 500)]) == Figure(0.875, 40)
    assert together([Figure(None, 3)]) == Figure(None, 0)


def test_sameness_and_rates() -> None:
    assert signals.entropy(ONE_BUTTON) == 0
    entropy = signals.entropy(CROWD)
    assert entropy is not None
    assert entropy == pytest.approx(1.485, abs=0.05)
    habits = Habits()
    for n in range(8):
        habits.answered(Made(1 + n, millis=4_000, changes=n % 2))
    habits.skipped(Made(9))
    habits.skipped(Made(10))
    assert (signals.change_rate(habits), signals.skip_rate(habits), signals.finished(habits)) == (0.5, 0.2, 1.0)
    assert signals.change_rate(Habits()) is None
    assert signals.median_seconds(habits) == pytest.approx(4, rel=0.2)
    assert signals.spread(habits) is not None


def test_tiring_is_seen_within_sittings_and_not_between_them() -> None:
    habits, at = Habits(), 1
    for sitting in range(4):
        at += _DAY
        for place in range(1, 16):
            at += 10_000
            millis = 20_000 / (1 + sitting) * math.exp(0.02 * place)  # quicker every day, slower in each sitting
            habits.answered(Made(at, millis=round(millis)))
    assert signals.fatigue(habits) == pytest.approx(math.expm1(0.2), rel=0.01)
    assert signals.fatigue(people(6, 0.4, 5, [1, 1])) is None


def test_coming_back() -> None:
    habits = Habits()
    assert signals.return_rate(habits) is None
    for day in (10, 11, 14, 20):
        habits.answered(Made(day * _DAY))
    assert signals.return_rate(habits) == 0.3
