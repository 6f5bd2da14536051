"""A project with people, worked on through the services; and everything that must hold in its rows."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from db.session import Database, Tx
from db.statement import Statement
from db.tables import Person
from tasks.projects.catalog import Catalog, Known
from tasks.quality.model import unpack
from tests.property.recount import Raw, misremembered
from tests.support.bots import ANIMALS, add_project

T = TypeVar("T")
LABELS = ("cat", "dog")


class Broken(NamedTuple):
    """A row of which something does not hold, in words."""

    what: str


_LIVE = """(SELECT COUNT(*) FROM assignment a WHERE a.project_id = t.project_id AND a.task_id = t.id
            AND a.state = 'offered' AND NOT a.gold)"""
_ANSWERS = """(SELECT COUNT(*) FROM answer a WHERE a.project_id = t.project_id AND a.task_id = t.id
            AND NOT a.rejected)"""
_RESTORED = """(SELECT COUNT(*) FROM review_case c JOIN assignment n
            ON n.project_id = c.project_id AND n.task_id = c.task_id AND n.worker_id = c.worker_id
            WHERE c.project_id = t.project_id AND c.task_id = t.id AND c.what = 'answer'
            AND substr(c.verdict, 1, 9) = '{"reject"' AND n.state <> 'rejected')"""
_TASK = f"""'task ' || t.id || ' ' || t.status || ': wanted ' || t.wanted || ', slots ' || t.slots || ', live '
            || {_LIVE} || ', answers ' || {_ANSWERS} || ', counted ' || t.answers"""
_WORK = f"t.project_id = :project AND t.split = 'work' AND {_LIVE} >= 0"

SLOTS = Statement(
    f"SELECT {_TASK} FROM task t WHERE {_WORK} AND t.status = 'open' AND t.slots + {_LIVE} + {_ANSWERS} <> t.wanted",  # noqa: S608 - put together from constants
    Broken,
)
"""While a task is open, slots + live assignments + answers = wanted."""
OVERLAP = Statement(
    f"SELECT {_TASK} FROM task t WHERE {_WORK} AND ({_LIVE} + {_ANSWERS} > t.wanted OR t.wanted > :most + {_RESTORED})",  # noqa: S608 - put together from constants
    Broken,
)
"""Promise 2: never more live assignments and answers than are wanted, never more wanted than the overlap, but for
answers that came back by an appeal after their place had been given to another."""
SETTLED = Statement(f"SELECT {_TASK} FROM task t WHERE {_WORK} AND t.status <> 'open' AND t.slots <> 0", Broken)  # noqa: S608 - constants
"""Nobody is given a task that is settled."""
COUNTED = Statement(f"SELECT {_TASK} FROM task t WHERE t.project_id = :project AND t.answers <> {_ANSWERS}", Broken)  # noqa: S608 - constants
"""A task knows how many answers it has."""
STATES = Statement(
    """
    SELECT 'assignment ' || a.task_id || ' of ' || a.worker_id || ' is ' || a.state
    FROM assignment a LEFT JOIN answer n
      ON n.project_id = a.project_id AND n.task_id = a.task_id AND n.worker_id = a.worker_id
    WHERE a.project_id = :project AND ((a.state IN ('answered', 'rejected')) <> (n.worker_id IS NOT NULL)
        OR (a.state = 'rejected') <> COALESCE(n.rejected, FALSE))
    """,
    Broken,
)
"""What is answered has an answer, what is rejected a rejected one, and nothing else has any."""
ENROLMENTS = Statement(
    """
    SELECT 'enrolment of ' || e.worker_id || ': answered ' || e.answered || ' skipped ' || e.skipped || ' seen '
           || e.seen || ' correct ' || e.correct || ' gold ' || e.gold_seen || ' right ' || e.gold_correct
    FROM enrolment e
    LEFT JOIN (SELECT worker_id, SUM(CASE WHEN state IN ('answered', 'rejected') THEN 1 ELSE 0 END) AS answered,
                      SUM(CASE WHEN state = 'skipped' THEN 1 ELSE 0 END) AS skipped
               FROM assignment WHERE project_id = :project GROUP BY worker_id) a ON a.worker_id = e.worker_id
    LEFT JOIN (SELECT n.worker_id,
                      SUM(CASE WHEN s.gold OR n.agreed IS NOT NULL THEN 1 ELSE 0 END) AS seen,
                      SUM(CASE WHEN s.gold AND n.gold_correct THEN 1 ELSE COALESCE(n.agreed, 0) END) AS correct,
                      SUM(CASE WHEN s.gold THEN 1 ELSE 0 END) AS gold_seen,
                      SUM(CASE WHEN s.gold AND n.gold_correct THEN 1 ELSE 0 END) AS gold_correct
               FROM answer n JOIN assignment s ON s.project_id = n.project_id AND s.task_id = n.task_id
                    AND s.worker_id = n.worker_id
               WHERE n.project_id = :project AND NOT n.rejected GROUP BY n.worker_id) n ON n.worker_id = e.worker_id
    WHERE e.project_id = :project AND (
        e.answered <> COALESCE(a.answered, 0) OR e.skipped <> COALESCE(a.skipped, 0)
        OR ABS(e.seen - COALESCE(n.seen, 0)) > 0.000001 OR ABS(e.correct - COALESCE(n.correct, 0)) > 0.000001
        OR e.gold_seen <> COALESCE(n.gold_seen, 0) OR e.gold_correct <> COALESCE(n.gold_correct, 0))
    """,
    Broken,
)
"""The counts of each worker are those of their rows; what was rejected is work done, and in nobody's record."""
TALLY = Statement(
    """
    SELECT 'tally: answers ' || y.answers || ' agreed ' || y.agreed || ' disputed ' || y.disputed
           || ' work ' || y.work_ms || ' gold ' || y.gold_seen || ' right ' || y.gold_correct
    FROM (SELECT SUM(answers) AS answers, SUM(agreed) AS agreed, SUM(disputed) AS disputed, SUM(work_ms) AS work_ms,
                 SUM(gold_seen) AS gold_seen, SUM(gold_correct) AS gold_correct
          FROM tally WHERE project_id = :project) y
    CROSS JOIN (SELECT COUNT(*) AS answers, COALESCE(SUM(n.work_ms), 0) AS work_ms,
                       COALESCE(SUM(CASE WHEN s.gold AND NOT n.rejected THEN 1 ELSE 0 END), 0) AS gold_seen,
                       COALESCE(SUM(CASE WHEN s.gold AND NOT n.rejected AND n.gold_correct THEN 1 ELSE 0 END), 0)
                           AS gold_correct
                FROM answer n JOIN assignment s ON s.project_id = n.project_id AND s.task_id = n.task_id
                     AND s.worker_id = n.worker_id WHERE n.project_id = :project) n
    CROSS JOIN (SELECT COALESCE(SUM(CASE WHEN status = 'agreed' THEN 1 ELSE 0 END), 0) AS agreed,
                       COALESCE(SUM(CASE WHEN status = 'disputed' THEN 1 ELSE 0 END), 0) AS disputed
                FROM task WHERE project_id = :project AND split = 'work') t
    WHERE y.answers <> n.answers OR y.work_ms <> n.work_ms OR y.gold_seen <> n.gold_seen
       OR y.gold_correct <> n.gold_correct OR y.agreed <> t.agreed OR y.disputed <> t.disputed
    """,
    Broken,
)
"""The running counts of the project are those of its rows."""
PENDING = Statement(
    """
    SELECT 'pending of ' || c.person_id || ': ' || c.balance || ' instead of ' || COALESCE(n.held, 0)
    FROM account c LEFT JOIN (
        SELECT a.worker_id, SUM(a.pay) AS held FROM answer n JOIN assignment a ON a.project_id = n.project_id
            AND a.task_id = n.task_id AND a.worker_id = n.worker_id
        WHERE n.due_at IS NOT NULL GROUP BY a.worker_id) n ON n.worker_id = c.person_id
    WHERE c.kind = 'pending' AND c.balance <> COALESCE(n.held, 0)
        AND c.person_id IN (SELECT worker_id FROM assignment WHERE project_id = :project)
    """,
    Broken,
)
"""What is pending is the pay of the answers that are on hold, also of rejected ones until that is final."""
PROMISED = Statement(
    """
    SELECT 'promised: ' || c.reserved || ' instead of ' || COALESCE(a.pay, 0)
    FROM account c LEFT JOIN (
        SELECT budget_id, SUM(pay) AS pay FROM (
            SELECT budget_id, pay FROM assignment WHERE project_id = :project AND state = 'offered'
            UNION ALL SELECT budget_id, pay FROM vote WHERE state = 'offered') under_way
        GROUP BY budget_id) a ON a.budget_id = c.id
    WHERE c.project_id = :project AND c.kind = 'budget' AND c.reserved <> COALESCE(a.pay, 0)
    """,
    Broken,
)
"""What is promised is the pay of the leases and of the votes that are under way."""
INVARIANTS = (SLOTS, OVERLAP, SETTLED, COUNTED, STATES, ENROLMENTS, TALLY, PENDING, PROMISED)


