"""Whoever is erased while reviewers are at their answers: nothing breaks, nothing is paid, nothing stays with them."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from db.queries import staff
from db.session import Database, Tx
from tasks.money.recount import differences
from tasks.privacy.erase import forget
from tasks.projects.catalog import Catalog, Known
from tasks.review import seats, sweep
from tests.support.people import broken_rows
from tests.tasks.review.appealing import a_room_of_rejections, appealed, balances, case_of, rejected, stands
from tests.tasks.review.disputes import NEVER, Room

_DAY = 86_400_000


def _erase(room: Room, who: int) -> None:
    room.run(lambda tx, _known: forget(tx, who, room.now, random.Random(7)))  # noqa: S311 - a test's chance


def _all_ends(room: Room) -> int:
    """A year goes by."""
    room.now += 365 * _DAY

    def turn(tx: Tx, _known: Known) -> int:
        return sum(sweep.end_silent(tx, Catalog(), due, room.now) for due in sweep.silent(tx, room.now, 0))

    return room.run(turn)


def _off(room: Room) -> Sequence[object]:
    with room.rig.database.reading() as reader:
        return list(differences(reader))


def test_a_rejection_becomes_final_without_them(database: Database) -> None:
    room = a_room_of_rejections(database)
    worker = room.rig.workers[0]
    case = rejected(room, worker)
    _erase(room, worker)
    assert balances(room, worker) == {}
    assert _all_ends(room) == 1
    assert (balances(room, worker), stands(room, case).rejected, _off(room)) == ({}, True, [])
    assert broken_rows(room.rig) == []


def test_an_appeal_is_not_decided_any_more(database: Database) -> None:
    room = a_room_of_rejections(database)
    worker = room.rig.workers[0]
    made = appealed(room, rejected(room, worker))
    _erase(room, worker)
    assert case_of(room, made.id).state == "withdrawn"
    _all_ends(room)
    assert (balances(room, worker), _off(room)) == ({}, [])


@pytest.mark.parametrize("value", [{"accept": True}, {"reject": ["blurred"]}, {"redo": ["blurred"]}])
def test_what_reviewers_are_asked_is_still_decided(database: Database, value: dict[str, object]) -> None:
    room = a_room_of_rejections(database, review={"share": 1, "reasons": [{"key": "blurred", "text": "Blurred"}]})
    worker, reviewer = room.rig.workers[0], room.reviewers[0]
    room.answer(worker, "cat")
    _erase(room, worker)

    def sits(tx: Tx, known: Known) -> int:
        seated = seats.take(tx, known, reviewer, "answer", room.now, NEVER)
        assert seated is not None
        return seated.case.id

    number = room.run(sits)
    room.vote(reviewer, value, case=number)
    assert (case_of(room, number).state, balances(room, worker), _off(room)) == ("decided", {}, [])
    assert room.run(lambda tx, _known: tx.all(staff.HELD, person=worker)) == [], "nobody who is gone holds anything"
    _all_ends(room)
    assert (balances(room, worker), _off(room)) == ({}, [])
