"""Records of what was done: what one costs a turn, and how fast the chain is verified."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.house import database_in
from db.session import Database, Tx
from db.statement import change
from tasks.privacy.audit import SHELL, Act, record
from tasks.privacy.verify import verify

COLUMNS = ("n", "µs each", "of a bare turn")
_BARE = change("INSERT INTO group_chat (channel, chat, explained_at) VALUES ('bench', :chat, 0)")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A bare turn, one that records, and the chain that comes of it."""
    n = 500 if short else 20_000
    with tempfile.TemporaryDirectory() as folder:
        yield from on(database_in(Path(folder)), n)


def on(database: Database, n: int) -> Iterator[tuple[str, ...]]:
    """The same on any empty database, which is closed at the end."""

    def bare(tx: Tx, number: int) -> None:
        tx.run(_BARE, chat=str(number))

    def recording(tx: Tx, number: int) -> None:
        tx.run(_BARE, chat=f"r{number}")
        record(tx, SHELL, Act("role", figures={"before": "worker", "after": "reviewer", "why": "They asked"}), number)

    took = _turns(database, bare, n)
    with_record = _turns(database, recording, n)
    yield "a bare turn", f"{n:,}", f"{took * 1e6:,.0f}", "1.00"
    yield "a turn with a record", f"{n:,}", f"{with_record * 1e6:,.0f}", f"{with_record / took:.2f}"
    began = time.perf_counter()
    found = verify(database, "", lambda _done, _total: None)
    yield "verify", f"{found.records:,}", f"{(time.perf_counter() - began) / n * 1e6:,.0f}", ""
    database.close()


def _turns(database: Database, work: Callable[[Tx, int], None], n: int) -> float:
    """Seconds a turn, of many that come at once."""
    began = time.perf_counter()
    for one in [database.run(lambda tx, number=number: work(tx, number)) for number in range(n)]:  # type: ignore[misc]
        one.result()
    return (time.perf_counter() - began) / n
