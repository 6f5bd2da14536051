"""Writes what a batch pass has found, in short turns: everybody's record, the crowd's model, tasks that change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from db.queries import quality, weighing, work
from db.queries.quality import Enrolled
from db.session import Database, Tx, chunks
from tasks.consensus import corrections, credit, settle
from tasks.consensus.census import Census, cell, options_of, take_census
from tasks.consensus.reestimate import Findings, reestimate
from tasks.kept import pack
from tasks.projects.catalog import Catalog, Known, progress
from tasks.quality import model
from tasks.quality.model import Record, grain
from tasks.words import Text

_WORKERS_AT_ONCE, _TASKS_AT_ONCE, _PAIRS_AT_ONCE = 200, 50, 1_000
_FEWEST_NEW, _MOST_NEW, _NEW_SHARE = 20, 2_000, 0.02
"""A pass is due after this part of the answers it knew, but not before so many and at the latest after so many."""
_LONGEST_PASS_MS = 1_800_000
"""After so long a pass counts as broken off, and another may begin."""


@dataclass(frozen=True, slots=True)
class Revised:
    """What a pass did: answers it learned from, open tasks that it settled, settled ones that it weighed again."""

    answers: int = 0
    settled: int = 0
    reopened: int = 0


def revise(database: Database, catalog: Catalog, project: int, now: Callable[[], int]) -> Revised:
    """One batch pass over a project, if it is due and no other process is at it. Raises UnwieldyError.

    A pass that is broken off has done no harm: what it wrote is right by itself, and the next one is due at once.
    """
    claimed = database.run(partial(_claim, catalog=catalog, project=project, now=now())).result()
    if claimed is None:
        return Revised()
    known, answers = claimed
    try:
        with database.reading() as reader:
            census = take_census(reader, known)
        done = _passed(database, catalog, known, census, now) if census else Revised()
    finally:
        database.run(partial(_let_go, project=project)).result()
    database.run(lambda tx: tx.run(quality.FINISH, project=project, answers=answers)).result()
    return done


def _claim(tx: Tx, catalog: Catalog, project: int, now: int) -> tuple[Known, int] | None:
    """The project and how many answers it has, if enough is new and nobody else is at it."""
    known = catalog.get(tx, project)
    answers = progress(tx, project).answers
    if known.state == "closed" or not options_of(known):
        return None
    tx.run(quality.BEGIN, project=project)
    standing = tx.one(quality.STANDING, project=project)
    before = standing.answers if standing else 0
    if answers - before < max(_FEWEST_NEW, min(_MOST_NEW, int(_NEW_SHARE * before))):
        return None
    if not tx.run(quality.CLAIM, project=project, now=now, until=now + _LONGEST_PASS_MS):
        return None
    return known, answers


def _let_go(tx: Tx, project: int) -> None:
    tx.run(quality.RELEASE, project=project)


def _passed(database: Database, catalog: Catalog, known: Known, census: Census, now: Callable[[], int]) -> Revised:
    until_sure = not known.spec.overlap.fixed
    found = reestimate(census, known.crowd, until_sure=until_sure)
    for some in chunks(_people(census, found), _WORKERS_AT_ONCE):
        database.run(partial(_judge, known=known, people=some)).result()
    _write_alike(database, known, census, found)
    database.run(partial(_corrections, known=known, census=census, found=found, now=now())).result()
    database.run(lambda tx: tx.run(quality.LEARN, project=known.id, model=found.model.to_json())).result()
    settled = _settle_open(database, catalog, known, census, now) if until_sure else 0
    again = [int(census.tasks.ids[one.task]) for one in found.corrections[: corrections.MOST]]
    reopened = corrections.reopen_allowed(database, catalog, known.id, again, now)
    return Revised(len(census.crowd), settled, reopened)


# --------------------------------------------------------------------------- what was found

_Person = tuple[Enrolled, Record, float, Sequence[Text]]


def _people(census: Census, found: Findings) -> Iterator[_Person]:
    for n, worker in enumerate(census.workers):
        yield worker, found.records[n], found.doubts[n], found.reasons[n]


def _judge(tx: Tx, known: Known, people: Sequence[_Person]) -> None:
    """New records, and on top of them what was credited since the census."""
    rows = []
    for then, record, doubt, why in people:
        held = tx.one(weighing.RECORD, project=known.id, worker=then.worker)
        if held is None:
            continue
        was = credit.record(then.seen, then.correct, then.confusion)
        after = _plus(record, was, credit.record(held.seen, held.correct, held.confusion))
        rows.append(
            {
                "project": known.id,
                "worker": then.worker,
                "seen": after.seen,
                "correct": after.correct,
                "confusion": model.pack(after.confusion),
                "doubt": doubt,
                "doubts": json.dumps([pack(text) for text in why], ensure_ascii=False) if why else None,
            }
        )
    tx.many(quality.JUDGE, rows)


def _plus(record: Record, then: Record, now: Record) -> Record:
    """``record`` with what came between ``then`` and ``now``."""
    size = max(len(record.confusion), len(then.confusion), len(now.confusion))
    columns = [one.confusion or (0.0,) * size for one in (record, then, now)]
    seen = max(0.0, grain(record.seen + now.seen - then.seen))
    return Record(
        seen,
        min(seen, max(0.0, grain(record.correct + now.correct - then.correct))),
        tuple(max(0.0, grain(new + after - before)) for new, before, after in zip(*columns, strict=True)),
    )


def _write_alike(database: Database, known: Known, census: Census, found: Findings) -> None:
    database.run(lambda tx: tx.run(quality.FORGET_ALIKE, project=known.id)).result()
    for some in chunks(found.alike, _PAIRS_AT_ONCE):
        rows: list[dict[str, object]] = []
        for pair in some:
            one, other = sorted((census.workers[pair.worker].worker, census.workers[pair.other].worker))
            row = {"project": known.id, "worker": one, "other": other, "strength": pair.strength}
            rows.append({**row, **pair.seen._asdict()})
        database.run(partial(_find_alike, rows=rows)).result()


def _find_alike(tx: Tx, rows: Sequence[dict[str, object]]) -> None:
    tx.many(quality.FIND_ALIKE, rows)


def _corrections(tx: Tx, known: Known, census: Census, found: Findings, now: int) -> None:
    tx.run(quality.FORGET_CORRECTIONS, project=known.id)
    tx.many(
        quality.CORRECT,
        [
            {
                "project": known.id,
                "task": int(census.tasks.ids[one.task]),
                "label": cell(census.options[one.label]),
                "confidence": one.confidence,
                "now": now,
            }
            for one in found.corrections[: corrections.MOST]
        ],
    )
    doubted = sum(1 for why in found.reasons if why)
    tx.run(quality.FOUND, project=known.id, corrections=len(found.corrections), doubted=doubted)


# --------------------------------------------------------------------------- tasks that change


def _settle_open(database: Database, catalog: Catalog, known: Known, census: Census, now: Callable[[], int]) -> int:
    """Look again at open tasks that nobody is working on: those that are sure by now are settled; how many.

    One task a turn, some turns at once: SQLite commits them together, PostgreSQL locks nobody for long.
    """
    tasks = census.tasks
    waiting = tasks.ids[tasks.open & (tasks.answers >= known.spec.overlap.min)]
    settled = 0
    for some in chunks(np.asarray(waiting).tolist(), _TASKS_AT_ONCE):
        turns = [
            database.run(partial(_rethink, catalog=catalog, project=known.id, task=task, now=now())) for task in some
        ]
        settled += sum(turn.result() for turn in turns)
    return settled


def _rethink(tx: Tx, catalog: Catalog, project: int, task: int, now: int) -> int:
    known = catalog.get(tx, project)
    row = tx.one(work.TASK_LOCKED, project=project, task=task)
    if known.state == "closed" or row is None or row.status != "open" or row.slots != row.wanted - row.answers:
        return 0
    change = settle.rethink(tx, known, task, row, now)
    settle.tally(tx, project, change)
    return change.agreed
