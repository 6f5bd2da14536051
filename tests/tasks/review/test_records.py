"""Reviewers are checked: planted cases, agreement, appeals, speed; an admin is asked when the figures are bad."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from db.session import Database
from db.statement import Statement, change
from tasks import staff as service
from tasks.charge import the_shell
from tasks.kept import unpack
from tasks.notices import take
from tasks.reports.card import card, proposed, reviews
from tasks.review import records, seats, voting
from tasks.review.records import Record
from tests.conftest import NOON
from tests.tasks.review.disputes import ALWAYS, CAT, DOG, Room, a_room, disputed


class Waits(NamedTuple):
    """A proposal."""

    id: int
    what: str
    why: str


PROPOSALS = Statement("SELECT id, what, why FROM proposal WHERE decided_at IS NULL ORDER BY id", Waits)


TO_GOLD = (
    change("DELETE FROM review_case WHERE project_id = :project"),
    change(
        "UPDATE task SET split = 'gold', gold = '\"cat\"', status = 'decided' WHERE project_id = :project AND id = 1"
    ),
    change("UPDATE answer SET gold_correct = (value = '\"cat\"') WHERE project_id = :project AND task_id = 1"),
)
"""As if the first task had been a gold task from the start."""


def _proposals(room: Room) -> list[Waits]:
    return room.run(lambda tx, _known: tx.all(PROPOSALS))


def _shown(room: Room, who: Any) -> seats.Seated | None:
    return room.run(lambda tx, known: seats.take(tx, known, who, "dispute", room.now, ALWAYS))


def _planted(room: Room, who: Any) -> bool:
    shown = _shown(room, who)
    assert shown is not None
    return shown.planted


def _another(room: Room) -> None:
    """A dispute that waits: where none does nothing is planted."""
    for worker, label in zip(room.rig.workers, ("cat", "dog"), strict=True):
        room.answer(worker, label)


def test_a_decided_case_is_shown_again_paid_and_changes_nothing(database: Database) -> None:
    room = disputed(database, tasks=2)
    _another(room)
    for who in room.reviewers[:3]:
        room.vote(who, CAT)
    new = room.reviewers[3]
    shown = _shown(room, new)
    assert shown is not None
    assert shown.planted
    again = _shown(room, new)
    assert again is not None
    assert again.case.id == shown.case.id
    before = (room.case(), room.task())
    assert room.vote(new, DOG, case=shown.case.id).state == "open"
    assert (room.case(), room.task()) == before
    found = room.run(lambda tx, _known: records.record(tx, new.id))
    assert (found.votes, found.judged, found.planted, found.planted_agreed) == (1, 0, 1, 0)
    assert found.right == pytest.approx(8 / 11)
    room.vote(new, CAT, case=shown.case.id)
    assert room.run(lambda tx, _known: records.record(tx, new.id)).planted_agreed == 1
    assert room.rig.broken() == []
    assert room.run(lambda tx, _known: take(tx, new.id)) == []
    assert _planted(room, room.reviewers[0]) is False


def test_what_was_not_unanimous_is_not_planted(database: Database) -> None:
    room = disputed(database, tasks=2)
    _another(room)
    for who, value in zip(room.reviewers, (CAT, DOG, CAT), strict=False):
        room.vote(who, value)
    assert _planted(room, room.reviewers[3]) is False


def test_a_gold_task_that_was_answered_differently_is_planted_as_a_dispute(database: Database) -> None:
    room = a_room(database, workers=2, tasks=3, gold={"share": 0.0})

    _another(room)
    room.run(lambda tx, known: [tx.run(statement, project=known.id) for statement in TO_GOLD])
    _another(room)
    shown = _shown(room, room.reviewers[0])
    assert shown is not None
    assert shown.planted
    assert (shown.case.cause, json.loads(shown.case.verdict or "")) == ("planted", CAT)
    assert room.vote(room.reviewers[0], CAT, case=shown.case.id).state == "open"
    other = _shown(room, room.reviewers[1])
    assert other is not None
    assert other.case.id == shown.case.id


def test_votes_faster_than_reading_are_counted(database: Database) -> None:
    room = disputed(database)
    for who, late in zip(room.reviewers[:2], (100, 60_000), strict=True):
        seated = room.sit(who)
        assert seated is not None
        case = seated.case.id
        room.run(lambda tx, known, who=who, late=late: voting.vote(tx, known, who.id, case, CAT, "", room.now + late))  # type: ignore[misc]  # noqa: B023 - run at once
    found = [room.run(lambda tx, _known, who=who: records.record(tx, who.id).fast) for who in room.reviewers[:2]]  # type: ignore[misc]
    assert found == [1, 0]


@pytest.mark.parametrize(
    ("record", "reasons"),
    [
        (Record(), 0),
        (Record(votes=9, planted=9), 0),
        (Record(votes=10, planted=10, planted_agreed=6), 0),
        (Record(votes=10, planted=10, planted_agreed=5), 1),
        (Record(rejected=10, overturned=2), 0),
        (Record(rejected=10, overturned=3), 1),
        (Record(votes=20, fast=9), 0),
        (Record(votes=20, fast=10, planted=20, rejected=10, overturned=9), 3),
    ],
)
def test_what_speaks_against_a_reviewer(record: Record, reasons: int) -> None:
    assert len(records.doubts(record)) == reasons


@pytest.mark.parametrize(
    ("record", "senior"), [(Record(judged=49, agreed=49), False), (Record(judged=50, agreed=45), True)]
)
def test_who_is_senior(record: Record, senior: bool) -> None:  # noqa: FBT001 - what is expected
    assert record.senior is senior


def test_an_admin_is_asked_once_and_the_role_taken_back(database: Database) -> None:
    room = disputed(database)
    who = room.reviewers[0]
    for _ in range(10):
        room.run(lambda tx, _known: records.rejected(tx, who.id))
    for _ in range(5):
        room.run(lambda tx, _known: records.overturned(tx, who.id, NOON))
    (waits,) = _proposals(room)
    assert waits.what == "no-reviewer"
    assert unpack(json.loads(waits.why)).parts[0].values == {"n": 3, "rejected": 10}
    row = room.run(lambda tx, _known: service.proposal_of(tx, waits.id))
    assert room.run(lambda tx, _known: proposed(tx, room.rig.catalog, row))
    found = room.run(lambda tx, _known: card(tx, room.rig.catalog, service.find(tx, str(who.id))))
    assert found.reviews is not None
    assert reviews(found.reviews)
    room.sit(who)
    room.run(lambda tx, _known: service.decide(tx, the_shell(), waits.id, "too many were undone", NOON, accept=True))
    assert room.run(lambda tx, _known: service.find(tx, str(who.id)).role) == "worker"
    assert room.case().seats == 3
    assert len(room.run(lambda tx, _known: take(tx, who.id))) == 1
    room.run(lambda tx, _known: records.overturned(tx, who.id, NOON))
    assert _proposals(room) == []


def test_after_an_admin_has_declined_there_is_peace_for_a_month(database: Database) -> None:
    room = disputed(database)
    who = room.reviewers[0]
    for _ in range(10):
        room.run(lambda tx, _known: records.rejected(tx, who.id))
    for _ in range(3):
        room.run(lambda tx, _known: records.overturned(tx, who.id, NOON))
    (waits,) = _proposals(room)
    room.run(lambda tx, _known: service.decide(tx, the_shell(), waits.id, "hard cases", NOON, accept=False))
    room.run(lambda tx, _known: records.overturned(tx, who.id, NOON + 1))
    assert _proposals(room) == []
    room.run(lambda tx, _known: records.overturned(tx, who.id, NOON + 31 * 86_400_000))
    assert len(_proposals(room)) == 1
