"""Pages of people by what they are, looking for somebody, and one person's card, with very many people."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.audience import populate
from bench.house import database_in, fill, now_ms, percentile
from db.queries import roll as rows
from db.session import Database, Tx
from db.statement import change
from tasks.personnel import remarks
from tasks.projects.catalog import Catalog
from tasks.reports import profile, roll
from tasks.reports.card import card
from tasks.reports.roll import Among
from tasks.staff import find

COLUMNS = ("people", "first page, ms", "a page in the middle", "slowest of all")
SIZES = ("people",)
_ON_A_PAGE, _TIMES = 8, 20
_DAY_MS = 86_400_000
_LIKE_REAL = (
    change("UPDATE person SET role = 'reviewer' WHERE id - id / 1000 * 1000 = 0"),
    change("UPDATE person SET suspended_at = 1 WHERE id - id / 100 * 100 = 1"),
    change("UPDATE person SET blocked_at = 1 WHERE id - id / 50 * 50 = 2"),
    change("UPDATE person SET paused_until = 9000000000000 WHERE id - id / 300 * 300 = 3"),
    change("UPDATE enrolment SET doubts = '[]', doubt = 0.9 WHERE worker_id - worker_id / 20 * 20 = 5"),
    change("UPDATE enrolment SET paused_until = 9000000000000 WHERE worker_id - worker_id / 100 * 100 = 7"),
    change("INSERT INTO remark (person_id, at, words) SELECT id, 0, 'careful' FROM person WHERE id - id / 10 * 10 = 0"),
)


def measure(*, short: bool, people: int = 0) -> Iterator[tuple[str, ...]]:
    """On SQLite; ``on`` does it on any database."""
    with tempfile.TemporaryDirectory() as folder:
        database = database_in(Path(folder))
        try:
            yield from on(database, people or (3_000 if short else 300_000))
        finally:
            database.close()


def on(database: Database, people: int) -> Iterator[tuple[str, ...]]:
    """A row for each list, then for what is looked up of one person."""
    project = fill(database, 10)
    populate(database, people, project)
    for statement in _LIKE_REAL:
        database.run(partial(Tx.run, statement=statement)).result()
    count, now = f"{people:,}", now_ms()
    wanted = [Among(by) for by in ("all", "newest", "active", "silent", "doubt", "paused", "suspended", "unreachable")]
    wanted += [Among("role", "reviewer"), Among("role", "worker"), Among("gate", 4), Among("language", "vi")]
    wanted += [Among("project", project), Among("skill", "birds")]
    for among in wanted:
        middle = (among.start[0] if among.start[0] == 0 else now // _DAY_MS - 3, people // 2)
        first, later = (_timed(database, _page(among, place, now)) for place in (among.start, middle))
        yield (
            _named(among),
            count,
            *(f"{percentile(times, 0.5):.2f}" for times in (first, later)),
            _slowest(first, later),
        )
    looked: dict[str, Callable[[Tx], object]] = {
        "a card": lambda tx: profile.whole(tx, card(tx, Catalog(), find(tx, str(people // 2 + 1)))),
        "a word of the notes": lambda tx: remarks.mentioning(tx, "careful"),
        "a word that no note has": lambda tx: remarks.mentioning(tx, "elephant"),
    }
    for name, look in looked.items():
        times = _timed(database, look)
        yield name, count, f"{percentile(times, 0.5):.2f}", "", _slowest(times)
    with database.reading() as reader:
        began = time.perf_counter()
        reader.one(rows.COUNTS, day=now // _DAY_MS - 6)
        took = (time.perf_counter() - began) * 1_000
    yield "how many, beside the turns", count, f"{took:.2f}", "", ""


def _named(among: Among) -> str:
    return among.by if among.value is None else f"{among.by} {among.value}"


def _slowest(*times: list[float]) -> str:
    return f"{max(max(some) for some in times):.2f}"


def _page(among: Among, place: roll.Place, now: int) -> Callable[[Tx], object]:
    return lambda tx: roll.page(tx, among, place, _ON_A_PAGE, now)


def _timed(database: Database, work: Callable[[Tx], object]) -> list[float]:
    """How long it takes inside of a turn, in milliseconds."""

    def turn(tx: Tx) -> float:
        began = time.perf_counter()
        work(tx)
        return (time.perf_counter() - began) * 1_000

    return [database.run(turn).result() for _ in range(_TIMES)]
