"""More items for a project that runs: a second admin is asked where they cost very much and no budget bounds them."""

from __future__ import annotations

import pytest

from db.session import Database
from tasks import approval
from tasks.approval import Limits
from tasks.money.amounts import write_amount
from tasks.projects import funding
from tests.conftest import NOON
from tests.property.rig import Rig, a_rig

_LIMITS = Limits(None, {"KRW": 1_000})


def _rig(database: Database, budget: str | None = None) -> Rig:
    """Two items, up to 5 answers each: at the most 200 won."""
    reward = {"answer": "20", "currency": "KRW", **({"budget": budget} if budget else {})}
    return a_rig(database, NOON, 1, 2, changed={"id": "animals", "overlap": 5, "reward": reward})


def test_where_no_budget_bounds_them(database: Database) -> None:
    rig = _rig(database)
    rig.run(lambda tx, known: approval.refuse_unbounded(tx, _LIMITS, known, 8))
    rig.run(lambda tx, known: approval.refuse_unbounded(tx, Limits(None), known, 9))
    with pytest.raises(approval.UnboundedError) as raised:
        rig.run(lambda tx, known: approval.refuse_unbounded(tx, _LIMITS, known, 9))
    amount = raised.value.amount
    assert amount.minor == 11 * 5 * 20
    written = write_amount(amount.minor, amount.currency)
    raise_ = rig.run(lambda tx, known: funding.raised(tx, known, written))
    assert raise_ == amount, "a budget of so much is asked about"
    rig.run(lambda tx, known: funding.change(tx, rig.catalog, known.key, written, NOON))
    rig.run(lambda tx, known: approval.refuse_unbounded(tx, _LIMITS, known, 9))


def test_a_budget_bounds_them(database: Database) -> None:
    rig = _rig(database, "90000")
    rig.run(lambda tx, known: approval.refuse_unbounded(tx, _LIMITS, known, 1_000_000))


def test_what_costs_very_much_already_may_not_cost_more(database: Database) -> None:
    rig = _rig(database)
    dear = Limits(None, {"KRW": 100})
    rig.run(lambda tx, known: approval.refuse_unbounded(tx, dear, known, 0))
    with pytest.raises(approval.UnboundedError):
        rig.run(lambda tx, known: approval.refuse_unbounded(tx, dear, known, 1))
