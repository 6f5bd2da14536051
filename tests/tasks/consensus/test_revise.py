"""The batch pass over a project, on both databases: who is known for what, and which tasks change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from db.queries import quality
from db.session import Database, Tx
from db.statement import Statement, change
from tasks.consensus.corrections import corrections, doubts, reopen
from tasks.consensus.evidence import evidence
from tasks.consensus.reestimate import reestimate
from tasks.consensus.revise import Revised, revise
from tasks.projects.catalog import Known
from tests.conftest import Clock
from tests.property.rig import OVERLAP, SETTLED, SLOTS, TALLY, Rig, a_rig
from tests.support.working import spoiled, truth, work_through

HELD = (SLOTS, OVERLAP, SETTLED, TALLY)
DYNAMIC = {"overlap": {"min": 2, "max": 4, "confidence": 0.9}}


class Standing(NamedTuple):
    """What is known of a worker."""

    worker: int
    seen: float
    correct: float
    doubt: float
    doubts: str | None


class Settled(NamedTuple):
    """A task as it stands."""

    id: int
    status: str
    label: str | None
    answers: int


STANDINGS = Statement(
    "SELECT worker_id, seen, correct, doubt, doubts FROM enrolment WHERE project_id = :project ORDER BY worker_id",
    Standing,
)
TASKS = Statement(
    "SELECT id, status, label, answers FROM task WHERE project_id = :project AND split = 'work' ORDER BY id", Settled
)


def standings(rig: Rig) -> Mapping[int, Standing]:
    """What is known of everybody."""
    return {row.worker: row for row in rig.run(lambda tx, known: tx.all(STANDINGS, project=known.id))}


def tasks(rig: Rig) -> list[Settled]:
    """All work."""
    return rig.run(lambda tx, known: tx.all(TASKS, project=known.id))


def _pass(rig: Rig, clock: Clock) -> Revised:
    clock.pass_ms(60_000)
    return revise(rig.database, rig.catalog, rig.known_id, clock)


def test_somebody_who_guesses_is_found_and_the_others_are_not(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), workers=7, tasks=90, changed={"overlap": 5})
    *careful, guesser = rig.workers
    work_through(rig, clock, {**dict.fromkeys(careful, 0.06), guesser: 0.5})
    done = _pass(rig, clock)
    known = standings(rig)
    assert done.answers == 450
    assert known[guesser].doubt > 0.9
    assert json.loads(known[guesser].doubts or "[]")
    assert max(known[worker].doubt for worker in careful) < 0.1
    assert all(known[worker].doubts is None for worker in careful)
    assert known[guesser].correct / known[guesser].seen < 0.65
    assert min(known[worker].correct / known[worker].seen for worker in careful) > 0.75
    assert not rig.broken(HELD)


def test_what_is_learned_stands_in_the_project(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), workers=6, tasks=60, changed={"overlap": 4})
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    _pass(rig, clock)
    model = rig.run(lambda _tx, known: known.crowd)
    assert model.accuracy == pytest.approx(0.9, abs=0.05)
    assert sum(model.prior) == pytest.approx(1)
    assert 0.3 <= model.temper <= 1


def test_nothing_is_due_without_new_answers(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), workers=4, tasks=30, changed={"overlap": 3})
    assert _pass(rig, clock) == Revised()
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    assert _pass(rig, clock).answers == 90
    assert _pass(rig, clock) == Revised()


def test_what_came_during_a_pass_is_kept(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = a_rig(database, clock(), workers=5, tasks=60, changed={"overlap": 3})
    half = dict.fromkeys(rig.workers[:3], 0.1)
    work_through(rig, clock, half)
    credited = {"project": rig.known_id, "worker": rig.workers[0], "doubt": 0.0, "doubts": None}

    def meanwhile(*given: Any, **also: Any) -> Any:
        rig.run(lambda tx, _known: tx.run(quality.JUDGE, **credited, seen=1_000.0, correct=900.0, confusion=None))
        return reestimate(*given, **also)

    monkeypatch.setattr("tasks.consensus.revise.reestimate", meanwhile)
    before = standings(rig)[rig.workers[0]].seen
    _pass(rig, clock)
    assert standings(rig)[rig.workers[0]].seen == pytest.approx(1_000, abs=before)
    assert standings(rig)[rig.workers[0]].seen > 900


def test_settled_tasks_wait_for_the_admin(database: Database, clock: Clock) -> None:
    rig = spoiled(database, clock, reopen=0)
    before = {task.id: task for task in tasks(rig)}
    done = _pass(rig, clock)
    assert done.reopened == 0
    wrong = rig.run(lambda tx, known: corrections(tx, known, 50))
    assert rig.run(doubts).settled == len(wrong) > 0
    assert {task.id: task.label for task in tasks(rig) if task.status == "agreed"}.items() >= {
        one.task: before[one.task].label for one in wrong
    }.items()
    shown = rig.run(lambda tx, known: evidence(tx, known, wrong[0].row))
    assert shown.doubted
    assert shown.doubted[1] < 0.9
    weighed = reopen(rig.database, rig.catalog, rig.known_id, [one.task for one in wrong], clock)
    assert weighed.tasks == len(wrong) == weighed.asked + weighed.changed
    assert rig.run(doubts).settled == 0
    now = {task.id: task for task in tasks(rig)}
    assert all(now[one.task].status == "open" or now[one.task].label != before[one.task].label for one in wrong)
    assert not rig.broken(HELD)


def test_a_part_may_be_asked_again_by_itself(database: Database, clock: Clock) -> None:
    rig = spoiled(database, clock, reopen=0.05)
    done = _pass(rig, clock)
    assert 0 < done.reopened <= 6
    standing = rig.run(lambda tx, known: tx.one(quality.STANDING, project=known.id))
    assert standing
    assert standing.reopened == done.reopened
    assert not rig.broken(HELD)
    work_through(rig, clock, dict.fromkeys(rig.workers[2:], 0.0), seed=5)
    assert not rig.broken(HELD)


def test_open_tasks_that_are_sure_by_now_are_settled(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), workers=8, tasks=80, changed={"overlap": {"min": 2, "max": 8, "confidence": 0.97}})
    some = rig.workers[:4]
    work_through(rig, clock, dict.fromkeys(some, 0.02))
    opened = sum(task.status == "open" for task in tasks(rig))
    done = _pass(rig, clock)
    assert sum(task.status == "open" for task in tasks(rig)) == opened - done.settled
    assert not rig.broken(HELD)


def test_known_answers_that_all_contradict_are_suspected(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), workers=8, tasks=30, golds=3, changed={"overlap": 4, "gold": {"share": 0.5}})

    def turned(tx: Tx, known: Known) -> None:
        tx.run(change("UPDATE task SET gold = :gold WHERE project_id = :project AND split = 'gold'"),
               gold='"dog"' if truth(31) == "cat" else '"cat"', project=known.id)  # fmt: skip

    rig.run(turned)
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.02))
    _pass(rig, clock)
    found = rig.run(doubts)
    assert found.known_count == len(found.known) > 0
    assert set(found.known) <= {"g0", "g1", "g2"}
    assert not rig.broken(HELD)
