"""Settling by example, on both databases: when it stops, what is kept, who is credited, what undo takes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from db.session import Database
from db.tables import Alike, Task
from tasks.projects.catalog import Catalog
from tasks.quality.model import CrowdModel, pack, unpack
from tests.conftest import Clock
from tests.property.rig import COUNTED, OVERLAP, SETTLED, SLOTS
from tests.support.house import House

_SURE: Mapping[str, Any] = {"overlap": {"min": 1, "max": 3, "confidence": 0.85}}
_KNOWN: Mapping[str, Any] = {"seen": 40.0, "correct": 39.0, "confusion": pack((20.0, 1.0, 0.0, 19.0))}
_OF_TASKS = (SLOTS, OVERLAP, SETTLED, COUNTED)
_UNCHECKED = 1_000_000_007
"""So seldom are answers checked that none here is."""


def test_a_newcomers_answer_alone_asks_for_a_second(database: Database, clock: Clock) -> None:
    house = House(database, clock, **_SURE)
    house.answer(0, "cat")
    assert (house.task().status, house.task().wanted, house.task().slots) == ("open", 2, 1)
    house.answer(1, "cat")
    assert (house.task().status, house.task().method) == ("agreed", "confidence")


def test_somebody_known_is_believed_alone_and_not_credited_for_it(database: Database, clock: Clock) -> None:
    house = House(database, clock, **_SURE)
    house.enrolled(0, **_KNOWN, checks=_UNCHECKED)
    house.answer(0, "cat")
    assert (house.task().status, house.task().method) == ("agreed", "confidence")
    assert (house.of(0).seen, house.given(0).agreed) == (40.0, None)
    assert (house.given(0).weight or 0) > 2


def test_a_fixed_overlap_stays_what_it_is(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=3)
    for who in range(3):
        house.enrolled(who, **_KNOWN)
    for who in range(2):
        house.answer(who, "cat")
        assert house.task().status == "open"
    house.answer(2, "cat")
    assert (house.task().status, house.task().method, house.task().answers) == ("agreed", "overlap", 3)


def test_what_is_still_open_at_the_most_is_disputed_and_credited_softly(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap={"min": 1, "max": 2, "confidence": 0.9})
    house.answer(0, "cat")
    house.answer(1, "dog")
    assert (house.task().status, house.task().method) == ("disputed", "most answers")
    assert (house.of(0).seen, house.of(0).correct) == (1, 0.5)
    assert unpack(house.of(0).confusion) == (0.5, 0, 0.5, 0)
    assert unpack(house.of(1).confusion) == (0, 0.5, 0, 0.5)


def test_credit_is_the_posterior_and_undo_takes_it_back(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=3)
    for who, label in enumerate(("cat", "cat", "dog")):
        house.answer(who, label)
    cat = dict(map(tuple, json.loads(house.task().posterior or "[]")))["cat"]
    assert house.task().confidence == pytest.approx(cat, abs=1e-6)
    assert unpack(house.of(0).confusion) == pytest.approx((cat, 0, 1 - cat, 0))
    assert house.of(2).correct == pytest.approx(1 - cat)
    assert [house.given(who).agreed for who in range(3)] == pytest.approx([cat, cat, 1 - cat])
    assert house.given(0).weight == house.given(2).weight == pytest.approx(1.6)
    house.undo(2)
    assert unpack(house.of(0).confusion) == (0, 0, 0, 0)
    assert (house.of(0).seen, house.of(2).correct, house.given(1).agreed, house.given(1).weight) == (0, 0, None, None)
    assert (house.task().status, house.task().worth is not None) == ("open", True)
    assert house.rig.broken() == []


def test_gold_is_certain(database: Database, clock: Clock) -> None:
    house = House(database, clock, tasks=2, golds=1, gold={"share": 0.9})
    while house.answer(0, "dog") != 3:
        continue
    assert unpack(house.of(0).confusion) == (0, 1, 0, 0)
    assert (house.of(0).seen, house.of(0).correct, house.of(0).gold_seen, house.of(0).gold_correct) == (1, 0, 1, 0)
    house.undo(0)
    assert unpack(house.of(0).confusion) == (0, 0, 0, 0)
    assert house.rig.broken() == []


def test_what_is_learned_of_the_crowd_holds_from_the_next_turn_on(database: Database, clock: Clock) -> None:
    house = House(database, clock, tasks=3, overlap=1)
    sure = []
    for revision, accuracy in enumerate((0.8, 0.6, 0.95)):
        if revision:
            house.learned(CrowdModel(accuracy=accuracy), revision)
        sure.append(house.task(house.answer(revision, "cat")).confidence or 0)
    assert sure[1] < sure[0] < sure[2]


def test_another_process_finds_what_was_learned(database: Database, clock: Clock) -> None:
    house = House(database, clock)
    house.learned(CrowdModel(accuracy=0.6, guesser=CrowdModel().guesser))
    fresh = Catalog()
    assert database.run(lambda tx: fresh.get(tx, house.rig.known_id)).result().crowd.accuracy == 0.6
    assert house.rig.run(lambda _tx, known: known.crowd.accuracy) == 0.6


def test_people_alike_do_not_settle_a_task_between_them(database: Database, clock: Clock) -> None:
    house = House(database, clock, **_SURE)
    for who in (0, 1):
        house.enrolled(who)
    first, second = house.rig.workers[:2]
    pair = Alike(project_id=house.rig.known_id, worker_id=first, other_id=second, strength=1.0)
    house.rig.run(lambda tx, _known: tx.orm.add(pair))
    house.answer(0, "cat")
    house.answer(1, "cat")
    assert house.task().status == "open"
    house.answer(2, "cat")
    assert house.task().status == "agreed"
    assert min(house.given(who).weight or 0 for who in range(3)) == 0


def test_the_doubted_count_for_nothing(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=3)
    house.enrolled(0, doubt=1.0)
    house.enrolled(1, doubt=1.0)
    for who, label in enumerate(("dog", "dog", "cat")):
        house.answer(who, label)
    assert json.loads(house.task().label or "") == "cat"
    assert house.given(0).weight == pytest.approx(0, abs=1e-9)


def test_a_models_guess_helps_to_stop_early(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap={"min": 2, "max": 4, "confidence": 0.94})
    house.rig.run(lambda tx, known: setattr(tx.orm.get_one(Task, (known.id, 1)), "prior", '"cat"'))
    house.answer(0, "cat")
    house.answer(1, "cat")
    assert house.task().status == "agreed"


@pytest.mark.parametrize("kind", ["rating", "multi-choice", "text"])
def test_other_kinds_are_credited_too(kind: str, database: Database, clock: Clock) -> None:
    answers: dict[str, Any] = {"rating": 4, "multi-choice": ["cat"], "text": "a cat"}
    house = House(database, clock, overlap=2, kind=kind)
    for who in range(2):
        house.answer(who, answers[kind])
    assert house.task().status == "agreed"
    assert house.of(0).seen == 1
    assert house.of(0).correct > 0.9
    assert (house.of(0).confusion is not None) == (kind == "rating")
    house.undo(1)
    assert (house.of(0).seen, house.of(0).correct) == (0, 0)


def test_an_answer_that_is_to_be_checked_asks_for_another_however_sure_it_is(database: Database, clock: Clock) -> None:
    house = House(database, clock, tasks=2, **_SURE)
    house.enrolled(0, **_KNOWN, checks=1)
    house.enrolled(1, **_KNOWN, checks=_UNCHECKED)
    house.answer(0, "cat")
    assert house.given(0).further == 1
    assert (house.task().status, house.task().wanted, house.task().slots, house.task().worth) == ("open", 2, 1, None)
    assert house.answer(1, "cat") == 1
    assert (house.task().status, house.task().wanted, house.given(1).further) == ("agreed", 2, 0)
    assert house.rig.broken(_OF_TASKS) == []


def test_a_checked_answer_that_is_taken_back_and_given_again_is_checked_again(database: Database, clock: Clock) -> None:
    house = House(database, clock, **_SURE)
    house.enrolled(0, **_KNOWN, checks=1)
    house.answer(0, "cat")
    house.undo(0)
    assert house.rig.broken(_OF_TASKS) == []
    house.answer(0, "dog")
    assert (house.task().status, house.task().wanted, house.task().slots) == ("open", 2, 1)
    assert house.rig.broken(_OF_TASKS) == []


def test_where_two_are_asked_at_least_nothing_is_added_by_checks(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap={"min": 2, "max": 4, "confidence": 0.8})
    house.enrolled(0, **_KNOWN, checks=1)
    house.enrolled(1, **_KNOWN, checks=1)
    house.answer(0, "cat")
    house.answer(1, "cat")
    assert (house.task().status, house.task().wanted) == ("agreed", 2)


def test_more_answers_never_exceed_the_overlap(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap={"min": 2, "max": 3, "confidence": 0.8})
    house.enrolled(0, **_KNOWN, further=2)
    for who in range(3):
        house.answer(who, "cat")
    assert (house.task().status, house.task().wanted) == ("agreed", 3)
    assert house.rig.broken(_OF_TASKS) == []
