"""Reviews that cross each other: an item that teaches meanwhile, a seat that ran out, checks that nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from db.queries import cases as raised
from db.queries import review
from db.session import Database, Tx, open_database
from tasks import cases
from tasks.money.recount import differences
from tasks.people import Who
from tasks.projects.catalog import Known
from tasks.review import records, seats, teaching, voting
from tasks.review.errors import ReviewError
from tasks.review.mass_cost import preview
from tests.tasks.review.appealing import a_room_of_rejections
from tests.tasks.review.disputes import ALWAYS, CAT, DOG, NEVER, Room, a_room, disputed
from tests.tasks.review.test_teaching import _ADMIN

_MINUTE = 60_000


def _planted(room: Room, who: Who) -> bool:
    found = room.run(lambda tx, known: seats.take(tx, known, who, "dispute", room.now, ALWAYS))
    return found is not None and found.planted


def test_what_became_a_hidden_check_is_not_done_again(database: Database) -> None:
    """The answer is work that was done before: nothing changes, neither the case nor the pay."""
    room = disputed(database, gold={"share": 0.5})
    for who in room.reviewers[:3]:
        room.vote(who, DOG, "It barks.")
    case = room.case().id
    worker = room.rig.workers[0]
    room.run(lambda tx, known: cases.ask(tx, known, 1, worker, "cat", "spot", room.now))
    room.run(lambda tx, _known: teaching.confirm(tx, room.rig.catalog, _ADMIN, case, "gold", "It barks.", room.now))
    last = room.reviewers[3]
    seated = room.run(lambda tx, known: seats.take(tx, known, last, "answer", room.now, NEVER))
    assert seated is not None

    def refused(value: dict[str, object]) -> None:
        def turn(tx: Tx, known: Known) -> None:  # as a conversation does: what was written before it stays
            with pytest.raises(ReviewError):
                voting.vote(tx, known, last.id, seated.case.id, value, "", room.now)

        room.run(turn)

    refused({"redo": ["unreadable"]})
    refused({"repair": "dog"})
    assert room.case(1).state == "open"
    assert room.rig.broken() == []


def test_who_votes_after_the_seat_ran_out_has_not_voted_fast(database: Database) -> None:
    room = disputed(database)
    who = room.reviewers[0]
    seated = room.sit(who)
    assert seated is not None
    room.now += seats.LEASE_MS + 1
    room.run(lambda tx, _known: cases.expire(tx, room.now))
    room.vote(who, CAT, case=seated.case.id)
    found = room.run(lambda tx, _known: records.record(tx, who.id))
    assert (found.votes, found.fast) == (1, 0)
    assert room.rig.broken() == []


def test_nothing_is_planted_where_nothing_waits(database: Database) -> None:
    """It would be known for what it is, and paid for nothing."""
    room = disputed(database, tasks=2)
    for who in room.reviewers[:3]:
        room.vote(who, CAT)
    assert not _planted(room, room.reviewers[3])


def test_whoever_sits_down_again_and_again_is_not_paid_for_checks_alone(database: Database) -> None:
    """Sitting down is free, and so is getting up: of what a reviewer votes on, checks stay the smaller part."""
    tasks = 12
    room = a_room(database, tasks=tasks)
    for label, worker in zip(("cat", "dog"), room.rig.workers, strict=True):
        for _task in range(tasks):
            room.answer(worker, label)
    for _task in range(tasks - 1):
        for who in room.reviewers[:3]:
            room.vote(who, CAT)
    farmer, paid = room.reviewers[3], 0
    for _time in range(tasks):
        room.run(lambda tx, _known: cases.leave(tx, farmer.id))
        found = room.run(lambda tx, known: seats.take(tx, known, farmer, "dispute", room.now, ALWAYS))
        assert found is not None
        if found.planted:
            room.vote(farmer, CAT, case=found.case.id)
            paid += 1
    assert 0 < paid <= 2  # of twelve that there are


def test_mass_rejection_previews_what_the_ledger_will_do(database: Database) -> None:
    """29 hundredths of 100 are 29, although the float is below."""
    reasons = {"share": 0, "reasons": [{"key": "blurred", "text": "It is blurred", "pay": 0.29}]}
    room = a_room_of_rejections(database, review=reasons, reward={"answer": "100", "vote": "10", "currency": "KRW"})
    room.answer(room.rig.workers[0], "cat")
    known = room.run(lambda _tx, known: known)
    with room.rig.database.reading() as reader:
        assert preview(reader, known, None, ["blurred"], room.now).amount == 71


def test_a_vote_that_decides_because_another_came_meanwhile_locks_whom_it_concerns(postgres_url: str) -> None:
    """Else what they are told at this moment could be lost, and turns would wait in a circle."""
    database = open_database(postgres_url)
    room = disputed(database, review={"votes": 2})
    one, other = room.reviewers[:2]
    for who in (one, other):
        assert room.sit(who)
    case, locked = room.case().id, list[int]()

    def turn(tx: Tx, known: Known) -> voting.Outcome:
        first, every = tx.one, tx.all

        def reads(statement: Any, **values: Any) -> Any:
            found = first(statement, **values)
            if statement is raised.CASE and not locked and room.case().votes == 0:
                room.vote(one, CAT, case=case)  # between what this turn reads and what it locks
            return found

        def locks(statement: Any, **values: Any) -> Any:
            locked.extend([1] if statement is review.LOCK_CONCERNED else [])
            return every(statement, **values)

        tx.one, tx.all = reads, locks  # type: ignore[method-assign]
        return voting.vote(tx, known, other.id, case, CAT, "", room.now)

    assert room.run(turn).state == "decided"
    assert locked == [1]
    database.close()


def test_an_admin_who_decides_has_not_agreed_with_anybody_by_that(database: Database) -> None:
    room = disputed(database)
    admin = replace(room.reviewers[0], role="admin")
    room.vote(admin, CAT)
    room.vote(room.reviewers[1], CAT)
    case = room.case().id
    room.run(lambda tx, known: voting.decide(tx, known, admin, case, CAT, "Look at the ears.", room.now))
    found = [room.run(lambda tx, _known, who=who: records.record(tx, who.id).judged) for who in room.reviewers[:2]]  # type: ignore[misc]
    assert found == [0, 1]


def test_a_check_whose_seat_ran_out_is_voted_on_as_any_other(database: Database) -> None:
    """What is said of it would tell it from a dispute."""
    room = disputed(database, tasks=2)
    _dispute_another(room)
    for who in room.reviewers[:3]:
        room.vote(who, CAT)
    who = room.reviewers[3]
    shown = room.run(lambda tx, known: seats.take(tx, known, who, "dispute", room.now, ALWAYS))
    assert shown is not None
    assert shown.planted
    room.now += seats.LEASE_MS + 1
    room.run(lambda tx, _known: cases.expire(tx, room.now))
    assert room.vote(who, CAT, case=shown.case.id).state == "open"
    found = room.run(lambda tx, _known: records.record(tx, who.id))
    assert (found.votes, found.planted, found.planted_agreed, found.fast) == (1, 1, 1, 0)
    with database.reading() as reader:
        assert list(differences(reader)) == []


def _dispute_another(room: Room) -> None:
    for worker, label in zip(room.rig.workers, ("cat", "dog"), strict=True):
        room.answer(worker, label)


def test_with_the_last_of_a_budget_a_reviewer_can_skip_and_go_on(database: Database) -> None:
    """In one turn, as in a conversation; and from one sort of case to another."""
    pays = {"answer": "20", "vote": "10", "currency": "KRW", "budget": "90"}
    room = a_room(database, tasks=2, reward=pays)
    room.fund()
    for _task in range(2):
        _dispute_another(room)
    who, worker = room.reviewers[0], room.rig.workers[0]
    room.run(lambda tx, known: cases.ask(tx, known, 1, worker, "cat", "spot", room.now))
    first = room.sit(who)
    assert first is not None

    def skips(tx: Tx, known: Known) -> seats.Seated | None:
        assert seats.skip(tx, who, first.case.id)
        return seats.take(tx, known, who, "dispute", room.now, NEVER)

    second = room.run(skips)
    assert second is not None
    assert second.case.id != first.case.id
    assert room.run(lambda tx, known: seats.take(tx, known, who, "answer", room.now, NEVER)) is not None
    with database.reading() as reader:
        assert list(differences(reader)) == []
