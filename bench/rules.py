"""What a look of the rules costs after an answer, as people grow many; and what a firing costs on top."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random

from bench.house import database_in, fill, percentile
from db.session import Database, Tx, chunks
from db.statement import change
from tasks.behaviour.habits import Habits, Made
from tasks.projects.catalog import Catalog, Known
from tasks.projects.rules import Rule
from tasks.rules.defaults import operators_rules
from tasks.rules.look import look

COLUMNS = ("people", "rules", "µs p50", "µs p99")
_NOW = 1_790_000_000_000
_ASKED = 2_000
_GOOD = (b"\x00" + b"\xff" * 4) * 12 + b"\xff\xff\xff\x00"
_HURRIED = {"if": {"fast": {"from": 0.9}, "seconds": {"below": 1}, "sameness": {"from": 90}}, "then": "demote"}

_PERSON = change("""
    INSERT INTO person (id, channel, external_id, language, zone, role, consent, joined_at)
    VALUES (:person, 'bench', :key, 'en', 'Asia/Seoul', 'worker', '', 0)
""")
_ENROLMENT = change("""
    INSERT INTO enrolment (project_id, worker_id, joined_at, cursor, gold_cursor, returned_cursor, day, today,
                           answered, skipped, seen, correct, gold_seen, gold_correct, checks, settled,
                           recent_gold, recent_agreed)
    VALUES (:project, :person, 0, 0, 0, 0, 0, 0, 900, 9, 900, 700, 90, 70, 10, 800, :gold, :agreed)
""")
_HABIT = change("INSERT INTO habit (project_id, worker_id, kept) VALUES (:project, :person, :kept)")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """Rows for few people and for many; the last fires at each look."""
    defaults = list(operators_rules())
    hurried = [*defaults, Rule.model_validate(_HURRIED)]
    fires = [Rule.model_validate({"if": {"gold_accuracy": {"below": 0.9, "last": 1}}, "then": "invite-to-practice"})]
    for people in (100,) if short else (1_000, 300_000):
        with tempfile.TemporaryDirectory() as folder:
            database = database_in(Path(folder))
            known = _filled(database, people)
            for what, rules in (
                ("the defaults, none fires", defaults),
                ("and one that asks for habits", hurried),
                ("one that fires, is written and told", fires),
            ):
                times = database.run(partial(_looks, known=known, rules=rules, people=people)).result()
                p50, p99 = (f"{1e6 * percentile(times, share):.0f}" for share in (0.5, 0.99))
                yield what, f"{people:,}", str(len(rules)), p50, p99
            database.close()


def _looks(tx: Tx, known: Known, rules: Sequence[Rule], people: int) -> list[float]:
    rng, times = Random(1), []
    for _ in range(min(_ASKED, people)):
        worker = rng.randint(1, people)
        began = time.perf_counter()
        look(tx, rules, known, worker, _NOW)
        times.append(time.perf_counter() - began)
    return times


def _filled(database: Database, people: int) -> Known:
    """So many people with full histories."""
    project = fill(database, 100)
    habits = Habits()
    for answer in range(200):
        habits.answered(Made(answer * 5_000, 4_000, 1, hour=9))
    kept = habits.pack()
    for some in chunks(range(1, people + 1), 5_000):
        database.run(partial(_insert, some, project, kept)).result()
    return database.run(lambda tx: Catalog().get(tx, project)).result()


def _insert(some: Sequence[int], project: int, kept: bytes, tx: Tx) -> None:
    here = [{"project": project, "person": person} for person in some]
    tx.many(_PERSON, [{"person": person, "key": str(person)} for person in some])
    tx.many(_ENROLMENT, [{**one, "gold": _GOOD, "agreed": _GOOD} for one in here])
    tx.many(_HABIT, [{**one, "kept": kept} for one in here])
