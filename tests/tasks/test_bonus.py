"""A bonus comes out of the project's budget, whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from db.errors import InputError
from db.session import Database, Tx
from tasks import staff
from tasks.bonus import AmountError, NoRewardError, NotEnoughLeftError, give, read
from tasks.money import budget
from tasks.privacy.audit import SHELL, Actor
from tasks.projects.catalog import Known
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig

_PAID = {"reward": {"answer": "20", "currency": "KRW", "budget": "30000"}}


def _rig(database: Database, clock: Clock, changed: dict[str, Any] = _PAID) -> Rig:
    rig = a_rig(database, clock(), 2, 3, changed=changed)
    if changed:
        rig.run(lambda tx, known: budget.follow(tx, known.purse, clock()) if known.purse else None)
    return rig


def _give(rig: Rig, amount: int, now: int, why: str = "careful", actor: Actor = SHELL) -> None:
    def turn(tx: Tx, known: Known) -> None:
        give(tx, known, actor, staff.find(tx, str(rig.workers[0])), amount, why, now)

    rig.run(turn)


def _spent(rig: Rig) -> int:
    return rig.run(lambda tx, known: budget.standing(tx, known.purse).spent if known.purse else 0)


def test_more_than_an_answer_earns_is_paid_from_a_budget_that_lies_in_parts(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    _give(rig, 29_000, clock())
    assert _spent(rig) == 29_000


def test_what_the_budget_cannot_pay_is_not_paid_in_part(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    with pytest.raises(NotEnoughLeftError):
        _give(rig, 30_001, clock())
    assert _spent(rig) == 0


def test_it_needs_a_reason_and_somebody_else(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock)
    for why, actor in (("…", SHELL), ("x" * 301, SHELL), ("good", Actor(rig.workers[0], "test"))):
        with pytest.raises(InputError):
            _give(rig, 5, clock(), why, actor)
    assert _spent(rig) == 0


@pytest.mark.parametrize("written", ["1,5", "1e9", "-5", "0", "", "0.5", "٣"])
def test_an_amount_is_written_in_plain_digits(database: Database, clock: Clock, written: str) -> None:
    rig = _rig(database, clock)
    with pytest.raises(AmountError):
        rig.run(lambda _tx, known: read(known, written))


def test_a_project_that_pays_nothing_has_no_bonus(database: Database, clock: Clock) -> None:
    rig = _rig(database, clock, {})
    with pytest.raises(NoRewardError):
        _give(rig, 5, clock())
