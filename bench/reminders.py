"""What reminders cost with very many people: finding what there is to remind of, and deciding when it is sent."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from bench.audience import populate
from bench.house import SPEC, database_in, fill, now_ms, percentile
from db.session import Database, Tx
from db.statement import Statement, change
from tasks.outreach import occasions, reminders
from tasks.projects.catalog import Catalog
from tasks.projects.spec import Spec

COLUMNS = ("done", "seconds", "turns", "turn, median ms", "turn, p99 ms")
SIZES = ("people",)
_GATES = {"new work for gate 3": 3, "new work for all": 1}
_HOUR_MS = 3_600_000

_TALK = change("""
    INSERT INTO conversation (person_id, chat, flow, memory, serial, screen, message_id, heard, seen_at)
    SELECT id, external_id, '', '{}', 0, '', '', '[]', 1 FROM person WHERE zone IS NOT NULL
""")
_ADULT = change("UPDATE person SET age = 18, quiet_from = NULL, quiet_until = NULL, zone = ''")
_OPENED = change("UPDATE project SET opened_at = :now WHERE id = :project")
_TELL = change("""
    INSERT INTO notice (person_id, at, words, topic, n)
    SELECT id, :now, '"a notice"', '', 1 FROM person WHERE id <= :most
""")
_TOLD = change("UPDATE person SET notices = 1 WHERE id <= :most")


class _Waits(NamedTuple):
    id: int
    person: int
    topic: str
    cause: str | None
    words: str | None
    due_at: int


_QUEUED = Statement(
    "SELECT id, person_id, topic, cause, words, due_at FROM delivery WHERE topic = :topic ORDER BY id LIMIT :most",
    _Waits,
)


def measure(*, short: bool, people: int = 0) -> Iterator[tuple[str, ...]]:
    """On SQLite; ``on`` does it on any database."""
    count = people or (3_000 if short else 300_000)
    with tempfile.TemporaryDirectory() as folder:
        database = database_in(Path(folder))
        try:
            yield from on(database, count)
        finally:
            database.close()


def on(database: Database, people: int) -> Iterator[tuple[str, ...]]:
    """A row for each thing that is looked for or decided."""
    catalog, now = Catalog(), now_ms()
    projects = {name: fill(database, 10, _spec(gate)) for name, gate in _GATES.items()}
    populate(database, people, next(iter(projects.values())))
    _run(database, lambda tx: (tx.run(_TALK), tx.run(_ADULT)))
    for name, project in projects.items():
        _run(database, partial(_open, project=project, now=now))
        starts = range(0, people, occasions.PEOPLE_AT_ONCE)
        turns = [
            partial(occasions.new_work, catalog=catalog, project=project, after=after, now=now) for after in starts
        ]
        yield _row(name, people, [_timed(database, turn) for turn in turns])
    _run(database, partial(_tell, now=now - _HOUR_MS, most=people // 3))
    yield _row("notices that wait", people // 3, list(_notices(database, now)))
    for topic in ("new", "notice"):
        some = _run(database, partial(_queued, topic=topic))
        decide = [partial(reminders.when, catalog=catalog, delivery=one, now=now) for one in some]
        yield _row(f"deciding on {topic}", len(some), [_timed(database, turn) for turn in decide])
    idle: list[Callable[[Tx], Any]] = [
        partial(occasions.opened, now=now),
        partial(occasions.waiting, now=now, after=people),
        partial(occasions.unfinished, catalog=catalog, now=now),
    ]
    yield _row("nothing to do", 3, [_timed(database, turn) for turn in idle])


def _queued(tx: Tx, topic: str) -> list[_Waits]:
    return tx.all(_QUEUED, topic=topic, most=2_000)


def _spec(gate: int) -> Spec:
    return SPEC.model_copy(
        update={"id": f"gate{gate}", "audience": SPEC.audience.model_copy(update={"gate": gate, "age": 0})}
    )


def _open(tx: Tx, project: int, now: int) -> None:
    tx.run(_OPENED, project=project, now=now - occasions.SETTLES_MS)


def _tell(tx: Tx, now: int, most: int) -> None:
    tx.run(_TELL, now=now, most=most)
    tx.run(_TOLD, most=most)


def _notices(database: Database, now: int) -> Iterator[float]:
    after, more = 0, True
    while more:
        began = time.perf_counter()
        looked = _run(database, partial(occasions.waiting, now=now, after=after))
        yield time.perf_counter() - began
        after, more = looked.last, looked.more


def _timed(database: Database, turn: Callable[[Tx], Any]) -> float:
    began = time.perf_counter()
    _run(database, turn)
    return time.perf_counter() - began


def _run(database: Database, turn: Callable[[Tx], Any]) -> Any:
    return database.run(turn).result()


def _row(name: str, done: int, took: list[float]) -> tuple[str, ...]:
    median, late = (percentile(took, share) * 1000 for share in (0.5, 0.99))
    return name, f"{done:,}", f"{sum(took):.1f}", f"{len(took):,}", f"{median:.1f}", f"{late:.1f}"
