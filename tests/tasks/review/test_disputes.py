"""Disputes from the seat to the verdict: who may sit, what a vote earns, when it is decided, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from db.errors import InputError
from db.session import Database
from db.statement import Statement
from tasks import cases
from tasks import staff as service
from tasks.assignment import answering
from tasks.assignment.deal import Offer, offer
from tasks.charge import the_shell
from tasks.money import budget
from tasks.notices import take
from tasks.profile import set_speaks
from tasks.projects.catalog import progress
from tasks.review import records, seats, voting
from tasks.review.errors import (
    BudgetSpentError,
    DecidedMeanwhileError,
    NoNoteError,
    NotYourCaseError,
    SeatLostError,
    UnknownChoiceError,
    WithdrawnError,
)
from tasks.words import Join, Text
from tests.conftest import NOON
from tests.property.rig import chance
from tests.tasks.review.disputes import CAT, DOG, GAP, UNCLEAR, a_room, disputed

MINUTE = 60_000


class Balance(NamedTuple):
    """What an account holds."""

    balance: int


class Agreed(NamedTuple):
    """How an answer was judged."""

    worker: int
    agreed: float | None


PAYABLE = Statement("SELECT balance FROM account WHERE name = :name", Balance)
JUDGED = Statement("SELECT worker_id, agreed FROM answer WHERE project_id = :project ORDER BY worker_id", Agreed)


@pytest.fixture
def room(database: Database) -> Any:
    return disputed(database)


def _payable(room: Any, person: int) -> int:
    found = room.run(lambda tx, _known: tx.one(PAYABLE, name=f"payable:{person}:KRW"))
    return found.balance if found else 0


def test_a_dispute_waits_and_three_votes_decide_it(room: Any) -> None:
    one, two, three, _four = room.reviewers
    waits = room.run(lambda tx, _known: seats.waiting(tx, room.rig.catalog, one, NOON))
    assert [(each.what, each.n) for each in waits] == [("dispute", 1)]
    assert room.vote(one, CAT, "whiskers").state == "open"
    assert room.vote(two, DOG).state == "open"
    done = room.vote(three, CAT, "a tail")
    assert (done.state, done.verdict) == ("decided", CAT)
    row, case = room.task(), room.case()
    assert (row.status, room.label(), row.method, row.slots, row.wanted) == ("decided", "cat", "verdict", 0, 2)
    assert (case.state, case.votes, case.why, case.seats) == ("decided", 3, "whiskers / a tail", 0)
    assert case.confidence == pytest.approx(0.877, abs=0.001)
    judged = room.run(lambda tx, known: tx.all(JUDGED, project=known.id))
    assert [each.agreed for each in judged] == [1.0, 0.0]
    assert [_payable(room, each.id) for each in room.reviewers] == [10, 10, 10, 0]
    assert room.rig.broken() == []
    counts = room.run(lambda tx, known: progress(tx, known.id))
    assert (counts.agreed, counts.disputed, counts.decided, counts.settled) == (0, 0, 1, 1)
    found = [room.run(lambda tx, _known, who=who: records.record(tx, who.id)) for who in (one, two)]
    assert [(each.votes, each.judged, each.agreed, each.fast) for each in found] == [(1, 1, 1, 0), (1, 1, 0, 0)]


def test_those_who_answered_and_voted_are_told_in_one_notice(database: Database) -> None:
    room = disputed(database, tasks=2)
    for worker, label in zip(room.rig.workers, ("cat", "dog"), strict=True):
        room.answer(worker, label)
    for _task in range(2):
        for who in room.reviewers[:3]:
            room.vote(who, CAT, "look at the ears")
    one, other = room.rig.workers
    (right,) = room.run(lambda tx, _known: take(tx, one))
    (wrong,) = room.run(lambda tx, _known: take(tx, other))
    assert isinstance(right, Join)
    assert isinstance(wrong, Join)
    assert isinstance(right.parts[0], Text)
    assert [right.parts[0].values[name] for name in ("n", "right")] == [2, 2]
    assert [len(right.parts), len(wrong.parts)] == [1, 3]
    (voted,) = room.run(lambda tx, _known: take(tx, room.reviewers[0].id))
    assert isinstance(voted, Text)
    assert (voted.values["n"], voted.values["right"]) == (2, 2)


def test_faults_are_one_candidate_and_credit_nobody(room: Any) -> None:
    one, two, three, _four = room.reviewers
    room.vote(one, GAP)
    room.vote(two, CAT)
    assert room.vote(three, UNCLEAR).verdict == GAP
    row = room.task()
    assert (row.status, row.label, row.method) == ("decided", None, "fault: gap")
    judged = room.run(lambda tx, known: tx.all(JUDGED, project=known.id))
    assert [each.agreed for each in judged] == [None, None]
    assert room.rig.broken() == []


def test_a_tie_asks_once_more_up_to_the_most_and_then_somebody_senior(database: Database) -> None:
    room = disputed(database, review={"votes": 2, "most": 4})
    one, two, three, four = room.reviewers
    room.vote(one, CAT)
    assert room.vote(two, DOG).state == "open"
    assert (room.case().wanted, room.case().seats) == (3, 1)
    assert room.vote(three, UNCLEAR).state == "open"
    assert room.vote(four, GAP).state == "decided"
    other = disputed(database, id="other", review={"votes": 2, "most": 2})
    other.vote(other.reviewers[0], CAT)
    assert other.vote(other.reviewers[1], DOG).state == "senior"
    assert other.sit(other.reviewers[2]) is None
    admin = replace(other.reviewers[2], role="admin")
    case = other.case().id
    with pytest.raises(NoNoteError):
        other.run(lambda tx, known: voting.decide(tx, known, admin, case, CAT, "…", NOON))
    with pytest.raises(NotYourCaseError):
        other.run(lambda tx, known: voting.decide(tx, known, other.reviewers[3], case, CAT, "ears", NOON))
    other.run(lambda tx, known: voting.decide(tx, known, admin, case, CAT, "the ears", NOON))
    assert (other.task().method, other.case().decided_by, other.case().why) == ("admin", admin.id, "the ears")
    with pytest.raises(DecidedMeanwhileError):
        other.run(lambda tx, known: voting.decide(tx, known, admin, case, DOG, "no", NOON))
    assert other.rig.broken() == []


def test_one_vote_decides_where_one_is_asked_for(database: Database) -> None:
    room = disputed(database, review={"votes": 1})
    assert room.vote(room.reviewers[0], DOG).state == "decided"


def test_a_vote_can_be_changed_until_the_verdict_and_is_paid_once(room: Any) -> None:
    one, two, three, _four = room.reviewers
    case = room.case().id
    room.vote(one, CAT)
    room.vote(one, DOG, case=case)
    assert _payable(room, one.id) == 10
    room.vote(two, DOG)
    assert room.vote(three, CAT).verdict == DOG
    with pytest.raises(DecidedMeanwhileError):
        room.vote(one, CAT, case=case)
    assert room.rig.broken() == []


def test_nobody_decides_on_what_they_held(room: Any) -> None:
    worker = replace(room.reviewers[0], id=room.rig.workers[0])
    assert room.sit(worker) is None
    assert room.run(lambda tx, _known: seats.waiting(tx, room.rig.catalog, worker, NOON)) == []
    with pytest.raises(NotYourCaseError):
        room.vote(worker, CAT, case=room.case().id)
    admin, case = replace(worker, role="admin"), room.case().id
    with pytest.raises(NotYourCaseError):
        room.run(lambda tx, known: voting.decide(tx, known, admin, case, CAT, "mine", NOON))


def test_a_seat_is_kept_given_back_and_taken_again(room: Any) -> None:
    one, two, three, four = room.reviewers
    first = room.sit(one)
    assert room.sit(one).case == first.case
    mine = room.run(lambda tx, _known: seats.mine(tx, room.rig.catalog, one))
    assert mine.case.id == first.case.id
    assert room.case().seats == 2
    room.now += 16 * MINUTE
    assert room.run(lambda tx, _known: cases.expire(tx, room.now)) == 1
    assert room.case().seats == 3
    assert room.vote(one, CAT, case=first.case.id).state == "open"
    assert room.case().seats == 2
    held = room.sit(two)
    assert room.run(lambda tx, _known: seats.skip(tx, two, held.case.id))
    assert not room.run(lambda tx, _known: seats.skip(tx, two, held.case.id))
    assert room.sit(two) is None
    with pytest.raises(NotYourCaseError):
        room.vote(two, CAT, case=held.case.id)
    room.sit(three)
    room.now += 16 * MINUTE
    room.run(lambda tx, _known: cases.expire(tx, room.now))
    room.sit(four)
    newcomer = replace(four, id=two.id)
    assert room.sit(newcomer) is None
    assert room.run(lambda tx, known: budget.standing(tx, known.purse)).promised == 10
    assert room.rig.broken() == []


def test_a_late_vote_loses_to_whoever_has_the_seat(database: Database) -> None:
    room = disputed(database, review={"votes": 1})
    one, two, *_others = room.reviewers
    room.sit(one)
    room.now += 16 * MINUTE
    room.run(lambda tx, _known: cases.expire(tx, room.now))
    room.sit(two)
    case = room.case().id
    with pytest.raises(SeatLostError):
        room.vote(one, CAT, case=case)


def test_a_budget_that_is_spent_gives_no_seat(database: Database) -> None:
    reward = {"answer": "20", "vote": "10", "currency": "KRW", "budget": "45"}
    room = a_room(database, reward=reward)
    room.fund()
    for worker, label in zip(room.rig.workers, ("cat", "dog"), strict=True):
        room.answer(worker, label)
    with pytest.raises(BudgetSpentError):
        room.sit(room.reviewers[0])
    assert room.case().seats == 3


@pytest.mark.parametrize(
    "value", [None, {}, {"answer": "cow"}, {"fault": "boring"}, {"answer": "cat", "fault": "gap"}, "cat", {"repair": 1}]
)
def test_what_is_no_choice_changes_nothing(room: Any, value: Mapping[str, Any]) -> None:
    with pytest.raises(InputError) as told:
        room.vote(room.reviewers[0], value)
    assert isinstance(told.value, UnknownChoiceError) or value == {"answer": "cow"}
    assert (room.case().votes, _payable(room, room.reviewers[0].id)) == (0, 0)


def test_an_answer_taken_back_withdraws_the_dispute(room: Any) -> None:
    held = room.sit(room.reviewers[0])
    room.run(lambda tx, known: answering.undo(tx, known, room.rig.workers[1], room.now))
    with pytest.raises(WithdrawnError):
        room.vote(room.reviewers[0], CAT, case=held.case.id)
    assert room.run(lambda tx, known: budget.standing(tx, known.purse)).promised == 20
    assert room.rig.broken() == []


@pytest.mark.parametrize("deed", ["role", "suspend"])
def test_who_is_no_reviewer_any_more_leaves_the_seat(room: Any, deed: str) -> None:
    one = room.reviewers[0]
    held = room.sit(one)
    person = str(one.id)
    if deed == "role":
        room.run(lambda tx, _known: service.set_role(tx, the_shell(), service.find(tx, person), "worker", "rest", NOON))
    else:
        room.run(lambda tx, _known: service.suspend(tx, the_shell(), service.find(tx, person), "rest", NOON))
    assert room.case(0).id == held.case.id
    assert room.case().seats == 3
    assert room.run(lambda tx, _known: seats.mine(tx, room.rig.catalog, one)) is None


def test_only_who_speaks_a_language_of_the_project_is_asked(database: Database) -> None:
    room = disputed(database, audience={"languages": ["ko"]})
    one, two, *_others = room.reviewers
    room.run(lambda tx, _known: set_speaks(tx, one, "en", 3))
    room.run(lambda tx, _known: set_speaks(tx, two, "ko", 2))
    assert room.sit(one) is None
    assert room.run(lambda tx, _known: seats.waiting(tx, room.rig.catalog, one, NOON)) == []
    assert room.sit(two) is not None


def test_an_audit_confirms_or_changes_what_was_agreed(database: Database) -> None:
    for verdict, judged in ((CAT, [1.0, 1.0]), (DOG, [0.0, 0.0])):
        room = a_room(database, id=f"audit-{verdict['answer']}", review={"audit": 1.0})
        for worker in room.rig.workers:
            room.answer(worker, "cat")
        assert (room.task().status, room.case().cause) == ("agreed", "audit")
        for who in room.reviewers[:3]:
            room.vote(who, verdict)
        assert (room.task().status, room.label()) == ("decided", verdict["answer"])
        found = room.run(lambda tx, known: tx.all(JUDGED, project=known.id))
        assert [each.agreed for each in found] == judged
        assert room.rig.broken() == []


def test_an_open_task_is_decided_with_a_lease_still_out(database: Database) -> None:
    room = a_room(database, workers=3, overlap=3)
    one, two, _three = room.rig.workers
    room.answer(one, "cat")
    held = room.run(lambda tx, known: offer(tx, known, two, NOON, chance(1)))
    assert isinstance(held, Offer)
    room.run(lambda tx, known: cases.dispute(tx, known, 1, "rule", NOON))
    for who in room.reviewers[:3]:
        room.vote(who, DOG)
    row = room.task()
    assert (row.status, row.slots, row.wanted, row.answers) == ("decided", 0, 2, 1)
    assert [each.agreed for each in room.run(lambda tx, known: tx.all(JUDGED, project=known.id))] == [0.0]
    assert room.rig.broken() == []
    room.run(lambda tx, known: answering.submit(tx, known, two, 1, "dog", NOON))
    assert room.rig.broken() == []


def test_a_reported_item_is_decided_too(database: Database) -> None:
    room = a_room(database, workers=4, overlap=3)
    one, two, three, _four = room.rig.workers
    room.answer(one, "cat")
    for worker in (two, three):
        room.report(worker)
    assert room.task().method == "reported"
    for who in room.reviewers[:3]:
        room.vote(who, {"fault": "broken"})
    assert (room.task().status, room.task().method) == ("decided", "fault: broken")
    assert room.rig.broken() == []
