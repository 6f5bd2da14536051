"""The figures of a project, read from rows that people made by working."""

from __future__ import annotations

import pytest

from db.session import Database
from tasks.reports.course import Course
from tasks.reports.interval import wilson
from tasks.reports.progress import read
from tasks.reports.told import COLUMNS, lines, rows
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig
from tests.support.working import work_through


def _read(rig: Rig, database: Database, clock: Clock) -> Course:
    known = rig.run(lambda _tx, known: known)
    with database.reading() as reader:
        return read(reader, known, clock())


def test_what_people_did_is_what_is_told(database: Database, clock: Clock) -> None:
    rig = a_rig(
        database, clock(), workers=5, tasks=40, changed={"overlap": 3, "reward": {"answer": "20", "currency": "KRW"}}
    )
    work_through(rig, clock, dict(zip(rig.workers, (0.02, 0.02, 0.05, 0.05, 0.4), strict=True)))
    course = _read(rig, database, clock)
    assert (course.tasks, course.answers) == (40, 120)
    assert sum(hour.answers for hour in course.hours) == 120
    assert sum(hour.settled for hour in course.hours) == course.settled == 40
    assert course.spent == 120 * 20
    assert course.agreement is not None
    assert 0.7 < course.agreement < 1
    assert sum(one.tasks for one in course.mix) == course.agreed
    assert {one.key for one in course.labels} == {"cat", "dog"}
    assert len(course.workers) == 5
    assert all(one.name.startswith("w-") and one.low <= one.right <= one.high for one in course.workers)
    assert course.forecast is None, "nothing is left"
    assert lines(course)


def test_what_is_left_is_foreseen(sqlite_database: Database, clock: Clock) -> None:
    rig = a_rig(sqlite_database, clock(), workers=3, tasks=40, changed={"overlap": 1, "limits": {"per_day": 20}})
    work_through(rig, clock, dict.fromkeys(rig.workers[:1], 0.0))
    course = _read(rig, sqlite_database, clock)
    assert 0 < course.settled < 40
    assert course.forecast is not None
    assert course.forecast.low > clock()


@pytest.mark.parametrize("kind", ["text", "multi-choice", "rating"])
def test_every_kind_has_figures(database: Database, clock: Clock, kind: str) -> None:
    changed: dict[str, object] = {"kind": kind} | ({} if kind == "multi-choice" else {"labels": []})
    rig = a_rig(database, clock(), workers=2, tasks=3, changed=changed)
    course = _read(rig, database, clock)
    assert course.answers == 0
    assert [row for row in rows(course) if row[0] != "project"] == []


def test_rows_are_as_wide_as_their_head(sqlite_database: Database, clock: Clock) -> None:
    rig = a_rig(sqlite_database, clock(), workers=5, tasks=10, changed={"overlap": 3})
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    told = list(rows(_read(rig, sqlite_database, clock)))
    assert {len(row) for row in told} == {len(COLUMNS)}
    assert {row[0] for row in told} >= {"project", "hour", "label", "worker"}


def test_an_interval_holds_its_share() -> None:
    assert wilson(0, 0) == (0, 1)
    low, high = wilson(8, 10)
    assert low == pytest.approx(0.4902, abs=1e-3)
    assert high == pytest.approx(0.9433, abs=1e-3)
