"""What is a person's own, at 100,000 answers in a project of a million: their page, figures, file, and erasure."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from bench.house import database_in, fill
from db.session import Database, Tx
from db.statement import change
from tasks.behaviour import figures
from tasks.behaviour.habits import Habits, Made
from tasks.money.wallet import earned
from tasks.privacy.erase import forget
from tasks.privacy.my_data import write
from tasks.projects.catalog import Catalog
from tasks.reports.person import standing

COLUMNS = ("own answers", "all answers", "ms")
_NOW = 1_790_000_000_000
_DAYS = 700

_PERSON = change("""
    INSERT INTO person (id, channel, external_id, language, zone, role, consent, joined_at)
    VALUES (:person, 'bench', :key, 'en', 'Asia/Seoul', 'worker', '', 0)
""")
_ENROLMENT = change("""
    INSERT INTO enrolment (project_id, worker_id, joined_at, cursor, gold_cursor, returned_cursor, day, today,
                           answered, skipped, seen, correct, gold_seen, gold_correct)
    VALUES (:project, :person, 0, 0, 0, 0, 0, 0, :n, 0, :n, :n, 0, 0)
""")
_HABIT = change("INSERT INTO habit (project_id, worker_id, kept) VALUES (:project, :person, :kept)")
_DAY = change("INSERT INTO day (person_id, day, answers) VALUES (:person, :day, 9)")
_ASSIGNMENT = change("""
    INSERT INTO assignment (project_id, task_id, worker_id, state, gold, position, offered_at, lease_ends, changes,
                            instructions, undone, submitted_at, reason, reported, channel, hour)
    SELECT project_id, id, :person, 'answered', FALSE, id, 0, 0, 0, 0, 0, 1, '', FALSE, 'bench', 9
    FROM task WHERE project_id = :project AND id <= :n
""")
_ANSWER = change("""
    INSERT INTO answer (project_id, task_id, worker_id, value, submitted_at, work_ms, rejected)
    SELECT project_id, id, :person, '"cat"', 1, 5000, FALSE FROM task WHERE project_id = :project AND id <= :n
""")
_EVENT = change("""
    INSERT INTO event (project_id, worker_id, task_id, at, what)
    SELECT project_id, :person, id, 1, 'submit' FROM task WHERE project_id = :project AND id <= :n
""")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each thing that is theirs."""
    own, others = (1_000, 9) if short else (100_000, 9)
    with tempfile.TemporaryDirectory() as name:
        database, catalog, rng = database_in(Path(name)), Catalog(), Random(1)
        project = fill(database, own)
        for person in range(1, others + 2):
            database.run(lambda tx, person=person: _works(tx, project, person, own)).result()  # type: ignore[misc]
        out = Path(name) / "own.zip"
        for what, work in (
            ("page", lambda tx: (standing(tx, catalog, 1, "Asia/Seoul", _NOW), earned(tx, 1))),
            ("figures", lambda tx: figures.overall(tx, catalog, 1)),
        ):
            yield what, f"{own:,}", f"{own * (others + 1):,}", _timed(database, work, 200)
        began = time.perf_counter()
        write(database, catalog, 1, out, _NOW, str)
        yield "file", f"{own:,}", f"{own * (others + 1):,}", f"{1000 * (time.perf_counter() - began):,.0f}"
        gone = _timed(database, lambda tx: forget(tx, 1, _NOW, rng), 1)
        yield "erasure", f"{own:,}", f"{own * (others + 1):,}", gone
        database.close()


def _timed(database: Database, work: Callable[[Tx], object], times: int) -> str:
    began = time.perf_counter()
    for _time in range(times):
        database.run(work).result()
    return f"{1000 * (time.perf_counter() - began) / times:.2f}"


def _works(tx: Tx, project: int, person: int, n: int) -> None:
    """Somebody who has answered so many."""
    habits = Habits()
    for answer in range(200):
        habits.answered(Made(answer * 5_000, 4_000, 1, hour=9))
    tx.run(_PERSON, person=person, key=str(person))
    tx.run(_ENROLMENT, project=project, person=person, n=n)
    tx.run(_HABIT, project=project, person=person, kept=habits.pack())
    tx.many(_DAY, [{"person": person, "day": _NOW // 86_400_000 - day} for day in range(_DAYS)])
    for statement in (_ASSIGNMENT, _ANSWER, _EVENT):
        tx.run(statement, project=project, person=person, n=n)
