"""Rejections and appeals as a state machine, on both databases: each ends in one way, and its money moves once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from db.errors import InputError
from db.queries import mass as queries
from db.session import Database, Tx
from db.statement import Statement
from tasks import cases, staff
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases
from tasks.money import holding
from tasks.money.recount import differences
from tasks.people import Who
from tasks.privacy.audit import SHELL, Actor
from tasks.privacy.erase import forget
from tasks.projects.catalog import Known
from tasks.review import appeals, mass, rejecting, returned, seats, sweep, voting
from tasks.review.mass_cost import preview
from tests.conftest import Clock
from tests.property.rig import LABELS, Broken, Rig, a_rig, chance
from tests.property.test_disputes import PAID, SEATS, join

_WORKERS, _TASKS = 3, 3
_HOUR, _DAY = 3_600_000, 86_400_000
WORKERS = st.integers(0, _WORKERS - 1)
REVIEWERS = st.integers(0, 3)
PICKS = st.integers(0, 5)


class Given(NamedTuple):
    """An answer that counts."""

    task: int
    worker: int


ANSWERED = Statement(
    "SELECT task_id, worker_id FROM assignment WHERE project_id = :project AND state = 'answered' ORDER BY 1, 2", Given
)


class Waits(NamedTuple):
    """Something that was sent back and waits for a word."""

    case: int
    worker: int


WAITING = Statement(
    """
    SELECT id, worker_id FROM review_case
    WHERE project_id = :project AND what = 'answer' AND state = 'decided' ORDER BY ends_at IS NULL, id DESC
    """,
    Waits,
)
ENDS = Statement(
    """
    SELECT 'case ' || c.id || ' is answered and still ends' FROM review_case c
    WHERE c.project_id = :project AND c.what = 'answer' AND c.answered_at IS NOT NULL AND c.ends_at IS NOT NULL
    UNION ALL
    SELECT 'appeal ' || c.id || ' ' || c.state || ' ends at ' || COALESCE(CAST(c.ends_at AS TEXT), '-')
    FROM review_case c
    WHERE c.project_id = :project AND c.what = 'appeal' AND (c.state = 'open') <> (c.ends_at IS NOT NULL)
    UNION ALL
    SELECT 'answer ' || a.task_id || ' of ' || a.worker_id || ' is rejected, and nobody is asked' FROM assignment a
    JOIN answer n ON n.project_id = a.project_id AND n.task_id = a.task_id AND n.worker_id = a.worker_id
    WHERE a.project_id = :project AND a.state = 'rejected' AND n.due_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM review_case c
        WHERE c.project_id = a.project_id AND c.task_id = a.task_id AND c.worker_id = a.worker_id
            AND c.ends_at IS NOT NULL)
    """,
    Broken,
)
"""Whatever is rejected and not paid for waits for the worker's word or for reviewers, and never for ever."""
OVER = Statement(
    """
    SELECT 'case ' || id || ' ' || what || ' ' || state || ' still ends' FROM review_case
    WHERE project_id = :project AND (ends_at IS NOT NULL OR (what = 'appeal' AND state IN ('open', 'senior')))
    UNION ALL SELECT 'answer ' || task_id || ' of ' || worker_id || ' is on hold for ever' FROM answer
    WHERE project_id = :project AND due_at IS NOT NULL
    UNION ALL SELECT 'case ' || c.id || ' was granted, and ' || a.task_id || ' of ' || a.worker_id || ' is rejected'
    FROM review_case c JOIN assignment a
        ON a.project_id = c.project_id AND a.task_id = c.task_id AND a.worker_id = c.worker_id
    WHERE c.project_id = :project AND c.what = 'appeal' AND c.verdict = '{"granted": true}' AND a.state = 'rejected'
        AND NOT EXISTS (
            SELECT 1 FROM review_case l
            WHERE l.project_id = c.project_id AND l.task_id = c.task_id AND l.worker_id = c.worker_id AND l.id > c.id)
    """,
    Broken,
)
"""When all the time there is has passed."""


