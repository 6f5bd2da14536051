"""Dealing and answering by example, on both databases."""

from __future__ import annotations

import random
from typing import Any

import pytest

from db.session import Database
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.errors import NothingToUndoError, NotYoursError, ProjectClosedError, TooLateError
from tasks.assignment.sweep import expire_leases, forget_settled
from tasks.projects import lifecycle
from tasks.projects.catalog import progress
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig

_LATER = 16 * 60_000


class Desk:
    """Short words for the services."""

    def __init__(self, rig: Rig, clock: Clock, rng: random.Random) -> None:
        self.rig, self.clock, self.rng = rig, clock, rng

    def offer(self, who: int) -> int | str:
        """The task, or why there is none."""
        found = self.rig.run(lambda tx, known: offer(tx, known, self.rig.workers[who], self.clock(), self.rng))
        return found.reason if isinstance(found, NoWork) else found.task

    def answer(self, who: int, task: int, label: str = "cat") -> None:
        """Hand in."""
        self.rig.run(lambda tx, known: answering.submit(tx, known, self.rig.workers[who], task, label, self.clock()))

    def skip(self, who: int, task: int, *, report: bool = False) -> None:
        """Skip or report."""
        self.rig.run(
            lambda tx, known: answering.skip(tx, known, self.rig.workers[who], task, "x", self.clock(), report=report)
        )

    def undo(self, who: int) -> int:
        """Take back."""
        return self.rig.run(lambda tx, known: answering.undo(tx, known, self.rig.workers[who], self.clock()))

    def sweep(self) -> int:
        """End leases."""
        return self.rig.run(lambda tx, _known: expire_leases(tx, self.clock()))


def _desk(database: Database, clock: Clock, rng: random.Random, tasks: int = 3, golds: int = 0, **changed: Any) -> Desk:
    return Desk(a_rig(database, clock(), 4, tasks, golds, changed), clock, rng)


def test_the_task_in_hand_stays_the_same(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng)
    assert desk.offer(0) == desk.offer(0) == 1
    desk.answer(0, 1)
    assert desk.offer(0) == 2


def test_no_more_people_than_the_overlap(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, tasks=1, overlap=2)
    assert [desk.offer(who) for who in range(3)] == [1, 1, "done"]
    desk.skip(0, 1)
    assert desk.offer(2) == 1
    assert desk.offer(0) == "done"


def test_a_lease_that_ends_gives_its_place_back(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, tasks=1, overlap=1)
    desk.offer(0)
    clock.pass_ms(_LATER)
    assert desk.sweep() == 1
    assert desk.offer(1) == 1
    with pytest.raises(TooLateError):
        desk.answer(0, 1)
    desk.skip(1, 1)
    desk.answer(0, 1)
    assert desk.rig.broken() == []


def test_a_skip_after_the_lease_counts_once(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, tasks=2)
    desk.offer(0)
    clock.pass_ms(_LATER)
    desk.sweep()
    desk.skip(0, 1, report=True)
    with pytest.raises(NotYoursError):
        desk.skip(0, 1, report=True)
    assert desk.rig.broken() == []


def test_what_waits_is_not_forgotten_by_a_second_undo(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng)
    desk.offer(0)
    desk.answer(0, 1)
    assert desk.offer(0) == 2
    for _ in range(2):
        assert desk.undo(0) == 1
        desk.answer(0, 1, "dog")
    assert desk.offer(0) == 2


def test_undo_reopens_what_was_agreed(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, tasks=1, overlap=1)
    desk.offer(0)
    desk.answer(0, 1)
    assert desk.rig.run(lambda tx, known: progress(tx, known.id)).agreed == 1
    assert desk.undo(0) == 1
    assert desk.rig.run(lambda tx, known: progress(tx, known.id)).agreed == 0
    with pytest.raises(NothingToUndoError):
        desk.undo(0)
    assert desk.rig.broken() == []


def test_a_dispute_with_one_report_still_counts_a_changed_answer(
    database: Database, clock: Clock, rng: random.Random
) -> None:
    desk = _desk(database, clock, rng, tasks=1, overlap=2)
    desk.offer(0)
    desk.skip(0, 1, report=True)
    for who, label in ((1, "cat"), (2, "dog")):
        desk.offer(who)
        desk.answer(who, 1, label)
    assert desk.rig.run(lambda tx, known: progress(tx, known.id)).disputed == 1
    desk.undo(2)
    desk.answer(2, 1, "cat")
    counts = desk.rig.run(lambda tx, known: progress(tx, known.id))
    assert (counts.agreed, counts.disputed) == (1, 0)
    assert desk.rig.broken() == []


def test_two_reports_set_a_task_aside(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, tasks=1)
    for who in (0, 1):
        desk.offer(who)
        desk.skip(who, 1, report=True)
    assert desk.offer(2) == "done"
    assert desk.rig.run(lambda tx, known: progress(tx, known.id)).disputed == 1


def test_caps(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, limits={"per_day": 1})
    desk.offer(0)
    desk.answer(0, 1)
    assert desk.offer(0) == "day"
    clock.pass_ms(86_400_000)
    assert desk.offer(0) == 2


def test_a_share_of_the_whole(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, limits={"share": 0.34})
    desk.offer(0)
    desk.answer(0, 1)
    assert desk.offer(0) == "share"


def test_a_paused_project_lets_finish_and_a_closed_one_does_not(
    database: Database, clock: Clock, rng: random.Random
) -> None:
    desk = _desk(database, clock, rng)
    assert [desk.offer(0), desk.offer(1)] == [1, 1]
    desk.rig.run(lambda tx, known: lifecycle.pause(tx, desk.rig.catalog, known.key, clock()))
    desk.answer(0, 1)
    assert desk.offer(0) == "closed"
    desk.rig.run(lambda tx, known: lifecycle.close(tx, desk.rig.catalog, known.key, clock()))
    with pytest.raises(ProjectClosedError):
        desk.answer(1, 1)


def test_gold_is_met_once_and_credited(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, tasks=2, golds=2, gold={"share": 0.9})
    met: list[int] = []
    while isinstance(task := desk.offer(0), int):
        met.append(task)
        desk.answer(0, task)
    assert len(met) == len(set(met))
    counts = desk.rig.run(lambda tx, known: progress(tx, known.id))
    assert counts.gold_seen == counts.gold_correct >= 1
    assert desk.rig.broken() == []


def test_nobody_answers_for_others_or_twice(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng)
    desk.offer(0)
    with pytest.raises(NotYoursError):
        desk.answer(1, 1)
    desk.answer(0, 1)
    with pytest.raises(NotYoursError):
        desk.answer(0, 1)


def test_the_queue_of_returned_tasks_is_swept(database: Database, clock: Clock, rng: random.Random) -> None:
    desk = _desk(database, clock, rng, tasks=1, overlap=1)
    desk.offer(0)
    desk.skip(0, 1)
    assert desk.rig.run(lambda tx, _known: forget_settled(tx)) == 0
    desk.offer(1)
    desk.answer(1, 1)
    assert desk.rig.run(lambda tx, _known: forget_settled(tx)) == 1
