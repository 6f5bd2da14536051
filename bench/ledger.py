"""The ledger as it grows: to pay, a balance, pages of a statement must stay flat; and what pay costs of a turn.

The reference is the smallest ledger in the same run, and for the turn one in a project that pays nothing, in turns with
it. A tenth of all postings is one person's, whose wallet is looked at.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from bench import house
from bench.house import Worker, a_bot, database_in, fill, percentile
from db.session import Database, Tx
from db.statement import change
from db.tables import Person
from tasks.money import budget, earning, wallet
from tasks.money.earning import Pay
from tasks.money.purse import Purse
from tasks.money.recount import differences
from tasks.projects.spec import Spec

COLUMNS = ("postings", "median ms", "p99 ms", "of the reference", "disk MB", "memory MB")
_SIZES, _SHORT = (100_000, 1_000_000, 10_000_000), (10_000, 100_000)
_WORKERS, _AT_ONCE, _MINUTE = 1_000, 250_000, 60_000
_PAYS = {"answer": "20", "vote": "10", "currency": "KRW"}
_PLENTY = 10**15

_OPEN = change("""
    INSERT INTO account (name, kind, currency, person_id, balance, reserved)
    SELECT 'payable:' || id || ':KRW', 'payable', 'KRW', id, 0, 0 FROM person WHERE id <= :workers
""")
_POST = change("""
    WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    INSERT INTO posting (at, from_id, to_id, amount, reason, cause, person_id, project_id, task_id)
    SELECT n.i * 60000, b.id, a.id, 20, 'answer', 'answer:1:' || n.i || ':' || a.person_id || ':0', a.person_id, 1, n.i
    FROM n, account b, account a
    WHERE b.name = 'budget:1:KRW:0'
        AND a.name = 'payable:' || CASE WHEN n.i % 10 = 0 THEN 1 ELSE 1 + n.i % :workers END || ':KRW'
""")
_SUMS = change("""
    UPDATE account SET balance = balance + p.amount FROM (
        SELECT to_id, SUM(amount) AS amount FROM posting WHERE task_id BETWEEN :first AND :last GROUP BY to_id) p
    WHERE account.id = p.to_id
""")
_SPENT = change("UPDATE account SET balance = balance - :amount WHERE name = 'budget:1:KRW:0'")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """Rows for each size, then what a turn costs."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _growing(Path(folder), _SHORT if short else _SIZES, 50 if short else 500)
    yield from asyncio.run(_turns(20 if short else 150))


def _growing(folder: Path, sizes: Sequence[int], times: int) -> Iterator[tuple[str, ...]]:
    database, there = database_in(folder), 0
    purse = Purse(fill(database, _WORKERS), "KRW", 20, 10, _PLENTY, 0)
    database.run(partial(_begin, purse=purse)).result()
    smallest: dict[str, float] = {}
    for size in sizes:
        while there < size:
            last = min(size, there + _AT_ONCE)
            database.run(partial(_grow, first=there + 1, last=last)).result()
            there = last
        for what, seconds in _measured(database, purse, size, times):
            median = percentile(seconds, 0.5)
            share = median / smallest.setdefault(what, median)
            yield (what, f"{size:,}", f"{median * 1000:.3f}", f"{percentile(seconds, 0.99) * 1000:.3f}",
                   f"{share:.2f}", f"{_disk(folder):,.0f}", f"{_memory():,.0f}")  # fmt: skip
    database.close()


def _begin(tx: Tx, purse: Purse) -> None:
    tx.orm.add_all([Person(channel="bench", external_id=str(n), joined_at=0) for n in range(_WORKERS)])
    tx.orm.flush()
    tx.run(_OPEN, workers=_WORKERS)
    budget.follow(tx, purse, 0)


def _grow(tx: Tx, first: int, last: int) -> None:
    tx.run(_POST, first=first, last=last, workers=_WORKERS)
    tx.run(_SUMS, first=first, last=last)
    tx.run(_SPENT, amount=20 * (last - first + 1))


def _measured(database: Database, purse: Purse, size: int, times: int) -> Iterator[tuple[str, Sequence[float]]]:
    """Paying is a turn with its commit; looking is one without."""
    end = (size + 1) * _MINUTE

    def pay(tx: Tx, n: int) -> None:
        account = budget.promise(tx, purse, n % _WORKERS + 1, 20, end)
        assert account is not None  # noqa: S101 - there is plenty
        earning.earn(tx, purse, Pay(1, size * 1_000 + n, n % _WORKERS + 1, 20, account, 1), end)

    looks: Sequence[tuple[str, Callable[[Tx], object]]] = (
        ("a balance", lambda tx: wallet.balances(tx, 1)),
        ("a page of days", lambda tx: wallet.days(tx, 1, "Asia/Seoul", end, 7)),
        ("a page of a day", lambda tx: wallet.lines(tx, 1, 0, end, 0, 8)),
    )
    yield "promise and pay", [_timed(database, partial(pay, n=n)) for n in range(times)]
    for what, look in looks:
        yield what, [_timed(database, look) for _ in range(times)]
    began = time.perf_counter()
    with database.reading() as reader:
        off = list(differences(reader))
        assert off == [], off  # noqa: S101 - else the numbers mean nothing
    yield "counted anew (doctor)", [time.perf_counter() - began]


def _timed(database: Database, work: Callable[[Tx], object]) -> float:
    began = time.perf_counter()
    database.run(work).result()
    return time.perf_counter() - began


def _disk(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6


def _memory() -> float:
    """The most that this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


async def _turns(rounds: int) -> Sequence[tuple[str, ...]]:
    """Answers through the whole bot, eight people at once; processor time, as the commits of others cost none of it."""
    paid = Spec.model_validate({**house.SPEC.model_dump(mode="json", by_alias=True), "reward": _PAYS})
    async with AsyncExitStack() as stack:
        crowds = []
        for spec in (house.SPEC, paid):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            database = database_in(folder)
            stack.callback(database.close)
            fill(database, 10_000, spec)
            bot, wall = await stack.enter_async_context(a_bot(database, folder))
            crowds.append([Worker(bot, wall, f"w{n}") for n in range(8)])
            for worker in crowds[-1]:
                await worker.join()
        costs: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for crowd, cost in zip(crowds, costs, strict=True):
                cost.append(await _cost(crowd))
    free = percentile(costs[0], 0.5)
    return [
        (what, "", f"{percentile(cost, 0.5) * 1000:.3f}", f"{percentile(cost, 0.99) * 1000:.3f}",
         f"{percentile(cost, 0.5) / free:.2f}", "", "")
        for what, cost in zip(("a turn, unpaid (CPU)", "a turn, paid (CPU)"), costs, strict=True)
    ]  # fmt: skip


async def _cost(crowd: Sequence[Worker]) -> float:
    """Processor seconds of a turn."""
    began = time.process_time()
    for _ in range(4):
        await asyncio.gather(*(worker.press() for worker in crowd))
    return (time.process_time() - began) / (4 * len(crowd))
