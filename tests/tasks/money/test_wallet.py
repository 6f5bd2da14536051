"""What somebody reads of their money: balances by state, days of their own calendar, lines that lead to their work."""

from __future__ import annotations

import pytest

from db.session import Database, Tx
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.calendar import local_day, starts
from tasks.money import payout, wallet
from tasks.money.holding import release_due
from tasks.money.wallet import Balance
from tasks.projects.catalog import Known
from tasks.words import Money
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

_PAID = {"reward": {"answer": "20", "vote": "5", "currency": "KRW", "hold": "3d"}}
_DAY = 86_400_000
_SEOUL = "Asia/Seoul"
_ALL = 2**62


def _rig(database: Database, clock: Clock) -> Rig:
    return a_rig(database, clock(), 2, 9, 0, _PAID)


def _works(rig: Rig, now: int, who: int = 0) -> int:
    def turn(tx: Tx, known: Known) -> int:
        found = offer(tx, known, rig.workers[who], now, chance(1))
        assert not isinstance(found, NoWork)
        answering.submit(tx, known, rig.workers[who], found.task, "cat", now)
        return found.task

    return rig.run(turn)


def _balances(rig: Rig, who: int = 0) -> list[Balance]:
    return rig.run(lambda tx, _known: list(wallet.balances(tx, rig.workers[who])))


