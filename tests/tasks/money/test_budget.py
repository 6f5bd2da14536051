"""A project's budget: given, promised, spread over parts, changed with the file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.queries import money
from db.session import Database, Tx
from tasks import cases
from tasks.money import budget
from tasks.money.budget import BudgetBelowSpentError, _moves
from tasks.money.purse import Purse
from tasks.projects import lifecycle
from tasks.projects.catalog import Known
from tasks.projects.errors import NoBudgetError
from tests.conftest import Clock
from tests.support.purses import Paying


def _follow(here: Paying, named: int | None, answer: int = 20) -> None:
    def turn(tx: Tx, known: Known) -> None:
        budget.follow(tx, Purse(known.id, "KRW", answer, 10, named, 0), here.clock())

    here.rig.run(turn)


def _promise(here: Paying, who: int, amount: int = 20, named: int | None = 0, answer: int = 20) -> int | None:
    purse = Purse(here.rig.known_id, "KRW", answer, 10, named, 0)
    return here.rig.run(lambda tx, _known: budget.promise(tx, purse, who, amount, here.clock()))


def test_a_small_budget_lies_in_one_part(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "1000"})
    assert here.parts() == [1000]


def test_a_large_one_in_eight(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "100010"})
    assert here.parts() == [12_510, *[12_500] * 7]
    assert here.figures() == (100_010, 0, 0)


def test_everybody_has_a_part_and_then_the_rest(database: Database, clock: Clock) -> None:
    """All of it can be promised, to one person as well, and not a unit more."""
    here = Paying(database, clock, reward={"budget": "20480"})
    assert len(here.parts()) == 8
    assert all(_promise(here, 5) for _ in range(1_024))
    assert _promise(here, 5) is None
    assert _promise(here, 0) is None
    assert here.figures() == (20_480, 0, 20_480)
    assert here.parts() == [0] * 8


def test_what_is_freed_in_any_part_can_be_promised_again(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "20480"})
    accounts = [_promise(here, n) for n in range(1_024)]
    freed = next(account for account in reversed(accounts) if account != accounts[0])
    assert freed is not None
    here.rig.run(lambda tx, _known: budget.release(tx, freed, 20))
    assert _promise(here, 3) is not None
    assert _promise(here, 3) is None


def test_a_vote_that_is_worth_more_than_answers_is_promised_to_the_last(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"answer": "1", "vote": "900", "budget": "7500"})
    purse = Purse(here.rig.known_id, "KRW", 1, 900, 7_500, 0)
    promised = [here.rig.run(lambda tx, _known: budget.promise(tx, purse, 3, 900, clock())) for _ in range(9)]
    assert [one is not None for one in promised] == [True] * 8 + [False]


def test_without_a_named_budget_it_is_given_what_it_needs(database: Database, clock: Clock) -> None:
    here = Paying(database, clock)
    assert here.accounts() == []
    assert here.offer(0) == 1
    assert here.figures() == (20_000, 0, 20)
    assert len(here.parts()) == 8
    for _ in range(1_000):
        assert _promise(here, 2, named=None)
    assert here.figures() == (40_000, 0, 20_020)


def test_steps_do_not_end_after_a_reduction(database: Database, clock: Clock) -> None:
    """Each step is a cause of its own, however often the budget was given and taken."""
    here = Paying(database, clock)
    for _ in range(3):
        assert _promise(here, 1, named=None)
        _follow(here, 1_000)
        assert here.stands().given == 1_000
        while _promise(here, 1, named=1_000):
            pass
        assert _promise(here, 1, named=None)
        here.rig.run(_let_go)
        _follow(here, 40)
        assert here.figures() == (40, 0, 0)


def _let_go(tx: Tx, known: Known) -> None:
    for one in tx.all(money.PARTS, project=known.id, currency="KRW"):
        budget.release(tx, one.id, one.reserved)


def test_an_absurd_amount_overflows_nothing(database: Database, clock: Clock) -> None:
    here = Paying(database, clock)
    assert _promise(here, 1, 10**15, named=None, answer=10**15)
    assert here.figures() == (10**15, 0, 10**15)


def test_raised_and_lowered(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "60"})
    here.offer(0)
    here.answer(0, 1)
    here.offer(0)
    assert here.figures() == (60, 20, 20)
    _follow(here, 100_000)
    assert here.figures() == (100_000, 20, 20)
    _follow(here, 40)
    assert here.figures() == (40, 20, 20)
    with pytest.raises(BudgetBelowSpentError, match="Choose at least"):
        _follow(here, 39)
    assert here.figures() == (40, 20, 20)
    _follow(here, None)
    assert here.figures() == (40, 20, 20)


def test_following_twice_gives_once(database: Database, clock: Clock) -> None:
    here = Paying(database, clock, reward={"budget": "1000"})
    _follow(here, 1_000)
    assert here.figures() == (1_000, 0, 0)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _n: _follow(here, 50_000), range(8)))
    assert here.figures() == (50_000, 0, 0)


def test_paused_and_gone_on_with(database: Database, clock: Clock) -> None:
    """It is given once; what is left must pay an answer, or it does not go on, and nothing is given."""
    here = Paying(database, clock, reward={"budget": "40"})

    def move(to: Callable[..., Known]) -> None:
        here.rig.run(lambda tx, known: to(tx, here.rig.catalog, known.key, clock()))

    move(lifecycle.pause)
    move(lifecycle.launch)
    assert here.figures() == (40, 0, 0)
    here.offer(0)
    here.offer(1)
    move(lifecycle.pause)
    with pytest.raises(NoBudgetError, match="Give “animals” a budget first"):
        move(lifecycle.launch)
    here.answer(0, 1)  # what is in hand may be finished
    assert here.figures() == (40, 20, 20)


@pytest.mark.parametrize("named", ["1000", None])
def test_a_closed_project_gives_back_what_nothing_needs(database: Database, clock: Clock, named: str | None) -> None:
    """Not while something is promised, on hold, before reviewers or waits for a word; what comes back later too."""
    here = Paying(database, clock, reward={"budget": named, "hold": "3d"})

    def back() -> int:
        return here.rig.run(lambda tx, _known: budget.give_back(tx, clock()))

    def of_case(sql: str) -> None:
        here.rig.run(lambda tx, _known: tx.connection.exec_driver_sql(sql))

    here.offer(0)
    here.offer(1)
    assert back() == 0
    here.answer(0, 1)
    here.rig.run(lambda tx, known: lifecycle.close(tx, here.rig.catalog, known.key, clock()))
    assert back() == 0, "somebody works on it"
    here.lapse()
    assert (here.figures()[1:], back()) == ((20, 0), 0), "its pay is on hold"
    clock.pass_ms(4 * 86_400_000)
    here.sweep()
    here.rig.run(lambda tx, known: cases.dispute(tx, known, 1, "audit", clock()))
    assert back() == 0, "reviewers are asked"
    of_case("UPDATE review_case SET state = 'decided', seats = 0, ends_at = 1")
    assert back() == 0, "its worker is asked"
    of_case("UPDATE review_case SET ends_at = NULL")
    assert (back(), back()) == (1, 0)
    assert here.figures() == (20, 20, 0)
    assert [one.amount for one in here.postings("fund")][-1] > 20
    assert sum(here.parts()) == 0
    assert here.rig.broken() == []


def test_another_currency_is_another_budget(database: Database, clock: Clock) -> None:
    """A draft may change it; what was given before in another is not counted with it."""
    here = Paying(database, clock, reward={"budget": "60"})
    points = Purse(here.rig.known_id, "points", 1, 1, 10, 0)
    here.rig.run(lambda tx, _known: budget.follow(tx, points, clock()))
    assert here.figures() == (60, 0, 0)
    assert here.rig.run(lambda tx, _known: budget.standing(tx, points)).given == 10


def test_many_promise_at_once(database: Database, clock: Clock) -> None:
    """Nothing is promised twice, and all of it can be had, however many ask at the same time."""
    here = Paying(database, clock, reward={"budget": "20480"})
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda who: _promise(here, who), range(1_100)))
    assert sum(one is not None for one in found) == 1_024
    assert here.figures() == (20_480, 0, 20_480)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=9))
def test_moves_level(pairs: list[tuple[int, int]]) -> None:
    have = {n: have for n, (have, _wanted) in enumerate(pairs)}
    wanted = {n: wanted for n, (_have, wanted) in enumerate(pairs)}
    over = sum(have.values()) - sum(wanted.values())
    have[100], wanted[101] = max(0, -over), max(0, over)
    left = dict(have)
    moves = list(_moves(have, wanted))
    for origin, to, amount in moves:
        assert amount > 0
        left[origin] -= amount
        left[to] = left.get(to, 0) + amount
    assert {n: left.get(n, 0) for n in {**have, **wanted}} == {n: wanted.get(n, 0) for n in {**have, **wanted}}
    assert len(moves) <= len(have) + 1
