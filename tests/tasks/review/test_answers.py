"""Single answers: what reviewers say of them, and what it moves: the task, the pay, records, the author’s word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from db.errors import InputError
from db.queries.standing import STANDS
from db.queries.weighing import RECORD
from db.queries.work import LEASE
from db.session import Database, Tx
from tasks import cases
from tasks.assignment import answering
from tasks.assignment.deal import Offer, offer
from tasks.assignment.errors import NothingToUndoError
from tasks.assignment.sweep import end_leases, expire_leases
from tasks.projects.catalog import Known
from tasks.review import records, rejecting
from tasks.review.answers import CannotCorrectError, NoReasonChosenError
from tasks.review.errors import UnknownChoiceError
from tasks.review.reasons import reasons
from tests.property.rig import chance
from tests.tasks.review.disputes import a_room
from tests.tasks.review.looking import HOLDS, Desk, a_desk

_HOUR = 3_600_000


def test_what_is_asked_once_is_looked_at_and_decided_when_accepted(database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "a warm soup")
    assert desk.money() == (20, 0)
    desk.say({"accept": True})
    task = desk.room.task()
    assert (task.status, task.method, desk.room.label()) == ("decided", "accepted", "a warm soup")
    assert desk.money() == (0, 20)
    with pytest.raises(NothingToUndoError):
        desk.undo()
    assert desk.room.rig.broken(HOLDS) == []


def test_an_answer_that_only_waits_can_be_taken_back(database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "a warm soup")
    desk.undo()
    assert desk.room.case().state == "withdrawn"
    assert desk.money() == (0, 0)


def test_a_correction_is_the_label_and_paid_in_full(database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "a worm soup")
    desk.say({"repair": " a warm soup "})
    assert (desk.room.task().method, desk.room.label()) == ("repaired", "a warm soup")
    assert desk.money() == (0, 20)
    worker = desk.room.rig.workers[0]
    record = desk.room.run(lambda tx, known: tx.one(RECORD, project=known.id, worker=worker))
    assert record is not None
    assert (record.seen, record.correct) == (1, 0)
    assert desk.told() == "[]"


def test_what_is_sent_back_stays_the_workers_for_a_while(database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "soup")
    desk.say({"redo": ["short"]}, "say which")
    assert desk.state() == "offered"
    assert desk.money() == (0, 0)
    assert "sent back" in desk.told()
    assert desk.room.case().ends_at == desk.room.now + 2 * _HOUR
    desk.room.now += _HOUR
    worker, case = desk.room.rig.workers[0], desk.room.case()
    lease = desk.room.run(lambda tx, known: tx.one(LEASE, project=known.id, task=1, worker=worker))
    assert lease is not None
    assert (lease.offered_at, lease.delivered_at) == (case.decided_at, None)  # its time is counted anew

    def again(tx: Tx, known: Known) -> None:
        rejecting.start_redo(tx, known, case, desk.room.now)
        found = offer(tx, known, worker, desk.room.now, chance(1))
        assert isinstance(found, Offer)
        answering.submit(tx, known, worker, found.task, "a warm soup", desk.room.now)

    desk.room.run(again)
    assert desk.money() == (20, 0)
    desk.say({"accept": True}, reviewer=0)
    assert desk.room.label() == "a warm soup"


def test_what_is_not_done_again_goes_to_others(database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "soup")
    desk.say({"redo": ["short"]})
    desk.room.now += 2 * _HOUR + 1
    desk.room.run(lambda tx, _known: expire_leases(tx, desk.room.now))
    case = desk.room.case()
    desk.room.run(lambda tx, known: rejecting.finish(tx, known, case, desk.room.now))
    assert desk.state() == "expired"
    assert desk.room.task().slots == 1
    assert desk.room.case().ends_at is None
    desk.answer(1, "a warm soup")


def test_whoever_is_suspended_holds_nothing_that_was_sent_back(database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "soup")
    desk.say({"redo": ["short"]})
    assert desk.room.run(lambda tx, _known: end_leases(tx, desk.room.rig.workers[0])) == 1
    assert (desk.state(), desk.room.task().slots) == ("expired", 1)
    assert desk.room.rig.broken(HOLDS) == []


def test_what_reviewers_say_is_what_rules_look_at(database: Database) -> None:
    desk = a_desk(database, tasks=3)
    for text in ("one", "two", "three"):
        desk.answer(0, text)
    for value in ({"accept": True}, {"redo": ["short"]}, {"reject": ["rude"]}):
        desk.say(value)
    worker, case = desk.room.rig.workers[0], desk.room.case(2)

    def recent() -> bytes | None:
        row = desk.room.run(lambda tx, known: tx.one(STANDS, project=known.id, worker=worker))
        return row.recent_reviewed if row else None

    assert recent() == b"\xff\x00"
    desk.room.run(lambda tx, known: rejecting.restore(tx, known, case, desk.room.now))
    assert recent() == b"\xff\xff"


@pytest.mark.parametrize(("why", "kept"), [(["short"], 10), (["rude"], 0), (["short", "rude"], 10)])
def test_a_rejection_keeps_the_pay_on_hold_until_it_is_final(why: list[str], kept: int, database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "soup")
    desk.say({"reject": why}, "one word")
    assert desk.state() == "rejected"
    assert desk.room.task().status == "open"
    assert desk.money() == (20, 0)
    assert "sent back" in desk.told()
    assert desk.room.rig.broken(HOLDS) == []
    desk.answer(1, "a warm soup")
    case = desk.room.case()
    desk.room.run(lambda tx, known: rejecting.finish(tx, known, case, desk.room.now))
    assert desk.money() == (0, kept)
    assert desk.room.run(lambda tx, _known: records.record(tx, desk.room.reviewers[0].id)).rejected == 1
    assert desk.room.rig.broken(HOLDS) == []


def test_an_appeal_that_is_granted_pays_and_counts_again(database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "soup")
    desk.say({"reject": ["rude"]})
    case = desk.room.case()
    desk.room.run(lambda tx, known: rejecting.restore(tx, known, case, desk.room.now))
    assert (desk.state(), desk.money()) == ("answered", (0, 20))
    assert desk.room.task().answers == 1
    assert desk.room.rig.broken(HOLDS) == []


def test_several_are_told_of_in_one_notice(database: Database) -> None:
    desk = a_desk(database, tasks=3)
    for text in ("one", "two", "three"):
        desk.answer(0, text)
    desk.say({"reject": ["short"]})
    desk.say({"redo": ["short"]})
    assert "Reviewers have sent back {n} answers" in desk.told()
    assert desk.told() == "[]"


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"reject": []}, NoReasonChosenError),
        ({"reject": ["unheard"]}, NoReasonChosenError),
        ({"redo": []}, NoReasonChosenError),
        ({"accept": True, "reject": ["short"]}, UnknownChoiceError),
        ({"burn": True}, UnknownChoiceError),
        ("accept", UnknownChoiceError),
        ({"repair": "  "}, InputError),
    ],
)
def test_what_cannot_be_said_changes_nothing(value: Any, error: type[InputError], database: Database) -> None:
    desk = a_desk(database)
    desk.answer(0, "soup")
    with pytest.raises(error):
        desk.say(value)
    assert (desk.room.case().state, desk.state(), desk.money()) == ("open", "answered", (20, 0))


@pytest.mark.parametrize(("value", "error"), [({"redo": ["short"]}, None), ({"repair": "x"}, CannotCorrectError)])
def test_what_is_decided_is_neither_corrected_nor_done_again(
    value: Mapping[str, Any], error: type[InputError] | None, database: Database
) -> None:
    desk = a_desk(database, overlap=2)
    for worker in (0, 1):
        desk.answer(worker, "soup")
        desk.draw(worker)
    desk.say({"repair": "a warm soup"})
    with pytest.raises(error or rejecting.CannotRedoError):
        desk.say(value)
    assert desk.room.label() == "a warm soup"
    desk.say({"accept": True})


def test_a_project_without_reasons_has_some_that_fit_everywhere(database: Database) -> None:
    desk = a_desk(database, review={})
    found = desk.room.run(lambda _tx, known: [why.key for why in reasons(known)])
    assert found == ["instructions", "unreadable", "empty", "copied", "language"]
    desk.answer(0, "soup")
    desk.say({"reject": ["copied"]})
    assert json.loads(desk.room.case().verdict or "") == {"reject": ["copied"]}


def test_fewer_answers_of_the_proven_are_looked_at(database: Database) -> None:
    desk = a_desk(database, review={"share": 0.4})
    found = desk.room.run(
        lambda _tx, known: [sum(cases.reviewed(known, task, 7, checks) for task in range(2_000)) for checks in (1, 10)]
    )
    assert 720 < found[0] < 880
    assert 200 < found[1] < 310


def test_any_kind_is_looked_at_where_the_file_says_so(database: Database) -> None:
    room = a_room(database, tasks=5, review={"share": 1})
    desk = Desk(room)
    desk.answer(0, "cat")
    assert room.case().what == "answer"
    desk.say({"accept": True})
    assert room.task().status == "open"  # others are asked too
