"""Simulated people answer as their sort says; the items they are asked are fit to be imported."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tasks.projects.importing import check_data
from tasks.projects.spec import Spec
from tasks.simulation import crowd as sorts
from tasks.simulation.crowd import SORTS, Somebody, Sort, crowd
from tasks.simulation.items import Item, OpenAnswersError, Questions, made_up, questions_of, write

ABC = Questions("choice", ["a", "b", "c"])
_KINDS: dict[str, dict[str, Any]] = {
    "choice": {"labels": [{"key": key, "text": key} for key in "abc"]},
    "multi-choice": {"labels": [{"key": key, "text": key} for key in "abc"]},
    "rating": {"scale": {"min": 1, "max": 5}},
}


def _chance(seed: int = 1) -> Random:
    return Random(seed)  # noqa: S311 - the same chance in each run


def _spec(kind: str, **more: Any) -> Spec:
    return Spec.model_validate({"id": "x", "title": "X", "kind": kind, **_KINDS[kind], **more})


def _one(sort: Sort, people: int = 200) -> Somebody:
    return next(one for one in crowd(people, ABC, _chance()) if one.sort is sort)


def _right(one: Somebody, *, hard: bool = False, exam: bool = False) -> float:
    said = [(one.exam if exam else one.answer)(Item(n, "abc"[n % 3], hard), ABC) for n in range(3_000)]
    return float(sum(answer == "abc"[n % 3] for n, answer in enumerate(said)) / len(said))


@pytest.mark.parametrize("people", [12, 13, 40, 200, 777])
def test_the_shares_are_kept_and_whoever_copies_comes_in_twos(people: int) -> None:
    counts = Counter(one.sort for one in crowd(people, ABC, _chance()))
    assert counts.total() == people
    assert set(counts) == set(SORTS)
    assert counts[sorts.PAIR] % 2 == 0
    if people >= 200:
        assert all(abs(counts[sort] / people - sort.share) < 0.01 for sort in SORTS)
    assert sum(sort.share for sort in SORTS) == pytest.approx(1)


@pytest.mark.parametrize("sort", [sorts.CAREFUL, sorts.HURRIED, sorts.EXPERT])
def test_who_looks_is_as_right_as_they_are_and_less_on_hard_items(sort: Sort) -> None:
    one = _one(sort)
    assert _right(one) == pytest.approx(one.right, abs=0.03)
    assert _right(one, hard=True) < one.right - 0.1


def test_who_presses_any_key_is_right_by_chance_and_who_presses_one_key_presses_it() -> None:
    assert _right(_one(sorts.RANDOM)) == pytest.approx(1 / 3, abs=0.03)
    same = _one(sorts.SAME)
    said = Counter(same.answer(Item(n, "a", hard=False), ABC) for n in range(1_000))
    assert said[same.habit] > 900


def test_some_of_them_look_at_the_quiz_only() -> None:
    people = [one for one in crowd(400, ABC, _chance()) if one.sort is sorts.RANDOM]
    tries = {one.tries: _right(one, exam=True) for one in people}
    assert tries[True] == pytest.approx(0.87, abs=0.03)
    assert tries[False] == pytest.approx(1 / 3, abs=0.03)


def test_who_copies_gives_what_the_other_gave_errors_too_and_comes_with_them() -> None:
    one, other = [person for person in crowd(40, ABC, _chance()) if person.sort is sorts.PAIR][:2]
    items = [Item(n, "a", hard=False) for n in range(200)]
    assert [one.answer(item, ABC) for item in items] == [other.answer(item, ABC) for item in items]
    assert one.days.random() == other.days.random()
    assert one.rng.random() != other.rng.random()


def test_a_seed_is_a_crowd() -> None:
    first, again, another = (crowd(40, ABC, _chance(seed)) for seed in (1, 1, 2))
    assert [one.right for one in first] == [one.right for one in again] != [one.right for one in another]
    assert [first[0].ms() for _ in range(9)] == [again[0].ms() for _ in range(9)]


def test_times_and_skips_are_those_of_the_sort() -> None:
    one = _one(sorts.EXPERT)
    times = sorted(one.ms() for _ in range(2_001))
    assert times[1_000] == pytest.approx(24_000, rel=0.1)
    skips = [sum(one.skips(Item(1, "a", hard)) for _ in range(2_000)) for hard in (False, True)]
    assert skips[0] == pytest.approx(100, abs=40)
    assert skips[1] == pytest.approx(300, abs=80)


@pytest.mark.parametrize("kind", _KINDS)
def test_errors_are_errors_and_any_answer_is_one(kind: str) -> None:
    asked, rng = questions_of(_spec(kind)), _chance()
    for _ in range(300):
        truth = asked.any(rng)
        assert asked.wrong(truth, rng) != truth
    if kind == "multi-choice":
        assert all(asked.any(rng) for _ in range(300))
    else:
        assert {asked.any(rng) for _ in range(300)} == set(asked.options)


@pytest.mark.parametrize("kind", _KINDS)
def test_rows_that_are_made_up_can_be_imported_and_suffice(kind: str, tmp_path: Path) -> None:
    needs = {"qualification": {"practice": 3, "quiz": 7}, "review": {"quiz": 6}, "gold": {"share": 0.2}}
    spec = made_up(_spec(kind, show={"image": "photo"}, **needs))
    write(tmp_path / "rows.csv", spec, 40, _chance())
    found = check_data(spec, tmp_path / "rows.csv")
    assert not found.mistakes
    assert found.rows == 40 + 8 + 6 + 14


def test_text_cannot_be_made_up() -> None:
    with pytest.raises(OpenAnswersError, match="“text” answers cannot be made up"):
        questions_of(Spec.model_validate({"id": "x", "title": "X", "kind": "text"}))
