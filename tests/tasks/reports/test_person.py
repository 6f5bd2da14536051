"""What one person has done, as they read it: days by their own clock, streaks, accuracy in tens, what it earned."""

from __future__ import annotations

import pytest

from db.queries import joining
from db.queries import person as rows
from db.session import Database, Tx
from handlers.parts.bars import bars, most_of
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.behaviour import days
from tasks.behaviour.recording import Where
from tasks.calendar import local_day, weekday
from tasks.money.wallet import earned
from tasks.projects.catalog import Known
from tasks.qualification import skills
from tasks.reports.person import Standing, projects_of, standing
from tasks.words import Money
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

_DAY = 86_400_000
_SEOUL = "Asia/Seoul"


def _works(rig: Rig, now: int, zone: str = "", *, seconds: int = 0) -> None:
    def turn(tx: Tx, known: Known) -> None:
        found = offer(tx, known, rig.workers[0], now, chance(1))
        assert not isinstance(found, NoWork)
        later = now + 1000 * seconds
        answering.submit(tx, known, rig.workers[0], found.task, "cat", later, Where("test", zone))

    rig.run(turn)


def _standing(rig: Rig, now: int, zone: str = "") -> Standing:
    return rig.run(lambda tx, _known: standing(tx, rig.catalog, rig.workers[0], zone, now))


def test_a_day_is_the_persons_own(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 9)
    midnight = clock() // _DAY * _DAY
    evening = midnight + 16 * 3_600_000  # past midnight in Seoul
    _works(rig, midnight, _SEOUL)
    _works(rig, evening, _SEOUL)
    assert _standing(rig, evening, _SEOUL).days[-2:] == [1, 1]
    assert _standing(rig, evening).days[-2:] == [0, 1], "who moves keeps the days they had"
    assert local_day(evening, _SEOUL) == local_day(evening, "") + 1 == local_day(evening, "No/Where") + 1


def test_what_is_taken_back_is_not_counted(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 9)
    _works(rig, clock())
    _works(rig, clock())
    rig.run(lambda tx, known: answering.undo(tx, known, rig.workers[0], clock() + _DAY))
    assert _standing(rig, clock() + _DAY).days[-2:] == [1, 0]


_DAYS = "SELECT day, answers FROM day ORDER BY day"


