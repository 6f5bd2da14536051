"""Known answers are dealt to nobody twice, to everybody in a round of their own, and to newcomers in any case."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.session import Database, Tx
from db.tables import Enrolment
from tasks.assignment import answering, checks
from tasks.assignment.deal import NoWork, offer
from tasks.projects.catalog import Known
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

_TASKS = 60


def _met(rig: Rig, clock: Clock, who: int, rng: random.Random, acts: int, *, skips: float = 0.0) -> list[int]:
    """The gold tasks that somebody is dealt, in their order; the first of them have the numbers after the work."""
    met: list[int] = []

    def turn(tx: Tx, known: Known) -> bool:
        worker, now = rig.workers[who], clock()
        found = offer(tx, known, worker, now, rng)
        if isinstance(found, NoWork):
            return False
        if found.task > _TASKS:
            met.append(found.task)
        if rng.random() < skips:
            answering.skip(tx, known, worker, found.task, "unsure", now)
        else:
            answering.submit(tx, known, worker, found.task, "cat", now)
        return True

    for _ in range(acts):
        if not rig.run(turn):
            break
    return met


@pytest.mark.parametrize("golds", [1, 2, 7])
def test_nobody_meets_a_known_answer_twice_and_all_meet_all(database: Database, clock: Clock, golds: int) -> None:
    rig = a_rig(database, clock(), 4, _TASKS, golds, {"gold": {"share": 0.5}})
    for who in range(4):
        met = _met(rig, clock, who, chance(who), 40, skips=0.2 if who == 3 else 0.0)
        assert sorted(met) == list(range(_TASKS + 1, _TASKS + golds + 1))
        if golds == 7:
            first = met[0] - _TASKS - 1
            assert [task - _TASKS - 1 for task in met] == [(first + n) % golds for n in range(golds)]
    assert rig.broken() == []


def test_rounds_begin_anywhere(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 12, _TASKS, 20, {"gold": {"share": 0.9}})
    firsts = Counter(_met(rig, clock, who, chance(who), 3)[0] for who in range(12))
    assert len(firsts) >= 5


def test_whoever_met_some_before_there_were_rounds_meets_none_of_them_again(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, _TASKS, 6, {"gold": {"share": 0.9}})
    row = Enrolment(project_id=rig.known_id, worker_id=rig.workers[0], joined_at=0, gold_cursor=_TASKS + 4)
    rig.run(lambda tx, _known: tx.orm.add(row))
    assert _met(rig, clock, 0, chance(1), 40) == [_TASKS + 5, _TASKS + 6]


def test_newcomers_meet_one_among_their_first_ten(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 8, _TASKS, 3, {"gold": {"share": 0.01}})
    places: Counter[int] = Counter()
    for who in range(8):
        rng = chance(1000 + who)
        for n in range(1, 11):
            if _met(rig, clock, who, rng, 1):
                places[n] += 1
                break
        else:
            raise AssertionError(who)
    assert len(places) >= 3


@given(st.integers(1, 200), st.lists(st.floats(0, 1), max_size=70), st.floats(0, 0.9), st.floats(0, 1))
def test_the_share_of_gold(level: int, rights: Sequence[float], share: float, doubt: float) -> None:
    recent = bytes(round(255 * right) for right in rights)[-64:]
    found = checks.gold_share(share, level, doubt, 0.0, recent)
    assert 0 <= found <= 0.9
    assert found >= share / 4
    assert found >= doubt / 2
    assert checks.gold_share(share, 1, doubt, 0.0, None) >= min(0.5, 2 * share)
    assert checks.gold_share(share, level, doubt, 0.3, recent) >= 0.3


def test_the_weak_meet_gold_however_seldom_others_do() -> None:
    assert checks.gold_share(0.01, 10, 0.0, 0.0, bytes(10)) >= 0.2
    assert checks.gold_share(0.01, 10, 0.0, 0.0, b"\xff" * 10) < 0.01
    assert checks.gold_share(0.01, 10, 0.0, 0.0, bytes(2)) < 0.01
    assert checks.gold_share(0.0, 1, 0.0, 0.0, bytes(10)) == 0


@given(st.integers(1, 1000), st.sampled_from(checks.LEVELS))
def test_about_one_in_so_many_is_checked_and_always_the_same(worker: int, level: int) -> None:
    due = [checks.due(1, task, worker, level) for task in range(1000)]
    assert due == [checks.due(1, task, worker, level) for task in range(1000)]
    assert abs(sum(due) / 1000 - 1 / level) < 0.08


@given(st.integers(1, 5), st.integers(1, 5), st.booleans(), st.integers(0, 3))
def test_further_answers_stay_within_the_overlap(least: int, more: int, checked: bool, asked: int) -> None:  # noqa: FBT001 - given
    most = least + more - 1
    further = checks.further(least, most, checked=checked, more=asked)
    assert 0 <= further <= max(0, most - 1)
    if least < most and checked:
        assert further >= 1
    if least == most:
        assert further == 0


def test_levels_go_up_and_down_one_at_a_time() -> None:
    assert [checks.up(level) for level in checks.LEVELS] == [3, 5, 10, 10]
    assert [checks.down(level) for level in checks.LEVELS] == [1, 1, 3, 5]
