"""Settled tasks that are in doubt today: what the admin is told, and weighing them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from db.queries import quality, work
from db.session import Database, Tx, chunks
from tasks.consensus import settle
from tasks.projects.catalog import Catalog, Known, progress

MOST = 1_000
"""So many are kept, those that are most in doubt."""
_AT_ONCE, _NAMED = 50, 5


@dataclass(frozen=True, slots=True)
class Doubts:
    """What the last batch pass found that a person should look at."""

    settled: int = 0
    """Settled tasks that are not sure any more."""
    known: Sequence[str] = ()
    """Rows of the first gold tasks whose known answer nearly everybody contradicts."""
    known_count: int = 0
    people: int = 0
    """Workers whose answers look as if they told nothing."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What became of tasks that were weighed again."""

    tasks: int = 0
    asked: int = 0
    """Open again: one more answer is asked for."""
    changed: int = 0
    """Settled with another label, or as disputed."""


def doubts(tx: Tx, known: Known) -> Doubts:
    """What to tell the admin of a project."""
    standing = tx.one(quality.STANDING, project=known.id)
    if standing is None:
        return Doubts()
    first = known.crowd.doubted[:_NAMED]
    rows = [row.row for task in first for row in tx.all(quality.ROW, project=known.id, task=task)]
    return Doubts(standing.corrections, rows, len(known.crowd.doubted), standing.doubted)


def corrections(tx: Tx, known: Known, most: int = MOST) -> Sequence[quality.Wrong]:
    """Settled tasks that are in doubt, with what they would be settled with today."""
    return tx.all(quality.CORRECTIONS, project=known.id, most=most)


def reopen(database: Database, catalog: Catalog, project: int, tasks: Sequence[int], now: Callable[[], int]) -> Weighed:
    """Weigh settled tasks again by all that is known today, as an admin wants: settled anew, or asked once more."""
    return _each(database, tasks, lambda task: partial(_reopen, catalog=catalog, project=project, task=task, now=now()))


def reopen_allowed(
    database: Database, catalog: Catalog, project: int, tasks: Sequence[int], now: Callable[[], int]
) -> int:
    """The same for as many as the project file allows without asking; how many."""
    most = database.run(partial(_budget, catalog=catalog, project=project)).result()
    if not most:
        return 0

    def turn(task: int) -> Callable[[Tx], Weighed]:
        return partial(_reopen, catalog=catalog, project=project, task=task, now=now(), most=most)

    return _each(database, tasks, turn).tasks


def _budget(tx: Tx, catalog: Catalog, project: int) -> int:
    return int(catalog.get(tx, project).spec.overlap.reopen * progress(tx, project).tasks)


def _each(database: Database, tasks: Sequence[int], turn: Callable[[int], Callable[[Tx], Weighed]]) -> Weighed:
    """One task a turn, some turns at once: SQLite commits them together, PostgreSQL locks nobody for long."""
    done: list[Weighed] = []
    for some in chunks(tasks, _AT_ONCE):
        futures: list[Future[Weighed]] = [database.run(turn(task)) for task in some]
        done += [future.result() for future in futures]
    return Weighed(sum(one.tasks for one in done), sum(one.asked for one in done), sum(one.changed for one in done))


def _reopen(tx: Tx, catalog: Catalog, project: int, task: int, now: int, most: int | None = None) -> Weighed:
    """One task; with ``most`` only while no more than so many were weighed again by themselves."""
    known = catalog.get(tx, project)
    row = tx.one(work.TASK_LOCKED, project=project, task=task)
    if known.state == "closed" or row is None or row.status != "agreed" or row.split == "gold":
        return Weighed()
    if most is not None and not tx.run(quality.SPEND, project=project, most=most):
        return Weighed()
    if tx.run(quality.FORGET_CORRECTION, project=project, task=task):
        tx.run(quality.LESS, project=project)
    change = settle.again(tx, known, task, row, now)
    settle.tally(tx, project, change)
    after = tx.one(work.TASK, project=project, task=task)
    opened = after is not None and after.status == "open"
    changed = after is not None and not opened and (after.status, after.label) != (row.status, row.label)
    return Weighed(1, int(opened), int(changed))
