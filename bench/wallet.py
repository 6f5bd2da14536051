"""A wallet on SQLite: balances, the first page of days and of a day's lines, of somebody with a tenth of all postings.

Milliseconds of a turn that reads them, without its commit; the reference is the smallest ledger in the same run.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.house import database_in, fill, percentile
from db.session import Database, Tx
from db.statement import change
from tasks.money import wallet

COLUMNS = ("postings", "theirs", "balances ms", "days ms", "lines ms", "of the smallest")
_NOW = 1_790_000_000_000
_PEOPLE = 1_000
_FILL = tuple(
    change(sql)
    for sql in (
        """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)
           INSERT INTO person (id, channel, external_id, language, zone, role, consent, joined_at)
           SELECT i, 'bench', 'user-' || i, 'en', '', 'worker', '', 0 FROM n""",
        """INSERT INTO account (name, kind, currency, person_id, balance, reserved)
           SELECT 'pending:' || id || ':KRW', 'pending', 'KRW', id, 20, 0 FROM person""",
    )
)
_POSTINGS = change("""
    WITH RECURSIVE n(i) AS (SELECT :since UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :until)
    INSERT INTO posting (at, from_id, to_id, amount, reason, cause, person_id, project_id, task_id)
    SELECT :now - (:size - i) * 6000, 1, who, 20, CASE WHEN i % 3 = 0 THEN 'release' ELSE 'answer' END,
           'answer:1:' || i || ':0:0', who, 1, 1
    FROM (SELECT i, CASE WHEN i % 10 = 0 THEN 1 ELSE 1 + i % :people END AS who FROM n)
""")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each size of the ledger, each of the same density: somebody is paid 1,440 times a day."""
    sizes = (1_000, 10_000) if short else (100_000, 1_000_000, 10_000_000)
    with tempfile.TemporaryDirectory() as name:
        database = database_in(Path(name))
        fill(database, 1)
        for statement in _FILL:
            people = {"people": _PEOPLE} if ":people" in statement.sql else {}
            database.run(lambda tx, s=statement, p=people: tx.run(s, **p)).result()  # type: ignore[misc]
        done, smallest = 0, 0.0
        for size in sizes:
            _grow(database, done, size, sizes[-1])
            done = size
            times = [_timed(database, work) for work in (_balances, _days, _lines)]
            smallest = smallest or sum(times)
            yield "", f"{size:,}", f"{size // 10:,}", *(f"{one:.2f}" for one in times), f"{sum(times) / smallest:.2f}"
        database.close()


def _grow(database: Database, since: int, size: int, last: int) -> None:
    for begin in range(since, size, 100_000):
        end = min(begin + 100_000, size)
        values = {"since": begin, "until": end, "now": _NOW, "people": _PEOPLE, "size": last}
        database.run(lambda tx, v=values: tx.run(_POSTINGS, **v)).result()  # type: ignore[misc]


def _balances(tx: Tx) -> object:
    return wallet.balances(tx, 1), wallet.held_until(tx, 1), wallet.at_stake(tx, 1)


def _days(tx: Tx) -> object:
    return wallet.days(tx, 1, "Asia/Seoul", 2**53, 8)


def _lines(tx: Tx) -> object:
    return wallet.lines(tx, 1, 0, 2**53, 0, 9)


def _timed(database: Database, work: Callable[[Tx], object]) -> float:
    """Median milliseconds inside the turn."""

    def turn(tx: Tx) -> float:
        began = time.perf_counter()
        work(tx)
        return time.perf_counter() - began

    return 1000 * percentile([database.run(turn).result() for _time in range(50)], 0.5)