def test_what_is_taken_back_after_moving_leaves_the_day_that_it_was_counted_on(
    database: Database, clock: Clock
) -> None:
    rig = a_rig(database, clock(), 1, 9)
    evening = clock() // _DAY * _DAY + 16 * 3_600_000
    _works(rig, evening)

    def moves(tx: Tx, _known: Known) -> None:
        tx.run(joining.ZONE, person=rig.workers[0], zone=_SEOUL)

    rig.run(moves)
    rig.run(lambda tx, known: answering.undo(tx, known, rig.workers[0], evening))
    left = rig.run(lambda tx, _known: [tuple(row) for row in tx.connection.exec_driver_sql(_DAYS)])
    assert left == [(evening // _DAY, 0)]


def test_what_was_given_before_days_were_counted_takes_none_away(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 9)
    _works(rig, clock())
    rig.run(lambda tx, _known: tx.connection.exec_driver_sql("DELETE FROM day"))
    rig.run(lambda tx, known: answering.undo(tx, known, rig.workers[0], clock()))
    assert rig.run(lambda tx, _known: tx.connection.exec_driver_sql(_DAYS).all()) == []


@pytest.mark.parametrize(
    ("ago", "streak"), [((), 0), ((0,), 1), ((1,), 1), ((2,), 0), ((0, 1, 2), 3), ((1, 2, 4), 2), ((0, 2), 1)]
)
def test_a_streak_lasts_until_a_whole_day_is_missed(
    sqlite_database: Database, clock: Clock, ago: tuple[int, ...], streak: int
) -> None:
    rig = a_rig(sqlite_database, clock(), 1, 1)

    def turn(tx: Tx, _known: Known) -> None:
        for back in ago:
            days.answered(tx, rig.workers[0], clock() - back * _DAY, "")

    rig.run(turn)
    assert _standing(rig, clock()).streak == streak


def test_a_day_on_which_all_was_taken_back_is_none(sqlite_database: Database, clock: Clock) -> None:
    rig = a_rig(sqlite_database, clock(), 1, 1)
    key = {"person": rig.workers[0], "day": local_day(clock(), "")}
    rig.run(lambda tx, _known: [tx.run(rows.COUNT_DAY, n=n, **key) for n in (1, -1)])
    assert _standing(rig, clock()).streak == 0
    assert sum(_standing(rig, clock()).days) == 0


@pytest.mark.parametrize(("seen", "correct", "told"), [(9, 9, (0, None)), (10, 5, (10, 0.5)), (39, 39, (30, 1.0))])
def test_checked_answers_are_told_in_tens(
    sqlite_database: Database, clock: Clock, seen: float, correct: float, told: tuple[int, float | None]
) -> None:
    rig = a_rig(sqlite_database, clock(), 1, 2)
    _works(rig, clock())
    rig.run(
        lambda tx, _known: tx.connection.exec_driver_sql(f"UPDATE enrolment SET seen = {seen}, correct = {correct}")  # noqa: S608 - a test's own words
    )
    found = _standing(rig, clock())
    assert (found.checked, found.right) == told


def test_what_they_have_earned_is_what_the_ledger_says(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 5, changed={"reward": {"answer": "20", "currency": "KRW"}})
    assert rig.run(lambda tx, _known: earned(tx, rig.workers[0])) == []
    _works(rig, clock())
    _works(rig, clock())
    assert rig.run(lambda tx, _known: earned(tx, rig.workers[0])) == [Money(40, "KRW")]
    rig.run(lambda tx, known: answering.undo(tx, known, rig.workers[0], clock()))
    assert rig.run(lambda tx, _known: earned(tx, rig.workers[0])) == [Money(20, "KRW")]
    assert [known.key for known in rig.run(lambda tx, _k: projects_of(tx, rig.catalog, rig.workers[0]))] == ["animals"]


def test_where_nothing_is_paid_nothing_is_earned(sqlite_database: Database, clock: Clock) -> None:
    rig = a_rig(sqlite_database, clock(), 1, 5)
    _works(rig, clock())
    assert rig.run(lambda tx, _known: earned(tx, rig.workers[0])) == []


def test_pace_is_a_median(sqlite_database: Database, clock: Clock) -> None:
    rig = a_rig(sqlite_database, clock(), 1, 9)
    assert _standing(rig, clock()).pace is None
    for seconds in (4, 5, 600):
        _works(rig, clock(), seconds=seconds)
    pace = _standing(rig, clock()).pace
    assert pace
    assert pace.own == pytest.approx(5, rel=0.1)
    assert pace.others is None


def test_skills_that_hold(sqlite_database: Database, clock: Clock) -> None:
    rig = a_rig(sqlite_database, clock(), 1, 1)
    now, person = clock(), rig.workers[0]
    rig.run(lambda tx, known: skills.grant(tx, person, known.key, 0.9, "quiz", known.id, now + 1, now))
    rig.run(lambda tx, _known: skills.grant(tx, person, "birds", 1, "admin", None, None, now))
    assert {one.name for one in _standing(rig, now).skills} == {"animals", "birds"}
    assert [one.name for one in _standing(rig, now + 1).skills] == ["birds"]


def test_bars() -> None:
    assert bars([0, 0]) == "▁▁"
    assert bars([0, 1, 2, 3, 4]) == "▁▂▃▅▇"
    assert bars([0, 1, 1000]) == "▁▂▇", "one is not none"
    assert bars([]) == ""


def test_the_most_in_words() -> None:
    today = 20_000  # a Thursday
    assert weekday(0) == weekday(today - 20_000 % 7) == 3
    told = [most_of([1 if ago == day else 0 for ago in range(13, -1, -1)], today) for day in (0, 1, 2, 9)]
    assert [str(one) for one in told] != []
    assert len({str(one) for one in told}) == 4
