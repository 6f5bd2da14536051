"""What a turn records: each event in its order, the assignment's own columns, figures, and the crowd's sum."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from bot.jobs.deliveries import Deliveries
from db.queries import behaviour
from db.session import Database, Tx
from db.statement import Statement
from db.tables import Assignment
from tasks.assignment import answering
from tasks.assignment.deal import Offer, offer
from tasks.assignment.sweep import expire_leases
from tasks.behaviour import figures as telling
from tasks.behaviour.habits import Habits, read
from tasks.behaviour.pool import pool
from tasks.behaviour.recording import Where, retried
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

SEOUL = Where("telegram", "Asia/Seoul")


class _Seen(NamedTuple):
    what: str
    at: int
    detail: str | None


_EVENTS = Statement("SELECT what, at, detail FROM event WHERE worker_id = :worker ORDER BY id", _Seen)


@pytest.fixture
def rig(database: Database, clock: Clock) -> Rig:
    return a_rig(database, clock(), workers=2, tasks=30, changed={"id": "kept", "limits": {"lease": "1h"}})


class Acting:
    """The first worker, who lets a second pass before each thing."""

    def __init__(self, rig: Rig, clock: Clock) -> None:
        self.rig, self.clock, self.worker, self.task, self.rng = rig, clock, rig.workers[0], 0, chance(1)

    def takes(self) -> None:
        """The next task."""
        self.clock.pass_ms(1_000)
        found = self.rig.run(lambda tx, known: offer(tx, known, self.worker, self.clock(), self.rng))
        assert isinstance(found, Offer)
        self.task = found.task

    def answers(self, label: str = "cat", where: Where = SEOUL) -> None:
        """Hand in."""
        self.clock.pass_ms(1_000)
        self.rig.run(lambda tx, known: answering.submit(tx, known, self.worker, self.task, label, self.clock(), where))

    def skips(self, *, report: bool = False) -> None:
        """Give back."""
        self.clock.pass_ms(1_000)
        self.rig.run(
            lambda tx, known: answering.skip(
                tx, known, self.worker, self.task, "broken", self.clock(), SEOUL, report=report
            )
        )

    def undoes(self) -> None:
        """Take back."""
        self.clock.pass_ms(1_000)
        self.rig.run(lambda tx, known: answering.undo(tx, known, self.worker, self.clock()))

    def touches(self, **how: Any) -> None:
        """Tap on something else."""
        self.clock.pass_ms(1_000)
        self.rig.run(lambda tx, known: answering.touch(tx, known, self.worker, self.task, self.clock(), **how))

    def row(self) -> Assignment:
        """The assignment."""

        def turn(tx: Tx, _known: object) -> Assignment:
            found = tx.orm.get_one(Assignment, (self.rig.known_id, self.task, self.worker))
            tx.orm.expunge_all()
            return found

        return self.rig.run(turn)

    def events(self) -> Sequence[tuple[str, Any]]:
        """What was seen, with its detail."""
        seen = self.rig.run(lambda tx, _known: tx.all(_EVENTS, worker=self.worker))
        assert [one.at for one in seen] == sorted(one.at for one in seen)
        return [(one.what, json.loads(one.detail) if one.detail else None) for one in seen]

    def habits(self) -> Habits:
        """Theirs."""
        return self.rig.run(lambda tx, known: read(tx, known.id, self.worker))


@pytest.fixture
def ann(rig: Rig, clock: Clock) -> Acting:
    return Acting(rig, clock)


def test_each_event_in_its_order(ann: Acting) -> None:
    ann.takes()
    ann.touches(changes=1, changed=(["a"], []))
    ann.touches(instructions=1)
    ann.touches(media=1)
    ann.rig.run(lambda tx, known: retried(tx, known.id, ann.task, ann.worker, ann.clock()))
    ann.answers("cat")
    ann.undoes()
    ann.answers("dog")
    ann.takes()
    ann.skips()
    ann.undoes()
    ann.skips(report=True)
    assert ann.events() == [
        ("offered", None),
        ("tap", None),
        ("change", [["a"], []]),
        ("instructions", None),
        ("media", None),
        ("retry", None),
        ("submit", None),
        ("undo", "cat"),
        ("edit", None),
        ("offered", None),
        ("skip", "broken"),
        ("undo", {"skip": "broken"}),
        ("report", "broken"),
    ]
    counts = ann.habits().counts
    assert (counts.answers, counts.skips, counts.changes, counts.changed) == (1, 1, 1, 1)
    assert (counts.instructions, counts.media, counts.retries, counts.undone) == (1, 1, 1, 2)


def test_an_assignment_keeps_how_it_was_made(ann: Acting) -> None:
    ann.takes()
    ann.answers()
    row = ann.row()
    assert (row.channel, row.sitting, row.in_sitting, row.edits) == ("telegram", 1, 1, 0)
    assert row.hour == 23  # 14:13 in Greenwich
    ann.undoes()
    undone = ann.row()
    assert (undone.sitting, undone.in_sitting, undone.hour) == (0, 0, None)
    ann.answers(where=Where("web"))
    row = ann.row()
    assert (row.channel, row.sitting, row.in_sitting, row.edits, row.hour) == ("web", 1, 1, 1, None)
    ann.takes()
    ann.clock.pass_ms(20 * 60_000)
    ann.answers(where=Where("web", "Europe/London"))
    assert (ann.row().sitting, ann.row().in_sitting, ann.row().hour) == (2, 1, 15)


def test_a_clock_that_goes_back_gives_no_negative_times(ann: Acting) -> None:
    ann.takes()
    ann.clock.pass_ms(-60_000)
    ann.answers()
    habits = ann.habits()
    assert habits.seconds() == 0.25
    assert sum(map(sum, habits.times)) == 1


async def test_delivery_is_seen_once(ann: Acting) -> None:
    ann.takes()
    deliveries = Deliveries(ann.rig.database, ann.clock)
    first = ann.clock()
    for _ in range(2):
        for _ in range(2):
            deliveries((ann.rig.known_id, ann.task, ann.worker))
            ann.clock.pass_ms(500)
        await deliveries.flush()
    assert ann.row().delivered_at == first
    assert [what for what, _detail in ann.events()] == ["offered", "delivered"]


def test_what_was_taken_and_let_go_is_not_finished(ann: Acting, rig: Rig) -> None:
    ann.takes()
    ann.clock.pass_ms(2 * 3_600_000)
    rig.run(lambda tx, _known: expire_leases(tx, ann.clock()))
    row = rig.run(lambda tx, known: tx.one(behaviour.RECORD, project=known.id, worker=ann.worker))
    assert row is not None
    assert row.lapsed == 1
    lost = ann.task
    for _ in range(3):  # whoever has no slot to come back to has dropped it
        rig.run(lambda tx, _known: tx.connection.exec_driver_sql(f"UPDATE task SET slots = 0 WHERE id = {lost}"))  # noqa: S608 - a number of ours
        ann.takes()
        assert ann.task != lost
    assert ann.habits().counts.dropped == 1


def test_answers_from_before_there_was_a_record_are_not_waited_for(rig: Rig) -> None:
    rig.run(lambda tx, _known: tx.connection.exec_driver_sql("UPDATE tally SET answers = 1000"))
    assert pool(rig.database, rig.known_id)
    assert not pool(rig.database, rig.known_id)


def test_figures_and_the_crowd(ann: Acting, rig: Rig) -> None:
    for label in ["cat", "dog", "cat"] * 8:
        ann.takes()
        ann.answers(label)
    assert pool(rig.database, rig.known_id)
    assert not pool(rig.database, rig.known_id)
    found = rig.run(lambda tx, known: telling.figures(tx, known, ann.worker))
    assert found.habits.answers == found.crowd.answers == 24
    assert found.habits.times == found.crowd.times
    assert found.diligence.value is not None
    assert {part.name for part in found.diligence.parts} == {"time", "steadiness", "variety", "finished"}
    assert found.expertise.value is None
    whole = rig.run(lambda tx, _known: telling.overall(tx, rig.catalog, ann.worker))
    assert whole.whole.diligence.value == pytest.approx(found.diligence.value)
    assert set(whole.by_kind) == {"choice"}
    assert not whole.by_topic
    nobody = rig.run(lambda tx, known: telling.figures(tx, known, rig.workers[1]))
    assert (nobody.expertise.value, nobody.diligence.value, nobody.proficiency.value) == (None, None, None)