ENDED = Statement(
    """
    SELECT DISTINCT CASE WHEN c.verdict = '{"granted": true}' THEN 'granted' ELSE 'dismissed' END
    FROM review_case c WHERE c.what = 'appeal' AND c.state = 'decided'
    UNION SELECT 'final' FROM review_case c JOIN assignment a
        ON a.project_id = c.project_id AND a.task_id = c.task_id AND a.worker_id = c.worker_id
    WHERE c.what = 'answer' AND c.answered_at IS NULL AND c.ends_at IS NULL AND a.state = 'rejected'
    UNION SELECT 'redone' FROM review_case c JOIN assignment a
        ON a.project_id = c.project_id AND a.task_id = c.task_id AND a.worker_id = c.worker_id
    WHERE c.what = 'answer' AND c.answered_at IS NOT NULL AND a.undone > 0
    UNION SELECT 'mass' FROM mass_rejection WHERE state = 'done' AND rejected > 0
    """,
    Broken,
)
"""What has come of rejections in all runs: each way there is."""


class Appeals(RuleBasedStateMachine):
    """Workers whose answers are rejected, reviewers who decide or do not, and the clock."""

    database: Database
    changed: Mapping[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.rig: Rig = a_rig(
            self.database, self.clock(), _WORKERS, _TASKS, changed={**self.changed, "id": self._key()}
        )
        self.rng = chance(7)
        self.reviewers: Sequence[Who] = join(self.database, self.rig.known_id, self.clock())
        self.erased: set[int] = set()

    def _key(self) -> str:
        """A name that no earlier run has taken."""
        taken = self.database.run(lambda tx: tx.connection.exec_driver_sql("SELECT COUNT(*) FROM project").scalar_one())
        return f"appeals-{taken.result()}"

    def _try(self, turn: Callable[[Tx, Known], object]) -> None:
        """A turn; a refusal is an answer too."""
        try:
            self.rig.run(turn)
        except InputError:
            return

    @rule(who=WORKERS, label=st.sampled_from(LABELS))
    def answer(self, who: int, label: str) -> None:
        """Somebody answers what comes."""
        worker = self.rig.workers[who]

        def turn(tx: Tx, known: Known) -> None:
            found = offer(tx, known, worker, self.clock(), self.rng)
            if not isinstance(found, NoWork):
                answering.submit(tx, known, worker, found.task, label, self.clock())

        if worker not in self.erased:
            self._try(turn)

    @rule(pick=PICKS, verdict=st.sampled_from(["reject", "reject", "reject", "redo"]))
    def send_back(self, pick: int, verdict: str) -> None:
        """A reviewer rejects an answer, or asks for another."""
        self.answer(pick % _WORKERS, LABELS[pick % 2])

        def turn(tx: Tx, known: Known) -> None:
            if not (there := tx.all(ANSWERED, project=known.id)):
                return
            task, worker = there[pick % len(there)]
            row = {"project": known.id, "task": task, "worker": worker, "now": self.clock(), "actor": None}
            rejecting.hold(tx, known, task, worker)
            made = tx.one(queries.REJECTED, value='"cat"', label=json.dumps({verdict: ["half"]}), why="", **row)
            assert made is not None
            deed = rejecting.reject if verdict == "reject" else rejecting.redo
            deed(tx, known, task, worker, made.n, self.clock())

        self._try(turn)

    @rule(pick=PICKS, what=st.sampled_from(["appeal", "appeal", "accept", "again"]))
    def say(self, pick: int, what: str) -> None:
        """The worker says something about what was sent back, in time or not."""

        def turn(tx: Tx, known: Known) -> None:
            there = [one for one in tx.all(WAITING, project=known.id) if one.worker not in self.erased]
            if not there:
                return
            case, worker = there[pick % len(there)]
            if what == "appeal":
                appeals.appeal(tx, known, case, worker, "Look again.", self.clock())
            elif what == "accept":
                returned.accept(tx, known, case, worker, self.clock())
            else:
                returned.again(tx, known, case, worker, self.clock())

        self._try(turn)

    @rule(who=REVIEWERS, votes=st.sampled_from(["yy", "nn", "yny", "nyn", "y", "n"]))
    def vote(self, who: int, votes: str) -> None:
        """Reviewers decide the next appeal, one after the other."""
        for n, said in enumerate(votes):
            reviewer = self.reviewers[(who + n) % len(self.reviewers)]
            self._try(partial(self._vote, reviewer=reviewer, granted=said == "y"))

    def _vote(self, tx: Tx, known: Known, reviewer: Who, *, granted: bool) -> None:
        seat = seats.take(tx, known, reviewer, "appeal", self.clock(), self.rng)
        if seat is not None:
            voting.vote(tx, known, reviewer.id, seat.case.id, {"granted": granted}, "", self.clock())

    @rule(pick=PICKS, who=REVIEWERS, votes=st.sampled_from(["yy", "nn", "nyn"]))
    def disagree(self, pick: int, who: int, votes: str) -> None:
        """An answer is rejected, its worker disagrees, and reviewers look at something at once."""
        self.send_back(pick, "reject")
        self.say(pick % 2, "appeal")
        self.vote(who, votes)

    @rule(who=REVIEWERS)
    def sit(self, who: int) -> None:
        """A reviewer looks at an appeal and leaves it at that."""
        reviewer = self.reviewers[who]
        self._try(lambda tx, known: seats.take(tx, known, reviewer, "appeal", self.clock(), self.rng))

    @rule(who=WORKERS)
    def reject_all(self, who: int) -> None:
        """Two admins reject all answers of somebody."""
        worker = self.rig.workers[who]

        def turn(tx: Tx, known: Known) -> None:
            wanted = mass.Wanted(staff.find(tx, str(worker)), ["half"], "All the same.")
            row = mass.propose(tx, known, SHELL, wanted, cost, self.clock())
            mass.confirm(tx, self.rig.catalog, Actor(self.reviewers[0].id, "test"), row.id, self.clock())

        with self.rig.database.reading() as reader:
            cost = preview(reader, self.rig.run(lambda _tx, known: known), worker, ["half"], self.clock())
        if worker not in self.erased:
            self._try(turn)

    @rule()
    def carry_on(self) -> None:
        """The clock rejects the answers to one more task."""
        self._try(lambda tx, _known: mass.carry_on(tx, self.rig.catalog, self.clock()))

    @rule(hours=st.sampled_from([1, 12, 40, 200]))
    def time_passes(self, hours: int) -> None:
        """The clock ticks: everything ends whose time it is."""
        self.clock.pass_ms(hours * _HOUR)
        self._sweep()

    def _sweep(self) -> None:
        now = self.clock()
        for due in self.rig.run(lambda tx, _known: sweep.silent(tx, now, 0)):
            self.rig.run(lambda tx, _known, due=due: sweep.end_silent(tx, self.rig.catalog, due, now))  # type: ignore[misc]
        self.rig.run(lambda tx, _known: cases.expire(tx, now))
        self.rig.run(lambda tx, _known: expire_leases(tx, now))
        self.rig.run(lambda tx, _known: holding.release_due(tx, now, 500))

    @rule(who=WORKERS)
    def erase(self, who: int) -> None:
        """Somebody is erased, with whatever waits for them."""
        worker = self.rig.workers[who]
        if len(self.erased) or self.rng.random() < 0.7:  # one of them at the most, and seldom
            return
        self.erased.add(worker)
        self.rig.run(lambda tx, _known: forget(tx, worker, self.clock(), chance(worker)))

    @invariant()
    def rows_keep_together(self) -> None:
        """After each step."""
        assert self.rig.broken((ENDS, SEATS, PAID)) == []

    def teardown(self) -> None:
        """Everything ends in the end, in one way, and is paid once or not."""
        while self.rig.run(lambda tx, _known: mass.carry_on(tx, self.rig.catalog, self.clock())):
            pass
        for _ in range(3):
            self.clock.pass_ms(30 * _DAY)
            self._sweep()
        assert self.rig.broken((OVER, ENDS, SEATS, PAID)) == []
        self._ledger()

    def _ledger(self) -> None:
        with self.database.reading() as reader:
            assert list(differences(reader)) == []


_PAYS = {"answer": "20", "vote": "10", "currency": "KRW"}
_REVIEW = {"share": 0, "reasons": [{"key": "half", "text": "Half", "pay": 0.5}]}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "changed",
    [
        {"overlap": 1, "reward": {**_PAYS, "hold": "30d"}, "review": _REVIEW},
        {"overlap": 2, "reward": {**_PAYS, "hold": "20h", "budget": "400"}, "review": {**_REVIEW, "appeal_votes": 3}},
        {"overlap": {"min": 1, "max": 3, "confidence": 0.85}, "review": _REVIEW},
    ],
    ids=["one answer, long on hold", "two answers, released in between, a budget that ends", "no money"],
)
def test_appeals(database: Database, changed: Mapping[str, Any]) -> None:
    made = type("Machine", (Appeals,), {"database": database, "changed": changed})
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=20 if database.engine.dialect.name == "sqlite" else 6,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    ended = database.run(lambda tx: {row.what for row in tx.all(ENDED)}).result()
    assert ended >= {"granted", "dismissed", "final", "redone", "mass"}, ended
