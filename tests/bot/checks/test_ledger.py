"""The doctor on the ledger: quiet where nothing is paid, content where all adds up, plain where something is off."""

from __future__ import annotations

import pytest

from bot.checks.finding import Finding, State
from bot.checks.ledger import ledger
from db.session import Database
from db.statement import change
from tasks.words import Text
from tests.conftest import Clock
from tests.support.purses import DAY, Paying


def _what(finding: Finding) -> str:
    assert isinstance(finding.said, Text)
    what = finding.said.values["what"]
    assert isinstance(what, Text)
    return what.message.format(**what.values)


def _busy(database: Database, clock: Clock) -> Paying:
    """Something promised, something on hold, something payable."""
    here = Paying(database, clock, reward={"budget": "100000"})
    for who in (0, 1):
        here.offer(who)
        here.answer(who, 1)
    clock.pass_ms(3 * DAY)
    here.sweep()
    here.offer(0)
    here.answer(0, 2)
    here.offer(1)
    return here


def test_nothing_is_said_where_nothing_is_paid(database: Database) -> None:
    assert list(ledger(database)) == []


def test_all_adds_up(database: Database, clock: Clock) -> None:
    _busy(database, clock)
    (found,) = ledger(database)
    assert (found.state, found.said) == (State.GOOD, Text("adds up", {}))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE account SET balance = balance + 1 WHERE kind = 'payable'", "all accounts in KRW together hold 2"),
        ("UPDATE account SET balance = balance + 1 WHERE name = 'payable:{0}:KRW'", "payable:{0}:KRW holds 21, and"),
        ("UPDATE account SET reserved = 40 WHERE reserved = 20", "has promised 40, and what is under way says 20"),
        ("UPDATE answer SET due_at = NULL", "pending:{0}:KRW holds 20, and answers on hold say 0"),
        ("UPDATE assignment SET pay = 30 WHERE task_id = 1 AND worker_id = {0}", "of {0} was paid 20 instead of 30"),
    ],
)
def test_what_is_off_is_named(database: Database, clock: Clock, harm: str, said: str) -> None:
    worker = _busy(database, clock).rig.workers[0]
    database.run(lambda tx: tx.run(change(harm.format(worker)))).result()
    found = list(ledger(database))
    assert all(one.state is State.WRONG for one in found)
    assert any(said.format(worker) in _what(one) for one in found)


def test_no_more_than_five_lines(database: Database, clock: Clock) -> None:
    _busy(database, clock)
    database.run(lambda tx: tx.run(change("UPDATE account SET balance = balance + 1"))).result()
    assert len(list(ledger(database))) == 5
