"""How a project of a million answers has gone: each statement, all figures, each picture (seconds)."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.house import SPEC, database_in, fill
from bot.translate import Translator
from db.queries import progress
from db.session import Database, Reader, Tx
from db.statement import Statement, change
from tasks.projects.catalog import Catalog
from tasks.projects.spec import Spec
from tasks.reports.canvas import Voice
from tasks.reports.charts import PICTURES
from tasks.reports.course import Course
from tasks.reports.progress import read

COLUMNS = ("answers", "s")
_EACH = 3
_DAYS_MS = 20 * 86_400_000
_PAID = Spec.model_validate({**SPEC.model_dump(mode="json"), "reward": {"answer": "20", "currency": "KRW"}})
_NOW = 1_790_000_000_000

_PEOPLE = change("""
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)
    INSERT INTO person (id, channel, external_id, language, zone, role, consent, joined_at)
    SELECT i, 'bench', i, 'en', 'Asia/Seoul', 'worker', '', 0 FROM n
""")
_ENROLMENTS = change("""
    INSERT INTO enrolment (project_id, worker_id, joined_at, cursor, gold_cursor, returned_cursor, day, today,
                           answered, skipped, seen, correct, gold_seen, gold_correct, confusion)
    SELECT :project, id, 0, 0, 0, 0, 0, 0, 300, 0, 300, 250, 30, 25, :confusion FROM person WHERE id <= :most
""")
_ASSIGNMENTS = change("""
    INSERT INTO assignment (project_id, task_id, worker_id, state, gold, position, offered_at, lease_ends, changes,
                            instructions, undone, submitted_at, reason, reported, channel, hour)
    SELECT project_id, id, 1 + (id * 7919 + :nth * 104729) % :most, 'answered', FALSE, id, 0, 0, 0, 0, 0, 1, '', FALSE,
           'bench', 9
    FROM task WHERE project_id = :project
""")
_ANSWERS = change("""
    INSERT INTO answer (project_id, task_id, worker_id, value, submitted_at, work_ms, rejected, agreed, gold_correct)
    SELECT project_id, task_id, worker_id, CASE WHEN task_id % 10 = :nth THEN '"dog"' ELSE '"cat"' END,
           :begun + (task_id * 577157) % :span, 3000 + task_id % 9000, FALSE, task_id % 10 <> :nth,
           CASE WHEN task_id % 20 = 0 THEN task_id % 3 > 0 END
    FROM assignment WHERE project_id = :project
        AND worker_id = 1 + (task_id * 7919 + :nth * 104729) % :most
""")
_SETTLE = change("""
    UPDATE task SET status = 'agreed', label = CASE WHEN id % 3 = 0 THEN '"dog"' ELSE '"cat"' END, answers = 3,
                    settled_at = :begun + (id * 577157) % :span
    WHERE project_id = :project AND id % 10 > 0
""")
_ACCOUNTS = change("""
    INSERT INTO account (id, name, kind, currency, project_id, balance, reserved)
    SELECT i.id, i.name, i.kind, 'KRW', :project, 0, 0
    FROM (SELECT 1 AS id, 'house:1' AS name, 'house' AS kind UNION ALL SELECT 2, 'budget:1', 'budget') i
""")
_POSTINGS = change("""
    INSERT INTO posting (at, from_id, to_id, amount, reason, cause, person_id, project_id, task_id)
    SELECT submitted_at, 2, 1, 20, :reason, :reason || task_id || ':' || worker_id, worker_id, project_id, task_id
    FROM answer WHERE project_id = :project
""")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each statement, for all figures together, and for each picture."""
    answers = 9_000 if short else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        database = database_in(Path(name))
        project = filled(database, answers)
        known = database.run(lambda tx: Catalog().get(tx, project)).result()
        translator = Translator(lambda: _NOW)
        voice = Voice(lambda words: translator.words(words, "ko", "Asia/Seoul"), lambda day: f"{day:%d %m}", UTC)
        with database.reading() as reader:
            for what in ("HOURS", "SETTLED", "SPENT", "MIX", "KNOWN", "SPEED"):
                statement: Statement[Any] = getattr(progress, what)
                yield what, f"{answers:,}", _timed(partial(_rows, reader, statement, project))
            kept: list[Course] = []
            yield "all figures", f"{answers:,}", _timed(lambda: kept.append(read(reader, known, _NOW)))
        for title, paint in PICTURES:
            yield str(getattr(title, "message", title)), f"{answers:,}", _timed(partial(paint, kept[0], voice, title))
        database.close()


def filled(database: Database, answers: int) -> int:
    """A live project with so many answers, and a posting for each and one more."""
    tasks, people = answers // _EACH, max(30, answers // 300)
    project = fill(database, tasks, _PAID)
    span = {"begun": _NOW - _DAYS_MS, "span": _DAYS_MS}

    def turn(tx: Tx) -> None:
        tx.run(_PEOPLE, most=people)
        tx.run(
            _ENROLMENTS,
            project=project,
            most=people,
            confusion=np.array([90, 5, 5, 5, 90, 5, 1, 1, 8], "<f8").tobytes(),
        )
        for nth in range(_EACH):
            tx.run(_ASSIGNMENTS, project=project, nth=nth, most=people)
            tx.run(_ANSWERS, project=project, nth=nth, most=people, **span)
        tx.run(_SETTLE, project=project, **span)
        tx.run(_ACCOUNTS, project=project)
        for reason in ("answer", "release"):
            tx.run(_POSTINGS, project=project, reason=reason)

    database.run(turn).result()
    return project


def _rows(reader: Reader, statement: Statement[Any], project: int) -> int:
    return sum(1 for _row in reader.stream(statement, project=project, most=50, every=3))


def _timed(work: Callable[[], object]) -> str:
    began = time.perf_counter()
    work()
    return f"{time.perf_counter() - began:.2f}"
