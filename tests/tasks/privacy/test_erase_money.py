"""What whoever is erased gives up: their money, their seats as a reviewer, what they objected to; and their words."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlmodel import col, select

from db.queries import money, payouts
from db.session import Database, Tx
from db.tables import Payout, ReviewCase, Vote
from tasks import cases
from tasks.assignment import answering, promising
from tasks.assignment.deal import NoWork, offer
from tasks.money import ledger, payout
from tasks.money.budget import standing
from tasks.privacy.erase import forget
from tasks.projects.catalog import Known
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

_PAID = {"reward": {"answer": "20", "vote": "5", "currency": "KRW"}}


def _rig(database: Database, clock: Clock) -> Rig:
    rig = a_rig(database, clock(), 2, 9, 0, _PAID)
    for _time in range(3):
        rig.run(lambda tx, known: _answers(tx, known, rig.workers[0], clock()))
    return rig


def _answers(tx: Tx, known: Known, worker: int, now: int) -> int:
    found = offer(tx, known, worker, now, chance(1))
    assert not isinstance(found, NoWork)
    answering.submit(tx, known, worker, found.task, "cat", now)
    return found.task


def _payable(tx: Tx, person: int, amount: int, now: int) -> None:
    """As if so much of what is on hold had been accepted."""
    pending, to = (ledger.of_person(tx, kind, person, "KRW") for kind in ("pending", "payable"))
    ledger.post(tx, pending, to, amount, ledger.Cause("release", f"test:{now}", person), now)


def _erase(rig: Rig, now: int) -> None:
    rig.run(lambda tx, _known: forget(tx, rig.workers[0], now, random.Random(7)))  # noqa: S311 - a test's chance


def _balances(tx: Tx, person: int) -> dict[str, int]:
    return {one.kind: one.balance for one in tx.all(money.OF_PERSON, person=person) if one.balance}


def _nobodys(tx: Tx) -> int:
    return int(tx.connection.exec_driver_sql("SELECT balance FROM account WHERE name = 'house:0:KRW'").scalar_one())


def _all(tx: Tx, sql: str) -> list[Any]:
    return [tuple(row) for row in tx.connection.exec_driver_sql(sql)]


def _sum(tx: Tx) -> int:
    return int(tx.connection.exec_driver_sql("SELECT SUM(balance) FROM account").scalar_one())


def _spent(tx: Tx, known: Known) -> int:
    assert known.purse is not None
    return standing(tx, known.purse).spent


def test_what_is_on_hold_and_what_is_payable_goes_to_the_house(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]
    rig.run(lambda tx, _known: _payable(tx, person, 20, clock()))
    before = rig.run(_spent)
    _erase(rig, clock())
    assert rig.run(lambda tx, _known: (_balances(tx, person), _nobodys(tx), _sum(tx))) == ({}, 60, 0)
    assert rig.run(_spent) == before == 60, "what a project has spent stays spent"


def test_a_request_that_is_not_handed_out_is_cancelled_and_one_that_is_stays(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]

    def asks(tx: Tx, _known: Known) -> None:
        _payable(tx, person, 20, clock())
        payout.request(tx, person, "KRW", "my bank", {}, clock())

    rig.run(asks)
    _erase(rig, clock())

    def left(tx: Tx, _known: Known) -> list[tuple[str, str]]:
        return [(row.state, row.address) for row in tx.all(payouts.OPEN_OF, person=person)]

    assert rig.run(left) == []
    assert rig.run(lambda tx, _known: (_balances(tx, person), _nobodys(tx))) == ({}, 60)


@pytest.mark.parametrize(("arrives", "kept", "nobodys"), [(1, {"paid": 20}, 40), (0, {}, 60)])
def test_what_is_handed_out_can_still_be_settled(
    database: Database, clock: Clock, arrives: int, kept: dict[str, int], nobodys: int
) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]

    def handed_out(tx: Tx, _known: Known) -> int:
        _payable(tx, person, 20, clock())
        payout.request(tx, person, "KRW", "my bank", {}, clock())
        made = tx.one(payouts.MAKE_BATCH, currency="KRW", now=clock(), actor=None)
        assert made is not None
        tx.all(payouts.TAKE, batch=made.id, currency="KRW", most=9)
        return payout.open_of(tx, person)[0].id

    number = rig.run(handed_out)
    _erase(rig, clock())
    assert rig.run(lambda tx, _known: (_balances(tx, person), _nobodys(tx))) == ({"requested": 20}, 40)
    row: Payout = rig.run(lambda tx, _known: tx.orm.get_one(Payout, number))
    assert (row.state, row.address) == ("exported", "")
    settle = payout.paid if arrives else payout.failed
    rig.run(lambda tx, _known: settle(tx, payout.Asked(number, person, 20, "KRW"), clock()))
    assert rig.run(lambda tx, _known: (_balances(tx, person), _nobodys(tx), _sum(tx))) == (kept, nobodys, 0)


def test_nothing_decided_later_pays_or_takes_from_them(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]
    _erase(rig, clock())

    def rows(tx: Tx, _known: Known) -> tuple[set[Any], set[Any]]:
        return set(_all(tx, "SELECT budget_id FROM assignment")), set(_all(tx, "SELECT due_at FROM answer"))

    assert rig.run(rows) == ({(None,)}, {(None,)})
    assert rig.run(lambda tx, known: promising.of(known, 1, person, answering._lease(tx, known, person, 1))) is None


def test_their_seat_goes_to_another_and_their_notes_go(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]

    def reviews(tx: Tx, known: Known) -> None:
        for task in (7, 8):
            cases.dispute(tx, known, task, "crowd", clock())
        first, second = tx.orm.exec(select(ReviewCase).order_by(col(ReviewCase.id))).all()
        first.why, first.state, first.seats = "It is Ann’s cat / plain to see", "decided", 0
        second.seats -= 1
        other = rig.workers[1]
        votes = (
            (first, person, "voted", "It is Ann’s cat"),
            (first, other, "voted", "plain to see"),
            (second, person, "offered", ""),
        )
        for case, who, state, note in votes:
            assert case.id is not None
            row = Vote(case_id=case.id, reviewer_id=who, state=state, offered_at=1, lease_ends=2, note=note)
            row.agreed = state == "voted"
            tx.orm.add(row)

    rig.run(reviews)
    _erase(rig, clock())

    def left(tx: Tx, _known: Known) -> tuple[list[Any], list[Any]]:
        found = _all(tx, "SELECT why, seats FROM review_case ORDER BY id")
        return found, _all(tx, "SELECT state, note FROM vote ORDER BY case_id, reviewer_id")

    assert rig.run(left) == (
        [("plain to see", 0), ("", 3)],
        [("voted", ""), ("voted", "plain to see"), ("expired", "")],
    )


def test_an_appeal_is_withdrawn_and_a_review_of_their_answer_goes_on(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]

    def objects(tx: Tx, known: Known) -> None:
        cases.ask(tx, known, 1, person, "cat", "spot", clock())
        case = ReviewCase(
            project_id=known.id, task_id=2, what="appeal", cause="worker", worker_id=person, words="But it is!",
            wanted=2, most=5, seats=2, opened_at=clock(), ends_at=clock() + 1, why="not a cat",
        )  # fmt: skip
        tx.orm.add(case)

    rig.run(objects)
    _erase(rig, clock())

    def left(tx: Tx, _known: Known) -> list[Any]:
        return _all(tx, "SELECT what, state, ends_at, words, why FROM review_case ORDER BY id")

    assert rig.run(left) == [("answer", "open", None, "", ""), ("appeal", "withdrawn", None, "", "")]
