"""Settled tasks that would be answered otherwise today: what the admin is told, and asking them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from db.queries import quality, work
from db.session import Database, Tx, chunks
from tasks.consensus import settle
from tasks.projects.catalog import Known

AT_ONCE = 50
"""Tasks in one turn."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Doubts:
    """What the last batch pass found that a person should look at."""

    settled: int
    """Settled tasks that would be answered otherwise today."""
    known: Sequence[str]
    """Rows of gold tasks whose known answer nearly everybody contradicts, the first of them; and how many there are."""
    known_count: int
    people: int
    """Workers whose answers look as if they told nothing."""


def doubts(tx: Tx, known: Known) -> Doubts:
    """What to tell the admin of a project."""
    settled, people = (tx.one(count, project=known.id) for count in (quality.COUNT_CORRECTIONS, quality.COUNT_DOUBTED))
    first = known.crowd.doubted[:_NAMED]
    rows = [row for task in first for row in tx.all(quality.ROW, project=known.id, task=task)]
    return Doubts(
        settled.n if settled else 0, [one.row for one in rows], len(known.crowd.doubted), people.n if people else 0
    )


def corrections(tx: Tx, known: Known, most: int) -> Sequence[quality.Wrong]:
    """Settled tasks that would be answered otherwise today, the surest first."""
    return tx.all(quality.CORRECTIONS, project=known.id, most=most)


def reopen(database: Database, known: Known, tasks: Sequence[int], now: Callable[[], int]) -> int:
    """Weigh settled tasks again by all that is known today: settled otherwise, or asked once more; how many."""
    return sum(
        database.run(partial(reopen_some, known=known, tasks=some, now=now())).result()
        for some in chunks(tasks, AT_ONCE)
    )


def reopen_some(tx: Tx, known: Known, tasks: Sequence[int], now: int) -> int:
    """The same in one turn: for few tasks."""
    done = 0
    for task in tasks:
        tx.run(quality.FORGET_CORRECTION, project=known.id, task=task)
        row = tx.one(work.TASK_LOCKED, project=known.id, task=task)
        if row is not None and row.status == "agreed" and row.split != "gold":
            settle.tally(tx, known.id, settle.again(tx, known, task, row, now))
            done += 1
    return done