class Credit(NamedTuple):
    """An answer that was credited, and what it was held against."""

    worker: int
    value: str
    gold: str | None
    posterior: str | None


class Counted(NamedTuple):
    """A worker's counts."""

    worker: int
    seen: float
    correct: float
    confusion: bytes | None


CREDITS = Statement(
    """
    SELECT n.worker_id, n.value, CASE WHEN s.gold THEN t.gold END, t.posterior
    FROM answer n JOIN task t ON t.project_id = n.project_id AND t.id = n.task_id
    JOIN assignment s ON s.project_id = n.project_id AND s.task_id = n.task_id AND s.worker_id = n.worker_id
    WHERE n.project_id = :project AND NOT n.rejected AND (s.gold OR n.agreed IS NOT NULL)
    """,
    Credit,
)
COUNTS = Statement("SELECT worker_id, seen, correct, confusion FROM enrolment WHERE project_id = :project", Counted)


def miscounted(tx: Tx, project: int) -> list[str]:
    """Workers whose confusion is not the sum over gold and settled tasks of truth × given label, or is negative."""
    sums: dict[int, dict[tuple[str, str], float]] = {}
    for credit in tx.all(CREDITS, project=project):
        truth = [[json.loads(credit.gold), 1.0]] if credit.gold else json.loads(credit.posterior or "[]")
        given = json.loads(credit.value)
        for label, chance in truth:
            cell = sums.setdefault(credit.worker, {})
            cell[label, given] = cell.get((label, given), 0.0) + chance
    wrong = []
    for row in tx.all(COUNTS, project=project):
        counts = unpack(row.confusion) or (0.0,) * len(LABELS) ** 2
        expected = [sums.get(row.worker, {}).get((truth, given), 0.0) for truth in LABELS for given in LABELS]
        near = all(math.isclose(one, other, abs_tol=1e-6) for one, other in zip(counts, expected, strict=True))
        if not near or min(*counts, row.seen, row.correct) < 0:
            wrong.append(f"confusion of {row.worker}: {counts} instead of {expected}, seen {row.seen}")
    return wrong


