"""Schedules as rows: made if missing, due, caught up once, paused, added and taken away, all of it on record."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from db.queries.schedules import Row
from db.session import Database
from db.statement import Statement
from tasks.privacy.audit import SHELL, Actor
from tasks.schedules import table
from tasks.schedules.errors import (
    AlwaysThereError,
    BadNameError,
    NeverFiresError,
    NothingChangesError,
    PeriodError,
    TakenNameError,
    UnknownScheduleError,
    UnknownWorkError,
    UnknownZoneError,
)
from tasks.schedules.work import ALWAYS
from tasks.words import _
from tests.conftest import Clock


class _Record(NamedTuple):
    what: str
    figures: str


_RECORDS = Statement("SELECT what, figures FROM audit ORDER BY id", _Record)
_MINUTE, _DAY = 60_000, 86_400_000
_NEW = table.New("news", "broadcast", "0 9 * * 1", "Asia/Seoul", {"broadcast": 1})


class Here:
    """Schedules in a database, and what is done to them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self.clock = database, clock
        self.run(lambda tx: table.make_missing(tx, clock()))

    def run(self, work: Any) -> Any:
        """What a turn hands back."""
        return self._database.run(work).result()

    def one(self, name: str) -> Row:
        """How one stands."""
        found: Row = self.run(lambda tx: table.one(tx, name))
        return found

    def due(self) -> list[str]:
        """What is due, by name."""
        return [row.name for row in self.run(lambda tx: table.due(tx, self.clock()))]

    def does(self, name: str, error: Any = None) -> None:
        """The clock has done one, in 20 ms."""
        row, began = self.one(name), self.clock()
        self.clock.pass_ms(20)
        self.run(lambda tx: table.ran(tx, row, began, 20, self.clock(), error))

    def records(self) -> list[tuple[Any, ...]]:
        """What is on record."""
        rows = self.run(lambda tx: tx.all(_RECORDS))
        return [(what, json.loads(figures)) for what, figures in rows]


@pytest.fixture
def here(database: Database, clock: Clock) -> Here:
    return Here(database, clock)


def test_those_that_are_missing_are_made_once_and_are_due_in_order(here: Here) -> None:
    here.run(lambda tx: table.make_missing(tx, here.clock()))
    rows = here.run(table.every)
    assert sorted(row.name for row in rows) == sorted(ALWAYS)
    assert here.due()[:3] == ["leases", "reviews", "holds"]
    assert "digest" not in here.due()


def test_what_was_missed_is_done_once(here: Here) -> None:
    here.does("leases")
    assert "leases" not in here.due()
    here.clock.pass_ms(_DAY)
    assert here.due().count("leases") == 1
    here.does("leases")
    assert "leases" not in here.due()
    here.clock.pass_ms(15_000)
    assert "leases" in here.due()


def test_a_line_of_cron_comes_at_its_time_in_its_zone(here: Here) -> None:
    first = here.run(lambda tx: table.add(tx, SHELL, _NEW, here.clock()))
    assert first == 1_790_553_600_000  # Monday 28 September 2026, 09:00 in Seoul
    here.clock.now = first + 3 * 7 * _DAY
    assert "news" in here.due()
    here.does("news")
    assert here.one("news").next_at == first + 4 * 7 * _DAY
    assert "news" not in here.due()


def test_how_it_went_is_kept(here: Here) -> None:
    here.does("leases", _("It did not work ({error}): the log says more.", error="OSError"))
    row = here.one("leases")
    assert (row.last_ms, row.last_at) == (20, here.clock() - 20)
    assert table.error_of(row) == _("It did not work ({error}): the log says more.", error="OSError")
    here.does("leases")
    assert table.error_of(here.one("leases")) is None


def test_what_is_moved_while_it_runs_stays_where_it_was_moved(here: Here) -> None:
    row = here.one("leases")
    here.run(lambda tx: table.pause(tx, SHELL, "leases", here.clock()))
    here.run(lambda tx: table.ran(tx, row, here.clock(), 1, here.clock(), None))
    assert here.one("leases").next_at is None
    assert "leases" not in here.due()


