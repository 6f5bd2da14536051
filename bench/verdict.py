"""A verdict on SQLite: the vote that decides a dispute of 7 answers, with pay, credits, notices and record.

The reference is an ordinary answer in the same run, paid from the same budget; each is a turn of its own, with its
commit. Processor time is that of the turn, without the commit.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from bench.house import SPEC, database_in, fill, percentile
from db.session import Database, Tx
from db.statement import change
from db.tables import Person
from tasks.assignment import answering
from tasks.assignment.deal import Offer, offer
from tasks.people import Who
from tasks.projects.catalog import Catalog
from tasks.projects.spec import Spec
from tasks.review import seats, voting

COLUMNS = ("turns", "processor p50 ms", "p99 ms", "with commit p50 ms", "of an answer")
T = TypeVar("T")
_NOW = 1_790_000_000_000
_MINUTE = 60_000
_LABELS = ("cat", "cat", "cat", "dog", "dog", "dog", "bird")
_VOTES = ("cat", "cat", "dog")

_SPEC = change("UPDATE project SET spec = :spec, revision = 2 WHERE id = :project")
_WIDER = change("UPDATE task SET wanted = :n, slots = :n WHERE project_id = :project")


class _Never(Random):
    """Chance that plants no decided case."""

    def random(self) -> float:
        return 1.0


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for the answer and for the verdict."""
    with tempfile.TemporaryDirectory() as folder:
        database = database_in(Path(folder))
        try:
            answers, verdicts = _Run(database, 20 if short else 300).times()
        finally:
            database.close()
    ordinary = percentile([inside for inside, _all in answers], 0.5)
    for name, times in (("answer", answers), ("deciding vote", verdicts)):
        inside = [one for one, _all in times]
        yield (
            name,
            str(len(times)),
            f"{percentile(inside, 0.5) * 1000:.2f}",
            f"{percentile(inside, 0.99) * 1000:.2f}",
            f"{percentile([all_of_it for _inside, all_of_it in times], 0.5) * 1000:.2f}",
            f"{percentile(inside, 0.5) / ordinary:.1f}",
        )


class _Run:
    """A project whose tasks are all disputed, and decided one after the other."""

    def __init__(self, database: Database, tasks: int) -> None:
        self._database, self._catalog, self._tasks, self._rng = database, Catalog(), tasks, _Never(1)
        self._project = fill(database, tasks)
        file = SPEC.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        reward = {"answer": "20", "vote": "10", "currency": "KRW"}
        spec = Spec.model_validate({**file, "overlap": len(_LABELS), "reward": reward})
        database.run(partial(self._wider, spec)).result()
        self._people = database.run(self._join).result()

    def times(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """Of each answer, and of each vote that decides: processor seconds of the turn, and seconds with its commit."""
        answers = [self._timed(partial(self._answer, worker, label)) for worker, label in self._each()]
        verdicts = []
        for _task in range(self._tasks):
            *others, last = zip(self._people[len(_LABELS) :], _VOTES, strict=True)
            for who, label in others:
                self._timed(partial(self._vote, who, label))
            who, label = last
            self._database.run(partial(self._sit, who)).result()
            verdicts.append(self._timed(partial(self._vote, who, label)))
        return answers, verdicts

    def _each(self) -> Iterator[tuple[Who, str]]:
        for _task in range(self._tasks):
            yield from zip(self._people, _LABELS, strict=False)

    def _timed(self, work: Callable[[Tx], T]) -> tuple[float, float]:
        inside = 0.0

        def turn(tx: Tx) -> T:
            nonlocal inside
            began = time.thread_time()
            done = work(tx)
            inside = time.thread_time() - began
            return done

        began = time.perf_counter()
        self._database.run(turn).result()
        return inside, time.perf_counter() - began

    def _wider(self, spec: Spec, tx: Tx) -> None:
        tx.run(_SPEC, project=self._project, spec=spec.model_dump_json(by_alias=True))
        tx.run(_WIDER, project=self._project, n=len(_LABELS))

    def _join(self, tx: Tx) -> list[Who]:
        people = [
            Person(
                channel="bench", external_id=str(n), joined_at=_NOW, role="reviewer" if n >= len(_LABELS) else "worker"
            )
            for n in range(len(_LABELS) + len(_VOTES))
        ]
        tx.orm.add_all(people)
        tx.orm.flush()
        return [Who(one.id or 0, "en", "", one.role, "", "bench") for one in people]

    def _answer(self, who: Who, label: str, tx: Tx) -> None:
        known = self._catalog.get(tx, self._project)
        found = offer(tx, known, who.id, _NOW, self._rng)
        if isinstance(found, Offer):
            answering.submit(tx, known, who.id, found.task, label, _NOW)

    def _sit(self, who: Who, tx: Tx) -> int:
        seated = seats.take(tx, self._catalog.get(tx, self._project), who, "dispute", _NOW, self._rng)
        return seated.case.id if seated else 0

    def _vote(self, who: Who, label: str, tx: Tx) -> None:
        case = self._sit(who, tx)
        known = self._catalog.get(tx, self._project)
        voting.vote(tx, known, who.id, case, {"answer": label}, "as I see it", _NOW + _MINUTE)
