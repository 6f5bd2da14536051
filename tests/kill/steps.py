"""Paid work that is killed at each of its statements in turn: nothing of a turn may stay, or all of it.

Started as ``python -m tests.kill.steps DATABASE_URL PROJECT WORKER…``. Each turn runs in a child that ends itself by
SIGKILL before its nth statement, then before the commit, then after it; in between, the ledger is counted anew. A line
of output for each turn: its name and at how many places it was killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from db.session import Tx, open_database
from db.statement import Statement
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases
from tasks.money import batch, confirming, payout
from tasks.money.confirmation import Line
from tasks.money.holding import release_due
from tasks.money.recount import differences
from tasks.privacy.audit import SHELL
from tasks.projects import funding
from tasks.projects.catalog import Catalog, Known
from tests.conftest import NOON
from tests.property.rig import broken, chance
from tests.support.purses import ACCOUNTS, POSTINGS

_MOST = 200


class Leased(NamedTuple):
    """An assignment as it stands."""

    task: int
    worker: int
    state: str


class Asked(NamedTuple):
    """A payout as it stands."""

    id: int
    state: str
    batch: int | None
    control: str | None


ASKED = Statement(
    "SELECT o.id, o.state, o.batch_id, b.control FROM payout o LEFT JOIN payout_batch b ON b.id = o.batch_id "
    "ORDER BY o.id",
    Asked,
)
LEASED = Statement("SELECT task_id, worker_id, state FROM assignment ORDER BY task_id, worker_id", Leased)
Turn = Callable[[Tx, Known, int], object]


def _answer(tx: Tx, known: Known, now: int, *, worker: int) -> None:
    """As a conversation does: hand in what is offered, and be offered the next."""
    found = offer(tx, known, worker, now, chance(1))
    assert not isinstance(found, NoWork)
    answering.submit(tx, known, worker, found.task, "cat", now)
    offer(tx, known, worker, now, chance(1))


def _skip(tx: Tx, known: Known, now: int, *, worker: int) -> None:
    found = offer(tx, known, worker, now, chance(1))
    assert not isinstance(found, NoWork)
    answering.skip(tx, known, worker, found.task, "unsure", now)
    offer(tx, known, worker, now, chance(1))


def _undo(tx: Tx, known: Known, now: int, *, worker: int) -> None:
    answering.undo(tx, known, worker, now)


def _budget(tx: Tx, known: Known, now: int, *, amount: str) -> None:
    funding.change(tx, Catalog(), known.key, amount, now)


def _ask(tx: Tx, _known: Known, now: int, *, worker: int) -> None:
    payout.request(tx, worker, "KRW", "My Bank 123", {}, now)


def _take_back(tx: Tx, _known: Known, now: int, *, worker: int) -> None:
    payout.cancel(tx, worker, payout.open_of(tx, worker)[0].id, now)


def _seal(tx: Tx, _known: Known, now: int) -> None:
    begun = batch.begin(tx, SHELL, "KRW", now)
    batch.go_on(tx, begun.id)
    batch.seal(tx, begun.id, begun.payouts, "its hash")


def _settle(tx: Tx, _known: Known, now: int, *, worker: int, state: str) -> None:
    asked = payout.open_of(tx, worker)[0]
    confirming.settle(tx, SHELL, [Line(2, asked.id, str(asked.amount), state, "")], None, now)


def turns(workers: Sequence[int]) -> Sequence[tuple[str, int, Turn]]:
    """What is done, one after the other: name, how long after the one before (ms), the turn."""
    one, other = workers[:2]
    hour = 3_600_000
    return (
        ("the first answer, from a budget that is made for it", 1, partial(_answer, worker=one)),
        ("a second answer", 1_000, partial(_answer, worker=one)),
        ("taken back", 1_000, partial(_undo, worker=one)),
        ("and given again", 1_000, partial(_answer, worker=one)),
        ("a skip", 1_000, partial(_skip, worker=one)),
        ("somebody else", 1_000, partial(_answer, worker=other)),
        ("a budget is named", 1_000, partial(_budget, amount="10000")),
        ("it is lowered", 1_000, partial(_budget, amount="120")),
        ("leases end", hour, lambda tx, _known, now: expire_leases(tx, now)),
        ("holds end", 100 * hour, lambda tx, _known, now: release_due(tx, now)),
        ("a payout is asked for", 1_000, partial(_ask, worker=one)),
        ("and taken back", 1_000, partial(_take_back, worker=one)),
        ("asked for again", 1_000, partial(_ask, worker=one)),
        ("handed out", 1_000, lambda tx, _known, now: batch.begin(tx, SHELL, "KRW", now)),
        ("sealed", 1_000, _seal),
        ("it fails", 1_000, partial(_settle, worker=one, state="failed")),
        ("once more", 1_000, partial(_ask, worker=one)),
        ("handed out again", 1_000, lambda tx, _known, now: batch.begin(tx, SHELL, "KRW", now)),
        ("sealed again", 1_000, _seal),
        ("it is paid", 1_000, partial(_settle, worker=one, state="paid")),
        ("an answer after all", 1_000, partial(_answer, worker=other)),
    )


def _killed(url: str, project: int, turn: Turn, now: int, step: int) -> bool:
    """Run the turn in a child that kills itself at its ``step``th statement; whether it came so far."""
    child = os.fork()
    if child == 0:
        _dying(step)
        database = open_database(url)
        database.run(lambda tx: turn(tx, Catalog().get(tx, project), now)).result()
        os._exit(0)  # done, and durable
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"the turn failed at step {step}"
    return os.WIFSIGNALED(status)


def _dying(step: int) -> None:
    """From now on the ``step``th thing that a turn says to the database is not said."""
    left = step

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def say(*given: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given)

        return say

    real_finish = Tx.finish

    def finish(tx: Tx) -> None:
        real_finish(tx)
        counted(int)()  # all is said, and nothing committed

    Tx._execute = counted(Tx._execute)  # type: ignore[method-assign]
    Tx.many = counted(Tx.many)  # type: ignore[method-assign]
    Tx.finish = finish  # type: ignore[method-assign,assignment]


def _seen(url: str, project: int) -> tuple[object, ...]:
    """What is leased, held, posted and asked for. Raises AssertionError where it does not add up."""
    database = open_database(url)
    try:
        with database.reading() as reader:
            assert list(differences(reader)) == []
            seen = tuple(list(reader.stream(rows)) for rows in (ACCOUNTS, POSTINGS, LEASED, ASKED))
        faults = database.run(lambda tx: broken(tx, project, 2)).result()
        assert faults == [], faults
    finally:
        database.close()
    return seen


def main(url: str, project: int, workers: Sequence[int]) -> None:
    """All turns, each killed at each step until one goes through."""
    now = NOON
    for name, after, turn in turns(workers):
        now += after
        before = _seen(url, project)
        for step in range(1, _MOST):
            if not _killed(url, project, turn, now, step):
                break
            assert _seen(url, project) == before, f"{name}, killed at step {step}: something stayed"
        else:
            raise AssertionError(f"{name} has no end")
        assert _seen(url, project) != before, f"{name} changed nothing"
        print(f"{name}: {step - 1}", flush=True)  # noqa: T201 - its output


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), [int(number) for number in sys.argv[3:]])
