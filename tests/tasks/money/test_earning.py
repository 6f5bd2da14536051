"""What answers earn, from the offer to the end of its hold, by example and on both databases."""

from __future__ import annotations

from functools import partial

import pytest

from db.queries import work
from db.session import Database, Tx
from tasks.assignment import answering, promising
from tasks.assignment.errors import BudgetSpentError, NothingToUndoError, TooLateError
from tasks.money import earning, ledger
from tasks.money.earning import Pay
from tasks.money.holding import release_due
from tasks.money.ledger import Cause, PostedBeforeError
from tasks.projects.catalog import Known
from tests.conftest import Clock
from tests.support.purses import DAY, Paying


def test_promised_earned_payable(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "60"})
    assert here.offer(0) == 1
    assert here.figures() == (60, 0, 20)
    here.answer(0, 1)
    assert here.figures() == (60, 20, 0)
    assert (here.has(0, "pending"), here.has(0, "payable")) == (20, 0)
    clock.pass_ms(3 * DAY - 1)
    assert here.sweep() == 0
    clock.pass_ms(1)
    assert here.sweep() == 1
    assert (here.has(0, "pending"), here.has(0, "payable")) == (0, 20)
    assert here.sweep() == 0
    assert [one.reason for one in here.postings()] == ["fund", "answer", "release"]


def test_without_a_hold_it_is_payable_at_once(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"hold": "0s", "budget": "20"})
    here.offer(0)
    here.answer(0, 1)
    assert (here.has(0, "pending"), here.has(0, "payable")) == (0, 20)
    here.undo(0)
    assert (here.has(0, "payable"), here.figures()) == (0, (20, 0, 20))


def test_one_release_for_all_that_is_due_of_a_worker(database: Database, clock: Clock) -> None:
    here = Paying(database, clock)
    for who in (0, 1):
        for task in (1, 2):
            assert here.offer(who) == task
            here.answer(who, task)
    clock.pass_ms(3 * DAY)
    assert here.sweep() == 4
    assert [(one.reason, one.amount) for one in here.postings("release")] == [("release", 40), ("release", 40)]


def test_a_sweep_is_bounded(database: Database, clock: Clock) -> None:
    here = Paying(database, clock)
    for task in (1, 2, 3):
        here.offer(0)
        here.answer(0, task)
    clock.pass_ms(3 * DAY)
    sweep = partial(here.rig.run, lambda tx, _known: release_due(tx, clock(), 2))
    assert [sweep(), sweep(), sweep()] == [2, 1, 0]
    assert here.has(0, "payable") == 60


def test_the_last_of_a_budget(database: Database, clock: Clock) -> None:
    """It ends between offer and answer: what was promised is paid, and the next is told so."""
    here = Paying(database, clock, reward={"budget": "39"})
    assert here.offer(0) == 1
    assert here.offer(1) == "budget"
    here.answer(0, 1)
    assert here.offer(0) == "budget"
    assert here.figures() == (39, 20, 0)
    assert here.has(0, "pending") == 20


def test_with_the_last_of_a_budget_one_can_skip_and_go_on(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "20"})
    assert here.offer(0) == 1
    assert here.skip_and_go_on(0, 1) == 2
    assert here.figures() == (20, 0, 20)
    here.skip(0, 2)
    assert here.figures() == (20, 0, 0)
    assert here.offer(1) == 1


def test_who_finds_the_budget_spent_finds_the_same_task_later(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "20"}, overlap=2)
    assert here.offer(0) == 1
    here.lapse()
    assert here.offer(1) == 1
    assert here.offer(0) == "budget"
    assert here.rig.broken() == []
    here.budget(40)
    assert here.offer(0) == 1
    assert here.figures() == (40, 0, 40)


def test_a_late_answer_is_paid_if_something_is_left(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "20"})
    here.offer(0)
    here.lapse()
    assert here.figures() == (20, 0, 0)
    here.answer(0, 1)
    assert here.figures() == (20, 20, 0)


