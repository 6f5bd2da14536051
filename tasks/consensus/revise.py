"""Writes what a batch pass has found, in bounded turns: everybody's record, the crowd's model, tasks that change."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from db.queries import quality, weighing, work
from db.queries.quality import Enrolled
from db.session import Database, Tx, chunks
from tasks.consensus import corrections, credit, settle
from tasks.consensus.census import Census, cell, take_census
from tasks.consensus.reestimate import Findings, reestimate
from tasks.kept import pack
from tasks.projects.catalog import Catalog, Known, progress
from tasks.quality import model
from tasks.quality.model import Record, grain
from tasks.words import Text

_WORKERS_AT_ONCE, _TASKS_AT_ONCE = 200, 50
_MOST_CORRECTIONS = 1_000
_FEWEST_NEW = 20
_NEW_SHARE = 0.02
"""A pass is due after so many answers, and this part of those it knew."""


@dataclass(frozen=True, slots=True)
class Revised:
    """What a pass did: answers it learned from, open tasks that it settled, tasks it opened again."""

    answers: int = 0
    settled: int = 0
    reopened: int = 0


def revise(database: Database, catalog: Catalog, project: int, now: Callable[[], int]) -> Revised:
    """One batch pass over a project, if it is due and no other process is at it."""
    begun = now()
    known = database.run(lambda tx: _claimed(tx, catalog, project, begun)).result()
    if known is None:
        return Revised()
    with database.reading() as reader:
        census = take_census(reader, known)
    if census is None:
        return Revised()
    found = reestimate(census, known.crowd, until_sure=not known.spec.overlap.fixed)
    _write(database, known, census, found, now)
    current = database.run(lambda tx: catalog.get(tx, project)).result()
    settled = _settle_open(database, current, now)
    again = _allowed(current, found, database)
    reopened = corrections.reopen(database, current, again, now) if again else 0
    if reopened:
        learned = replace(found.model, reopened=found.model.reopened + reopened)
        database.run(lambda tx: tx.run(quality.LEARN, project=project, model=learned.to_json())).result()
    return Revised(found.model.answers, settled, reopened)


def _claimed(tx: Tx, catalog: Catalog, project: int, now: int) -> Known | None:
    """The project, if enough is new and this process is the first to begin."""
    known = catalog.get(tx, project)
    answers = progress(tx, project).answers
    if answers - known.crowd.answers < max(_FEWEST_NEW, _NEW_SHARE * known.crowd.answers):
        return None
    tx.run(quality.BEGIN, project=project, now=0)
    made = tx.one(quality.MADE, project=project)
    if made is None or not tx.run(quality.CLAIM, project=project, now=now, then=made.made_at):
        return None
    return known


# --------------------------------------------------------------------------- what was found


def _write(database: Database, known: Known, census: Census, found: Findings, now: Callable[[], int]) -> None:
    people = list(zip(census.workers, found.records, found.doubts, found.reasons, strict=True))
    for some in chunks(people, _WORKERS_AT_ONCE):
        database.run(partial(_judge, known=known, people=some)).result()
    database.run(lambda tx: _alike(tx, known, census, found)).result()
    database.run(lambda tx: _corrections(tx, known, census, found, now())).result()
    database.run(lambda tx: tx.run(quality.LEARN, project=known.id, model=found.model.to_json())).result()


def _judge(tx: Tx, known: Known, people: Sequence[tuple[Enrolled, Record, float, Sequence[Text]]]) -> None:
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
    return Record(
        max(0.0, grain(record.seen + now.seen - then.seen)),
        max(0.0, grain(record.correct + now.correct - then.correct)),
        tuple(max(0.0, grain(new + after - before)) for new, before, after in zip(*columns, strict=True)),
    )


def _alike(tx: Tx, known: Known, census: Census, found: Findings) -> None:
    tx.run(quality.FORGET_ALIKE, project=known.id)
    pairs = [
        (*sorted((census.workers[pair.worker].worker, census.workers[pair.other].worker)), pair.strength)
        for pair in found.alike
    ]
    tx.many(
        quality.FIND_ALIKE,
        [{"project": known.id, "worker": one, "other": other, "strength": s} for one, other, s in pairs],
    )


def _corrections(tx: Tx, known: Known, census: Census, found: Findings, now: int) -> None:
    tx.run(quality.FORGET_CORRECTIONS, project=known.id)
    tx.many(
        quality.CORRECT,
        [
            {
                "project": known.id,
                "task": census.tasks[one.task].id,
                "label": cell(census.options[one.label]),
                "confidence": one.confidence,
                "now": now,
            }
            for one in found.corrections[:_MOST_CORRECTIONS]
        ],
    )


# --------------------------------------------------------------------------- tasks that change


def _settle_open(database: Database, known: Known, now: Callable[[], int]) -> int:
    """Look again at open tasks that nobody is working on: those that are sure by now are settled; how many."""
    after, settled = 0, 0
    if known.spec.overlap.fixed:
        return 0
    while True:
        waiting = database.run(partial(_waiting, known=known, after=after)).result()
        if not waiting:
            return settled
        tasks = [one.id for one in waiting]
        settled += database.run(partial(_rethought, known=known, tasks=tasks, now=now())).result()
        after = tasks[-1]


def _waiting(tx: Tx, known: Known, after: int) -> Sequence[quality.Waiting]:
    least = known.spec.overlap.min
    return tx.all(quality.WAITING, project=known.id, least=least, after=after, most=_TASKS_AT_ONCE)


def _rethought(tx: Tx, known: Known, tasks: Sequence[int], now: int) -> int:
    done = 0
    for task in tasks:
        row = tx.one(work.TASK_LOCKED, project=known.id, task=task)
        if row is not None and row.status == "open" and row.slots == row.wanted - row.answers:
            change = settle.rethink(tx, known, task, row, now)
            settle.tally(tx, known.id, change)
            done += change.agreed
    return done


def _allowed(known: Known, found: Findings, database: Database) -> list[int]:
    """The tasks that may be asked again without asking the admin: a part of the project's, the strongest first."""
    tasks = database.run(lambda tx: progress(tx, known.id).tasks).result()
    left = int(known.spec.overlap.reopen * tasks) - found.model.reopened
    if left <= 0:
        return []
    wrong = database.run(lambda tx: tx.all(quality.CORRECTIONS, project=known.id, most=left)).result()
    return [one.task for one in wrong]
