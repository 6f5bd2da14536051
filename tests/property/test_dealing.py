"""Which task comes next: by what its next answer is worth, from a window, and none is ever lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.queries import work
from db.session import Database, Tx, open_database
from db.statement import Statement, change
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.projects.catalog import Known
from tests.conftest import Clock
from tests.property.rig import LABELS, Rig, a_rig, chance

_ADAPTIVE: Mapping[str, Any] = {"overlap": {"min": 1, "max": 4, "confidence": 0.9}}
_WORTH = change("UPDATE task SET worth = :worth WHERE project_id = :project AND id = :task")
_DOUBT = change("UPDATE enrolment SET doubt = 1 WHERE project_id = :project")


class Left(NamedTuple):
    """A task that has a slot, and a worker who might have been given it."""

    task: int
    worker: int


LEFT = Statement(
    """
    SELECT t.id, e.worker_id FROM task t JOIN enrolment e ON e.project_id = t.project_id
    WHERE t.project_id = :project AND t.slots > 0 AND NOT EXISTS (
        SELECT 1 FROM assignment a
        WHERE a.project_id = t.project_id AND a.task_id = t.id AND a.worker_id = e.worker_id)
    """,
    Left,
)


def _next(rig: Rig, who: int, clock: Clock, seed: int = 1) -> int | None:
    """The task that somebody is dealt, and answers."""

    def turn(tx: Tx, known: Known) -> int | None:
        found = offer(tx, known, rig.workers[who], clock(), chance(seed))
        if isinstance(found, NoWork):
            return None
        answering.submit(tx, known, rig.workers[who], found.task, "cat", clock())
        return found.task

    return rig.run(turn)


def _returned(rig: Rig, worths: Sequence[float | None]) -> None:
    """Every task is worth that much and stands in the queue of returned ones, in the order of their numbers."""

    def turn(tx: Tx, known: Known) -> None:
        for task, worth in enumerate(worths, 1):
            tx.run(_WORTH, project=known.id, task=task, worth=worth)
            tx.run(work.RETURN, project=known.id, task=task)

    rig.run(turn)


def test_of_the_window_the_best_comes_first_and_the_others_stay(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 40, changed=_ADAPTIVE)
    worths = [chance(5).random() + task % 7 for task in range(40)]
    _returned(rig, worths)
    dealt = [_next(rig, 0, clock) for _ in range(41)]
    assert dealt[-1] is None
    assert sorted(task for task in dealt if task) == list(range(1, 41))
    assert dealt[0] == max(range(1, 17), key=lambda task: worths[task - 1])


def test_a_fresh_task_comes_before_one_that_is_nearly_sure(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 3, changed=_ADAPTIVE)
    rig.run(lambda tx, known: tx.run(_WORTH, project=known.id, task=3, worth=0.01))
    rig.run(lambda tx, known: tx.run(work.RETURN, project=known.id, task=3))
    assert [_next(rig, 0, clock) for _ in range(3)] == [1, 2, 3]


def test_of_equal_worth_what_was_returned_comes_first(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 3, changed=_ADAPTIVE)
    rig.run(lambda tx, known: tx.run(work.RETURN, project=known.id, task=3))
    assert [_next(rig, 0, clock) for _ in range(3)] == [3, 1, 2]


def test_with_a_fixed_overlap_the_queue_keeps_its_order(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 3)
    _returned(rig, [0.1, 0.2, 0.3])
    assert [_next(rig, 0, clock) for _ in range(3)] == [1, 2, 3]


def test_who_is_doubted_meets_gold(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 2, 30, golds=30, changed=_ADAPTIVE)
    _next(rig, 0, clock)
    rig.run(lambda tx, known: tx.run(_DOUBT, project=known.id))
    met = [_next(rig, 0, clock, seed) for seed in range(20)]
    trusted = [_next(rig, 1, clock, seed) for seed in range(20)]
    assert 5 <= sum(task > 30 for task in met if task) <= 15
    assert all(task <= 30 for task in trusted if task)


@given(
    acts=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["answer", "answer", "skip", "undo"]), st.sampled_from(LABELS)),
        max_size=60,
    )
)
@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_task_is_lost(acts: Sequence[tuple[int, str, str]], sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "dealing.db"
    file.write_bytes(sqlite_template.read_bytes())
    database, clock = open_database(f"sqlite:///{file}"), Clock()
    rig = a_rig(database, clock(), 4, 30, changed=_ADAPTIVE)
    try:
        for act in acts:
            rig.run(lambda tx, known, act=act: _act(tx, known, rig.workers[act[0]], act[1], act[2], clock()))  # type: ignore[misc]
        while [task for task in (_next(rig, who, clock) for who in range(4)) if task]:
            pass
        assert rig.run(lambda tx, known: tx.all(LEFT, project=known.id)) == []
        assert rig.broken() == []
    finally:
        database.close()
        file.unlink()


def _act(tx: Tx, known: Known, worker: int, what: str, label: str, now: int) -> None:
    found = offer(tx, known, worker, now, chance(1))
    if isinstance(found, NoWork):
        return
    if what == "skip":
        answering.skip(tx, known, worker, found.task, "unsure", now)
        return
    answering.submit(tx, known, worker, found.task, label, now)
    if what == "undo":
        answering.undo(tx, known, worker, now)