def test_a_late_answer_to_a_spent_budget_changes_nothing(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "20"})
    here.offer(0)
    here.lapse()
    here.offer(1)
    before = here.accounts()

    def caught(tx: Tx, known: Known) -> None:  # as a conversation does: the turn goes on, and is committed
        with pytest.raises(BudgetSpentError):
            answering.submit(tx, known, here.rig.workers[0], 1, "cat", clock())

    here.rig.run(caught)
    assert here.accounts() == before
    assert here.rig.broken() == []


def test_a_late_answer_whose_slot_is_gone_promises_nothing(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, overlap=1)
    here.offer(0)
    here.lapse()
    assert here.offer(1) == 1
    with pytest.raises(TooLateError):
        here.answer(0, 1)
    assert here.stands().promised == 20


def test_taken_back_and_given_again(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "20"})
    here.offer(0)
    here.answer(0, 1)
    here.undo(0)
    assert here.figures() == (20, 0, 20)
    assert here.has(0, "pending") == 0
    here.answer(0, 1, "dog")
    assert here.figures() == (20, 20, 0)
    assert [one.reason for one in here.postings()] == ["fund", "answer", "reversal", "answer"]


def test_what_is_payable_can_be_taken_back_while_it_is_there(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "20"})
    here.offer(0)
    here.answer(0, 1)
    clock.pass_ms(3 * DAY)
    here.sweep()
    here.undo(0)
    assert (here.has(0, "payable"), here.figures()) == (0, (20, 0, 20))
    here.answer(0, 1)
    clock.pass_ms(3 * DAY)
    here.sweep()
    assert here.has(0, "payable") == 20


def test_what_was_asked_for_as_a_payout_is_not_taken_back(database: Database, clock: Clock) -> None:
    here = Paying(database, clock)
    here.offer(0)
    here.answer(0, 1)
    clock.pass_ms(3 * DAY)
    here.sweep()
    worker = here.rig.workers[0]

    def ask(tx: Tx, _known: Known) -> None:
        payable = ledger.of_person(tx, "payable", worker, "KRW")
        requested = ledger.of_person(tx, "requested", worker, "KRW")
        ledger.post(tx, payable, requested, 20, Cause("request", "request:1", worker), clock())

    here.rig.run(ask)
    with pytest.raises(NothingToUndoError):
        here.undo(0)
    assert here.rig.broken() == []


def test_accepted_once(database: Database, clock: Clock) -> None:
    here = Paying(database, clock)
    here.offer(0)
    here.offer(1)
    here.answer(0, 1)
    here.answer(1, 1)

    def accept(tx: Tx, known: Known) -> bool:
        worker = here.rig.workers[0]
        lease = tx.one(work.LEASE, project=known.id, task=1, worker=worker)
        assert lease is not None
        pay = promising.of(known, 1, worker, lease)
        assert pay is not None
        return earning.release(tx, here.purse(known), pay, clock())

    assert [here.rig.run(accept), here.rig.run(accept)] == [True, False]
    assert (here.has(0, "pending"), here.has(0, "payable")) == (0, 20)
    clock.pass_ms(3 * DAY)
    assert here.sweep() == 1
    assert here.has(0, "payable") == 20


def test_the_same_answer_is_not_paid_twice(database: Database, clock: Clock) -> None:
    here = Paying(database, clock)
    here.offer(0)
    here.answer(0, 1)

    def again(tx: Tx, known: Known) -> None:
        worker = here.rig.workers[0]
        lease = tx.one(work.LEASE, project=known.id, task=1, worker=worker)
        assert lease is not None
        assert lease.budget is not None
        pay = Pay(known.id, 1, worker, 20, lease.budget, 0)
        earning.earn(tx, here.purse(known), pay, clock())

    with pytest.raises(PostedBeforeError):
        here.rig.run(again)
    assert here.has(0, "pending") == 20


def test_work_that_pays_nothing_makes_no_account(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"answer": "0", "vote": "0"})
    here.offer(0)
    here.answer(0, 1)
    here.undo(0)
    here.offer(1)
    here.skip(1, 1)
    assert here.accounts() == []
    assert here.postings() == []


def test_points_have_no_digits(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"currency": "points", "budget": "40"})
    here.offer(0)
    here.answer(0, 1)
    assert here.has(0, "pending") == 20
    assert here.figures() == (40, 20, 0)