def broken(
    tx: Tx, project: int, most: int, only: Sequence[Statement[Broken]] = INVARIANTS, gone: Sequence[Raw] = ()
) -> list[str]:
    """What does not hold of a project's rows, in words; ``most`` is its overlap, ``gone`` is what was done again."""
    found = [row.what for statement in only for row in tx.all(statement, project=project, most=most)]
    if ENROLMENTS in only:
        found += miscounted(tx, project) + misremembered(tx, project, LABELS, gone)
    return found


@dataclass(slots=True)
class Rig:
    """A project, its people, and the services on it."""

    database: Database
    known_id: int
    workers: Sequence[int]
    catalog: Catalog
    gone: list[Raw] = field(default_factory=list)
    """Answers as they were made before they were sent back to be done again."""

    def run(self, work: Callable[[Tx, Known], T]) -> T:
        """A turn on the project as it stands. Raises what the service raises."""
        return self.database.run(lambda tx: work(tx, self.catalog.get(tx, self.known_id))).result(60)

    def broken(self, only: Sequence[Statement[Broken]] = INVARIANTS) -> list[str]:
        """What does not hold."""
        return self.run(lambda tx, known: broken(tx, known.id, known.spec.overlap.max, only, self.gone))


def a_rig(
    database: Database, now: int, workers: int, tasks: int, golds: int = 0, changed: Mapping[str, Any] | None = None
) -> Rig:
    """A live project of two labels with that many people and tasks."""
    rows = [{"id": f"w{n}", "caption": str(n)} for n in range(tasks)]
    rows += [{"id": f"g{n}", "caption": str(n), "split": "gold", "gold": "cat"} for n in range(golds)]
    project = add_project(database, {**ANIMALS, **(changed or {})}, rows, now)
    key = f"w{project}"

    def join(tx: Tx) -> list[int]:
        people = [Person(channel="test", external_id=f"{key}-{n}", joined_at=now) for n in range(workers)]
        tx.orm.add_all(people)
        tx.orm.flush()
        return [person.id for person in people if person.id is not None]

    return Rig(database, project, database.run(join).result(), Catalog())


def chance(seed: int) -> random.Random:
    """Repeatable chance."""
    return random.Random(seed)  # noqa: S311 - simulated people
