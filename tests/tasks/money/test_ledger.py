"""Postings: an amount goes from one account to another, once for each cause, if it is there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from db.session import Database, Tx
from db.tables import Person
from tasks.money import ledger
from tasks.money.ledger import Cause, NotEnoughError, PostedBeforeError
from tests.support.purses import ACCOUNTS, POSTINGS


def _given(tx: Tx, amount: int, key: str = "fund:1") -> tuple[int, int]:
    house = ledger.of_house(tx, None, "KRW")
    to = ledger.of_person(tx, "payable", 1, "KRW")
    ledger.post(tx, house, to, amount, Cause("fund", key), 1)
    return house, to


@pytest.fixture
def somebody(database: Database) -> Database:
    """Person 1, and number 2."""

    def join(tx: Tx) -> None:
        tx.orm.add_all([Person(channel="test", external_id=str(n), joined_at=1) for n in range(2)])

    database.run(join).result()
    return database


def test_both_sides_move(somebody: Database) -> None:
    somebody.run(lambda tx: _given(tx, 100)).result()
    held = somebody.run(lambda tx: tx.all(ACCOUNTS)).result()
    assert [(one.name, one.balance) for one in held] == [("house:0:KRW", -100), ("payable:1:KRW", 100)]


def test_a_cause_posts_once(somebody: Database) -> None:
    for _ in range(3):
        somebody.run(lambda tx: _given(tx, 100)).result()
    assert len(somebody.run(lambda tx: tx.all(POSTINGS)).result()) == 1


def test_what_is_not_there_does_not_move_and_nothing_is_left_of_it(somebody: Database) -> None:
    """Also where the turn goes on and is committed."""

    def turn(tx: Tx) -> None:
        _house, payable = _given(tx, 100)
        paid = ledger.of_person(tx, "paid", 1, "KRW")
        with pytest.raises(NotEnoughError, match="Look at the balance again"):
            ledger.post(tx, payable, paid, 101, Cause("paid", "paid:1"), 1)

    somebody.run(turn).result()
    assert [one.reason for one in somebody.run(lambda tx: tx.all(POSTINGS)).result()] == ["fund"]
    assert [one.balance for one in somebody.run(lambda tx: tx.all(ACCOUNTS)).result()] == [-100, 100, 0]


def test_asking_twice_for_all_of_it_is_asking_once(somebody: Database) -> None:
    def turn(tx: Tx) -> list[bool]:
        _house, payable = _given(tx, 100)
        paid = ledger.of_person(tx, "paid", 1, "KRW")
        return [ledger.post(tx, payable, paid, 100, Cause("paid", "paid:1"), 1) for _ in range(2)]

    assert somebody.run(turn).result() == [True, False]


def test_nothing_moves_for_nothing(somebody: Database) -> None:
    def turn(tx: Tx) -> bool:
        house, payable = _given(tx, 0)
        ledger.post_kept(tx, house, payable, 0, Cause("fund", "x"), 1)
        return ledger.post(tx, house, payable, -5, Cause("fund", "y"), 1)

    assert not somebody.run(turn).result()
    assert somebody.run(lambda tx: tx.all(POSTINGS)).result() == []


def test_what_is_kept_moves_when_the_turn_ends(somebody: Database) -> None:
    def turn(tx: Tx) -> list[int]:
        house, payable = _given(tx, 100)
        ledger.post_kept(tx, payable, house, 40, Cause("reversal", "r:1"), 1)
        return [one.balance for one in tx.all(ACCOUNTS)]

    assert somebody.run(turn).result() == [-100, 100]
    assert [one.balance for one in somebody.run(lambda tx: tx.all(ACCOUNTS)).result()] == [-60, 60]


def test_a_turn_that_would_pay_again_does_not_stay(somebody: Database) -> None:
    def turn(tx: Tx) -> None:
        house, payable = _given(tx, 100)
        ledger.post_kept(tx, payable, house, 40, Cause("reversal", "r:1"), 1)

    somebody.run(turn).result()
    with pytest.raises(PostedBeforeError):
        somebody.run(turn).result()
    assert [one.balance for one in somebody.run(lambda tx: tx.all(ACCOUNTS)).result()] == [-60, 60]


def test_turns_that_pay_each_other_never_wait_in_a_circle(somebody: Database) -> None:
    """Each pays one way, then the other: accounts are locked in the order of their numbers, whatever is paid first."""

    def accounts(tx: Tx) -> list[int]:
        return [ledger.of_person(tx, "payable", person, "KRW") for person in (1, 2)]

    def begin(tx: Tx) -> None:
        for to in accounts(tx):
            ledger.post(tx, ledger.of_house(tx, None, "KRW"), to, 1_000, Cause("fund", f"fund:{to}"), 1)

    def turn(tx: Tx, n: int) -> None:
        one, other = accounts(tx)[:: 1 if n % 2 else -1]
        ledger.post_kept(tx, one, other, 3, Cause("bonus", f"there:{n}"), 1)
        ledger.post_kept(tx, other, one, 1, Cause("bonus", f"back:{n}"), 1)

    def run(n: int) -> None:
        somebody.run(lambda tx: turn(tx, n)).result(20)

    somebody.run(begin).result()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(run, range(201)))
    held = {one.name: one.balance for one in somebody.run(lambda tx: tx.all(ACCOUNTS)).result()}
    assert held == {"house:0:KRW": -2_000, "payable:1:KRW": 1_002, "payable:2:KRW": 998}
