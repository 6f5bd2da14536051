"""Who has had a part in an item has no other: proposers of rejections, reviewers who work; and what pays once."""

from __future__ import annotations

import json

import pytest

from db.queries.mass import MASS
from db.session import Database
from tasks import staff
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, Offer, offer
from tasks.privacy.audit import Actor
from tasks.review import mass, seats
from tasks.review.mass_cost import preview
from tests.property.rig import chance
from tests.tasks.review.appealing import a_room_of_rejections, appealed, balances, case_of
from tests.tasks.review.disputes import CASES, CAT, NEVER, Room, disputed
from tests.tasks.review.looking import a_desk


@pytest.fixture
def room(database: Database) -> Room:
    return a_room_of_rejections(database, overlap=2)


def _payable(room: Room, person: int) -> int:
    return balances(room, person).get("payable", 0)


def _rejected_together(room: Room, proposer: int, confirmer: int) -> int:
    """One worker's answers, rejected by two admins; the number of the appeal against the first of them."""
    worker = room.rig.workers[0]
    room.answer(worker, "cat")

    by = Actor(room.reviewers[proposer].id, "test")
    wanted = mass.Wanted(room.run(lambda tx, _known: staff.find(tx, str(worker))), ["blurred"], "All of them.")
    with room.rig.database.reading() as reader:
        cost = preview(reader, room.run(lambda _tx, known: known), worker, ["blurred"], room.now)
    number = room.run(lambda tx, known: mass.propose(tx, known, by, wanted, cost, room.now).id)
    admin = Actor(room.reviewers[confirmer].id, "test")
    room.run(lambda tx, _known: mass.confirm(tx, room.rig.catalog, admin, number, room.now))
    while room.run(lambda tx, _known: mass.carry_on(tx, room.rig.catalog, room.now)):
        pass
    assert room.run(lambda tx, _known: tx.one(MASS, number=number)) is not None
    first = room.run(lambda tx, known: tx.all(CASES, project=known.id))[0].id
    return appealed(room, case_of(room, first)).id


def test_who_proposed_a_rejection_of_many_votes_on_no_appeal_that_comes_of_it(room: Room) -> None:
    appeal = _rejected_together(room, 0, 1)
    for reviewer, seated in ((0, False), (1, False), (2, True)):
        who = room.reviewers[reviewer]
        found = room.run(lambda tx, known, who=who: seats.take(tx, known, who, "appeal", room.now, NEVER))  # type: ignore[misc]
        assert (found is not None and found.case.id == appeal) == seated, reviewer
        waits = room.run(lambda tx, _known, who=who: seats.waiting(tx, room.rig.catalog, who, room.now))  # type: ignore[misc]
        assert bool(waits) == seated, reviewer


def test_who_looked_at_an_answer_is_not_dealt_the_item(database: Database) -> None:
    """Two items: the first was looked at by somebody who then works."""
    desk = a_desk(database, tasks=2, overlap=2)
    room = desk.room
    desk.answer(0, "a warm soup")
    desk.draw(0)
    seated = room.run(lambda tx, known: seats.take(tx, known, room.reviewers[0], "answer", room.now, NEVER))
    assert seated is not None
    assert room.task().slots == 1
    reviewer = room.reviewers[0].id
    found = room.run(lambda tx, known: offer(tx, known, reviewer, room.now, chance(1)))
    assert isinstance(found, Offer)
    assert found.task == 2
    room.run(lambda tx, known: answering.submit(tx, known, reviewer, 2, "bread", room.now))
    assert isinstance(room.run(lambda tx, known: offer(tx, known, reviewer, room.now, chance(1))), NoWork)
    other = room.rig.workers[1]
    assert isinstance(room.run(lambda tx, known: offer(tx, known, other, room.now, chance(1))), Offer)


def test_a_vote_on_what_was_raised_anew_is_paid_once(database: Database) -> None:
    """A dispute is voted on, withdrawn as an answer was taken back, and raised again by the same answer."""
    room = disputed(database)
    one, two, three = room.reviewers[:3]
    room.vote(one, CAT)
    assert _payable(room, one.id) == 10
    room.run(lambda tx, known: answering.undo(tx, known, room.rig.workers[1], room.now))
    room.answer(room.rig.workers[1], "dog")
    assert [room.case(n).state for n in (0, 1)] == ["withdrawn", "open"]
    for who in (one, two, three):
        room.vote(who, CAT)
    assert room.case(1).state == "decided"
    assert json.loads(room.case(1).verdict or "") == CAT
    assert [_payable(room, who.id) for who in (one, two, three)] == [10, 10, 10]
    assert room.rig.broken() == []
