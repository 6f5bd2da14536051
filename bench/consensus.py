"""What consensus costs of an answer on SQLite: to weigh and decide, and where that settles the task, to credit.

The reference is the least that could stand in its place: one UPDATE of the task's row.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.house import database_in, percentile
from db.queries.work import TaskRow
from db.session import Tx
from db.statement import change
from db.tables import Answer, Assignment, Enrolment, Person, Project, Tally, Task
from tasks.consensus import settle
from tasks.projects.catalog import Catalog, Known
from tasks.projects.spec import Spec
from tasks.quality.model import pack

COLUMNS = ("labels", "answers of the task", "median ms", "of one UPDATE")
_SHAPES = ((2, 3), (5, 5), (12, 5), (12, 10))
_TOUCH = change("UPDATE task SET answers = :answers, confidence = 0.5 WHERE project_id = :project AND id = :task")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """Two rows for each number of labels and of answers: the task stays open, the task is settled."""
    tasks = 20 if short else 400
    for labels, answers in _SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            database = database_in(Path(folder))
            number = database.run(lambda tx, k=labels, n=answers: _fill(tx, k, n, 2 * tasks)).result()  # type: ignore[misc]
            known = database.run(lambda tx, number=number: Catalog().get(tx, number)).result()  # type: ignore[misc]
            bare = database.run(lambda tx, known=known: _times(tx, known, range(1, tasks + 1), _update)).result()  # type: ignore[misc]
            for what, first, wanted in (("stays open", 1, answers + 1), ("is settled", tasks + 1, answers)):
                ids = range(first, first + tasks)
                times = database.run(
                    lambda tx, known=known, ids=ids, wanted=wanted: _times(tx, known, ids, _weigh(wanted))  # type: ignore[misc]
                ).result()
                median = percentile(times, 0.5)
                yield (what, str(labels), str(answers), f"{median * 1000:.3f}", f"{median / percentile(bare, 0.5):.1f}")
            database.close()


def _times(tx: Tx, known: Known, tasks: range, does: Callable[[Tx, Known, int], object]) -> list[float]:
    times = []
    for task in tasks:
        began = time.perf_counter()
        does(tx, known, task)
        times.append(time.perf_counter() - began)
    return times


def _update(tx: Tx, known: Known, task: int) -> object:
    return tx.run(_TOUCH, project=known.id, task=task, answers=1)


def _weigh(wanted: int) -> Callable[[Tx, Known, int], object]:
    row = TaskRow("", "", "work", None, "open", wanted, 0, 0, 0, "", None, None, None)
    return lambda tx, known, task: settle.weigh(tx, known, task, row, 0)


def _fill(tx: Tx, labels: int, answers: int, tasks: int) -> int:
    """A project whose tasks all have that many answers, by people with a history."""
    keys = [f"l{n}" for n in range(labels)]
    spec = Spec.model_validate(
        {
            "id": "bench",
            "title": "Bench",
            "kind": "choice",
            "labels": [{"key": key, "text": key} for key in keys],
            "overlap": {"min": 2, "max": answers},
        }
    )
    project = Project(key=spec.id, state="live", spec=spec.model_dump_json(), created_at=0, launched_at=0)
    tx.orm.add(project)
    people = [Person(channel="bench", external_id=str(n), joined_at=0) for n in range(answers)]
    tx.orm.add_all(people)
    tx.orm.flush()
    assert project.id is not None  # noqa: S101 - flushed
    counts = pack(tuple(20.0 if i == j else 1.5 for i in range(labels) for j in range(labels)))
    known: dict[str, Any] = {"seen": 20.0 * labels, "correct": 17.0 * labels, "confusion": counts}
    tx.orm.add(Tally(project_id=project.id, shard=0, tasks=tasks))
    tx.orm.add_all(Enrolment(project_id=project.id, worker_id=one.id or 0, joined_at=0, **known) for one in people)
    tx.orm.add_all(
        Task(project_id=project.id, id=n, row=str(n), digest="", item="{}", place=n) for n in range(1, tasks + 1)
    )
    tx.orm.flush()
    for one in people:
        keyed: list[dict[str, Any]] = [
            {"project_id": project.id, "task_id": n, "worker_id": one.id} for n in range(1, tasks + 1)
        ]
        tx.orm.add_all(Assignment(**key, state="answered", offered_at=0, lease_ends=0) for key in keyed)
        tx.orm.flush()
        tx.orm.add_all(Answer(**key, value=json.dumps(keys[0]), submitted_at=0, work_ms=1) for key in keyed)
    return project.id