def test_what_is_earned_is_on_hold_then_payable(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    assert _balances(rig) == []
    _works(rig, clock())
    _works(rig, clock())
    assert _balances(rig) == [Balance("KRW", pending=40)]
    assert rig.run(lambda tx, _known: wallet.held_until(tx, rig.workers[0])) == ("KRW", clock() + 3 * _DAY)
    rig.run(lambda tx, _known: release_due(tx, clock() + 3 * _DAY))
    assert _balances(rig) == [Balance("KRW", payable=40)]
    assert rig.run(lambda tx, _known: wallet.held_until(tx, rig.workers[0])) is None
    rig.run(lambda tx, _known: payout.request(tx, rig.workers[0], "KRW", "my bank", {}, clock()))
    assert _balances(rig) == [Balance("KRW", requested=40)]
    assert rig.run(lambda tx, _known: wallet.earned(tx, rig.workers[0])) == [Money(40, "KRW")]
    assert rig.run(lambda tx, _known: wallet.at_stake(tx, rig.workers[0])) == [Money(40, "KRW")]


def test_days_are_the_persons_own_the_newest_first(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person, midnight = rig.workers[0], clock() // _DAY * _DAY
    for hour in (1, 16, 40):  # 16 o'clock in London is tomorrow in Seoul
        _works(rig, midnight + hour * 3_600_000)

    def days(tx: Tx, zone: str, before: int = _ALL, most: int = 9) -> list[tuple[int, int]]:
        found = wallet.days(tx, person, zone, before, most)
        return [(local_day(day.since, zone), day.sums[0].earned) for day in found]

    today = midnight // _DAY
    assert rig.run(lambda tx, _known: days(tx, "")) == [(today + 1, 20), (today, 40)]
    assert rig.run(lambda tx, _known: days(tx, _SEOUL)) == [(today + 2, 20), (today + 1, 20), (today, 20)]
    assert rig.run(lambda tx, _known: days(tx, "", most=1)) == [(today + 1, 20)]
    assert rig.run(lambda tx, _known: days(tx, "", before=starts(today + 1, ""))) == [(today, 40)]


def test_what_only_changes_its_state_is_no_line(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]
    _works(rig, clock())
    rig.run(lambda tx, _known: release_due(tx, clock() + 3 * _DAY))
    rig.run(lambda tx, _known: payout.request(tx, person, "KRW", "my bank", {}, clock() + 3 * _DAY))
    found = rig.run(lambda tx, _known: wallet.days(tx, person, "", _ALL, 9))
    assert len(found) == 1
    lines = rig.run(lambda tx, _known: wallet.lines(tx, person, found[0].since, found[0].before, 0, 9))
    assert [(line.reason, line.amount) for line in lines] == [("answer", 20)]


def test_lines_of_one_moment_are_paged_without_a_gap(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]
    tasks = [_works(rig, clock()) for _time in range(5)]
    seen: list[int | None] = []
    before, last = _ALL, 0
    while page := rig.run(lambda tx, _known, b=before, n=last: wallet.lines(tx, person, 0, b, n, 2)):  # type: ignore[misc]
        seen += [line.task for line in page]
        before, last = page[-1].at, page[-1].id
    assert seen == tasks[::-1]


def test_a_line_leads_to_its_item_and_answer_and_says_what_became_of_it(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]
    task = _works(rig, clock())

    def only(tx: Tx) -> wallet.Detail:
        (line,) = [one for one in wallet.lines(tx, person, 0, _ALL, 0, 9) if one.reason == "answer"]
        found = wallet.detail(tx, person, line.id)
        assert found is not None
        assert wallet.detail(tx, rig.workers[1], line.id) is None, "nobody else's"
        return found

    held = rig.run(lambda tx, _known: only(tx))
    assert (held.line.task, held.state, held.moment) == (task, "held", clock() + 3 * _DAY)
    assert held.work is not None
    assert held.work.value == '"cat"'
    rig.run(lambda tx, _known: release_due(tx, clock() + 3 * _DAY))
    assert rig.run(lambda tx, _known: only(tx)).state == "payable"


def test_what_is_taken_back_is_reversed_and_not_earned(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]
    before = _works(rig, clock() - 1)
    for _time in range(2):
        _works(rig, clock())
    rig.run(lambda tx, known: answering.undo(tx, known, person, clock()))

    def since(tx: Tx, known: Known) -> Money:
        return wallet.earned_since(tx, person, known.id, "KRW", clock())

    assert rig.run(since) == Money(20, "KRW")
    assert _balances(rig) == [Balance("KRW", pending=40)]
    lines = rig.run(lambda tx, _known: wallet.lines(tx, person, 0, _ALL, 0, 9))
    assert [line.reason for line in lines] == ["reversal", "answer", "answer", "answer"]
    details = [rig.run(lambda tx, _known, n=line.id: wallet.detail(tx, person, n)) for line in lines]  # type: ignore[misc]
    assert [one.state for one in details if one] == ["reversal", "taken", "held", "held"]
    rejects = f"UPDATE answer SET rejected = TRUE WHERE task_id = {before}"  # noqa: S608 - a test's own words
    rig.run(lambda tx, _known: tx.connection.exec_driver_sql(rejects))
    assert rig.run(lambda tx, known: wallet.earned_since(tx, person, known.id, "KRW", 0)) == Money(20, "KRW")


@pytest.mark.parametrize("paid", [0, 40])
def test_nothing_is_at_stake_of_what_is_handed_out_or_paid(database: Database, clock: Clock, paid: int) -> None:
    rig = _rig(database, clock)
    person = rig.workers[0]
    for _time in range(2):
        _works(rig, clock())
    rig.run(lambda tx, _known: release_due(tx, clock() + 3 * _DAY))

    def handed_out(tx: Tx, _known: Known) -> None:
        amount = payout.request(tx, person, "KRW", "my bank", {}, clock())
        asked = payout.open_of(tx, person)[0]
        tx.connection.exec_driver_sql("UPDATE payout SET state = 'exported'")
        if paid:
            payout.paid(tx, payout.Asked(asked.id, person, amount, "KRW"), clock())
            tx.connection.exec_driver_sql("UPDATE payout SET state = 'paid'")

    rig.run(handed_out)
    assert rig.run(lambda tx, _known: wallet.at_stake(tx, person)) == []
    assert _balances(rig) == [Balance("KRW", paid=40) if paid else Balance("KRW", requested=40)]