def test_pause_run_now_and_resume(here: Here) -> None:
    here.run(lambda tx: table.pause(tx, SHELL, "holds", here.clock()))
    assert "holds" not in here.due()
    with pytest.raises(NothingChangesError):
        here.run(lambda tx: table.pause(tx, SHELL, "holds", here.clock()))
    here.run(lambda tx: table.run_now(tx, SHELL, "holds", here.clock()))
    assert "holds" in here.due()
    here.does("holds")
    assert "holds" not in here.due()
    assert here.one("holds").paused
    here.run(lambda tx: table.resume(tx, SHELL, "holds", here.clock()))
    assert "holds" in here.due()
    assert [what for what, _figures in here.records()] == ["pause schedule", "run schedule", "resume schedule"]


def test_one_of_two_takes_what_is_due(here: Here) -> None:
    row = here.one("leases")
    assert here.run(lambda tx: table.take(tx, row, here.clock()))
    assert not here.run(lambda tx: table.take(tx, row, here.clock()))


def test_times_are_changed_within_bounds(here: Here) -> None:
    here.run(lambda tx: table.change_every(tx, SHELL, "leases", _MINUTE, here.clock()))
    assert (here.one("leases").every_ms, here.one("leases").next_at) == (_MINUTE, here.clock() + _MINUTE)
    here.run(lambda tx: table.change_at(tx, SHELL, "digest", "08:00", here.clock()))
    assert json.loads(here.one("digest").arguments)["at"] == "08:00"
    for every in (10, 30 * _DAY):
        with pytest.raises(PeriodError):
            here.run(lambda tx, every=every: table.change_every(tx, SHELL, "leases", every, here.clock()))
    assert here.records()[0] == (
        "change schedule",
        {
            "name": "leases",
            "what": "leases",
            "cron": "",
            "zone": "UTC",
            "every_ms": 15_000,
            "after": {"every": _MINUTE},
        },
    )


def test_added_ones_are_taken_away_again_and_the_others_are_not(here: Here) -> None:
    here.run(lambda tx: table.add(tx, Actor(channel="shell"), _NEW, here.clock()))
    with pytest.raises(TakenNameError):
        here.run(lambda tx: table.add(tx, SHELL, _NEW, here.clock()))
    here.run(lambda tx: table.change_cron(tx, SHELL, "news", "0 10 * * *", "UTC", here.clock()))
    here.run(lambda tx: table.remove(tx, SHELL, "news", here.clock()))
    with pytest.raises(UnknownScheduleError):
        here.one("news")
    for change in (
        lambda tx: table.remove(tx, SHELL, "leases", here.clock()),
        lambda tx: table.change_cron(tx, SHELL, "leases", "0 1 * * *", "UTC", here.clock()),
    ):
        with pytest.raises(AlwaysThereError):
            here.run(change)


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (table.New("A b", "broadcast", "0 9 * * 1", "UTC"), BadNameError),
        (table.New("news", "leases", "0 9 * * 1", "UTC"), UnknownWorkError),
        (table.New("news", "broadcast", "0 9 * * 1", "Mars/Olympus"), UnknownZoneError),
        (table.New("news", "broadcast", "0 9 * * 1", ""), UnknownZoneError),
        (table.New("news", "broadcast", "0 0 31 2 *", "UTC"), NeverFiresError),
        (table.New("leases", "broadcast", "0 9 * * 1", "UTC"), TakenNameError),
    ],
)
def test_what_cannot_be_added_changes_nothing(here: Here, new: table.New, error: type[Exception]) -> None:
    before = here.run(table.every)
    with pytest.raises(error):
        here.run(lambda tx: table.add(tx, SHELL, new, here.clock()))
    assert (here.run(table.every), here.records()) == (before, [])
