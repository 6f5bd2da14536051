"""Whom a broadcast is for, over very many people: counted and drawn, by conditions, against a plain count of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from bench.house import database_in, fill, now_ms
from db.session import Database, Tx
from db.statement import Statement, change
from tasks.outreach.audience import Audience, size

COLUMNS = ("people", "found", "ms", "of a plain count")
SIZES = ("people",)
_DAY_MS = 86_400_000
_PERSON = change("""
    INSERT INTO person (id, channel, external_id, language, zone, role, consent, joined_at, gate, quiet_from,
        quiet_until, seen_day)
    VALUES (:person, 'telegram', :user, :language, :zone, 'worker', '1', 0, :gate, :start, :end, :day)
""")
_ENROL = change("""
    INSERT INTO enrolment (project_id, worker_id, joined_at, cursor, gold_cursor, returned_cursor, day, today, answered,
        skipped, seen, correct, gold_seen, gold_correct)
    VALUES (:project, :person, 0, 0, 0, 0, 0, 0, :answered, 0, 0, 0, 20, :right)
""")
_SKILL = change("""
    INSERT INTO qualification (person_id, skill, source, score, earned_at) VALUES (:person, 'birds', 'quiz', 1, 0)
""")


class _Count(NamedTuple):
    n: int


_PLAIN = Statement("SELECT COUNT(*) AS n FROM person WHERE zone IS NOT NULL", _Count)


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
    """A row for each audience."""
    project = fill(database, 10)
    populate(database, people, project)
    wanted: Mapping[str, Audience] = {
        "everybody": Audience(),
        "gate 3": Audience(gate=3),
        "a language": Audience(languages=("ko",)),
        "here this week": Audience(active_days=7),
        "a skill": Audience(skills=("birds",)),
        "never in a project": Audience(never=project),
        "90 % of hidden checks": Audience(measured=project, right=0.9),
        "all of these": Audience(gate=2, languages=("ko", "en"), active_days=30, skills=("birds",), worked=project),
        "a list of 1,000": Audience(people=tuple(range(1, 30_000, 30))),
    }
    for name, audience in wanted.items():
        with database.reading() as reader:
            reader.one(_PLAIN)
            began = time.perf_counter()
            reader.one(_PLAIN)
            plain = time.perf_counter() - began
            began = time.perf_counter()
            found = size(reader, audience, now_ms())
            took = time.perf_counter() - began
        yield name, f"{people:,}", f"{found.total:,}", f"{took * 1000:,.0f}", f"{took / plain:.1f}"


def populate(database: Database, people: int, project: int) -> None:
    """So many people of all languages, zones and gates; half of them in the project, a third with a skill."""
    chance, today = Random(1), now_ms() // _DAY_MS
    zones = ["", "Asia/Seoul", "Asia/Manila", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]
    for start in range(0, people, 5_000):
        rows = [
            {
                "person": n + 1, "user": str(10_000_000 + n), "language": chance.choice(["ko", "ko", "en", "vi"]),
                "zone": chance.choice(zones), "gate": chance.choice([1, 1, 2, 3, 4]),
                "day": today - chance.randrange(90),
                "start": (quiet := chance.choice([None, 22 * 60, 23 * 60])), "end": quiet and 7 * 60,
                "project": project, "answered": chance.randrange(50), "right": chance.randrange(21),
            }
            for n in range(start, min(people, start + 5_000))
        ]  # fmt: skip

        def insert(tx: Tx, rows: Sequence[Mapping[str, Any]] = rows) -> None:
            tx.many(_PERSON, rows)
            tx.many(_ENROL, [row for row in rows if row["person"] % 2])
            tx.many(_SKILL, [row for row in rows if not row["person"] % 3])

        database.run(insert).result()
