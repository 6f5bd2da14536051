"""Disputes as a state machine, on both databases: whatever workers, reviewers, admins and the clock do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from db.errors import InputError
from db.queries.people import Id
from db.session import Database, Tx
from db.statement import Statement
from db.tables import Person
from tasks import cases, staff
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases
from tasks.charge import the_shell
from tasks.consensus import settle
from tasks.people import Who
from tasks.projects.catalog import Known
from tasks.review import seats, voting
from tests.conftest import Clock
from tests.property.rig import LABELS, Broken, Rig, a_rig, chance

_WORKERS, _TASKS, _REVIEWERS = 4, 3, 4
WORKERS, TASKS = st.integers(0, _WORKERS - 1), st.integers(1, _TASKS)
REVIEWERS = st.integers(0, _REVIEWERS + 1)
"""The last two answer as well."""
PICKS = st.integers(0, 20)
VALUES = st.sampled_from([{"answer": "cat"}, {"answer": "cat"}, {"answer": "dog"}, {"fault": "gap"}, {"fault": "no"}])

SEATS = Statement(
    """
    SELECT 'case ' || c.id || ' ' || c.state || ': wanted ' || c.wanted || ' of ' || c.most || ', seats ' || c.seats
           || ', live ' || v.live || ', voted ' || v.voted || ', counted ' || c.votes
    FROM review_case c JOIN (
        SELECT k.id, COALESCE(SUM(CASE WHEN s.state = 'offered' THEN 1 ELSE 0 END), 0) AS live,
               COALESCE(SUM(CASE WHEN s.state = 'voted' THEN 1 ELSE 0 END), 0) AS voted
        FROM review_case k LEFT JOIN vote s ON s.case_id = k.id AND NOT s.planted
        WHERE k.project_id = :project AND k.cause <> 'planted' GROUP BY k.id) v ON v.id = c.id
    WHERE v.voted <> c.votes OR c.wanted > c.most
        OR (c.state = 'open' AND c.seats + v.live + c.votes <> c.wanted)
        OR (c.state <> 'open' AND c.seats + v.live <> 0)
    """,
    Broken,
)
"""While a case is open, seats + live ones + votes = wanted; then nobody sits at it. It knows how many votes it has."""
ONE = Statement(
    """
    SELECT 'task ' || task_id || ' has ' || COUNT(*) || ' open disputes' FROM review_case
    WHERE project_id = :project AND what = 'dispute' AND state IN ('open', 'senior')
    GROUP BY task_id HAVING COUNT(*) > 1
    """,
    Broken,
)
PAID = Statement(
    """
    SELECT 'vote ' || v.case_id || ' of ' || v.reviewer_id || ' ' || v.state || ' was paid ' || COUNT(p.id)
    FROM vote v JOIN review_case c ON c.id = v.case_id
    LEFT JOIN posting p ON p.reason = 'vote' AND p.cause = 'vote:' || v.case_id || ':' || v.reviewer_id
    WHERE c.project_id = :project AND v.pay > 0 GROUP BY v.case_id, v.reviewer_id, v.state
    HAVING COUNT(p.id) <> (CASE WHEN v.state = 'voted' THEN 1 ELSE 0 END)
    """,
    Broken,
)
"""Every vote is paid once, and nothing else is."""
BOTH = Statement(
    """
    SELECT 'reviewer ' || v.reviewer_id || ' voted on task ' || c.task_id || ' of theirs' FROM vote v
    JOIN review_case c ON c.id = v.case_id
    JOIN assignment a ON a.project_id = c.project_id AND a.task_id = c.task_id AND a.worker_id = v.reviewer_id
    WHERE c.project_id = :project AND v.state IN ('offered', 'voted') AND c.state IN ('open', 'senior', 'decided')
    """,
    Broken,
)
"""Nobody decides on what they held."""
SETTLED = Statement(
    """
    SELECT 'task ' || t.id || ' is ' || t.status || ', its dispute ' || c.state FROM task t
    JOIN review_case c ON c.project_id = t.project_id AND c.task_id = t.id AND c.what = 'dispute'
    WHERE t.project_id = :project AND t.split = 'work' AND (
        (c.state = 'decided' AND t.status <> 'decided')
        OR (c.state IN ('open', 'senior') AND t.status NOT IN ('disputed', 'agreed')))
    """,
    Broken,
)
"""What is decided stays so; what waits for a verdict is disputed, or agreed and drawn for an audit."""
DECIDED = Statement(
    """
    SELECT 'tally: ' || y.decided || ' decided instead of ' || t.decided
    FROM (SELECT SUM(decided) AS decided FROM tally WHERE project_id = :project) y
    CROSS JOIN (SELECT COALESCE(SUM(CASE WHEN status = 'decided' THEN 1 ELSE 0 END), 0) AS decided
                FROM task WHERE project_id = :project AND split = 'work') t
    WHERE y.decided <> t.decided
    """,
    Broken,
)
CASES = Statement("SELECT id FROM review_case WHERE project_id = :project ORDER BY id", Id)
RULES = (SEATS, ONE, PAID, BOTH, SETTLED, DECIDED)


def join(database: Database, project: int, now: int) -> Sequence[Who]:
    """Reviewers of their own for each project."""

    def turn(tx: Tx) -> list[Who]:
        people = [
            Person(channel="test", external_id=f"r{project}-{n}", joined_at=now, role="reviewer")
            for n in range(_REVIEWERS)
        ]
        tx.orm.add_all(people)
        tx.orm.flush()
        return [Who(one.id or 0, "en", "", "reviewer", "", "test") for one in people]

    return database.run(turn).result()


class Disputes(RuleBasedStateMachine):
    """A small project, in which people seldom agree."""

    database: Database
    changed: Mapping[str, Any]
    made = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).made += 1
        self.clock, self.rng = Clock(), chance(self.made)
        changed = {**self.changed, "id": f"p{self.made}"}
        self.rig: Rig = a_rig(self.database, self.clock(), _WORKERS, _TASKS, 0, changed)
        both = [Who(worker, "en", "", "reviewer", "", "test") for worker in self.rig.workers[:2]]
        self.reviewers = [*join(self.database, self.rig.known_id, self.clock()), *both]

    def _try(self, work: Callable[[Tx, Known], object]) -> None:
        try:
            self.rig.run(work)
        except InputError:
            return

    @rule(who=WORKERS, label=st.sampled_from(LABELS))
    def answer(self, who: int, label: str) -> None:
        """Answer what comes."""

        def turn(tx: Tx, known: Known) -> None:
            worker = self.rig.workers[who]
            found = offer(tx, known, worker, self.clock(), self.rng)
            if not isinstance(found, NoWork):
                answering.submit(tx, known, worker, found.task, label, self.clock())

        self._try(turn)

    @rule(who=WORKERS)
    def report(self, who: int) -> None:
        """Report what comes."""

        def turn(tx: Tx, known: Known) -> None:
            worker = self.rig.workers[who]
            found = offer(tx, known, worker, self.clock(), self.rng)
            if not isinstance(found, NoWork):
                answering.skip(tx, known, worker, found.task, "broken", self.clock(), report=True)

        self._try(turn)

    @rule(who=WORKERS)
    def undo(self, who: int) -> None:
        """Take the last one back."""
        self._try(lambda tx, known: answering.undo(tx, known, self.rig.workers[who], self.clock()))

    @rule(task=TASKS)
    def by_rule(self, task: int) -> None:
        """A rule asks reviewers about an item."""

        def turn(tx: Tx, known: Known) -> None:
            if cases.set_aside(tx, known, task, "rule", self.clock()):
                settle.tally(tx, known.id, settle.Change(disputed=1))

        self._try(turn)

    @rule(who=REVIEWERS, value=VALUES)
    def sit_and_vote(self, who: int, value: Mapping[str, str]) -> None:
        """Vote on what comes."""

        def turn(tx: Tx, known: Known) -> None:
            reviewer = self.reviewers[who]
            seated = seats.take(tx, known, reviewer, "dispute", self.clock(), self.rng)
            if seated is not None:
                voting.vote(tx, known, reviewer.id, seated.case.id, value, "", self.clock() + 9_000)

        self._try(turn)

    @rule(values=st.lists(VALUES, min_size=2, max_size=_REVIEWERS))
    def everybody_votes(self, values: Sequence[Mapping[str, str]]) -> None:
        """One after the other."""
        for who, value in enumerate(values):
            self.sit_and_vote(who, value)

    @rule(label=st.sampled_from(LABELS))
    def everybody_answers(self, label: str) -> None:
        """One after the other, and all but one the same."""
        for who in range(_WORKERS):
            self.answer(who, LABELS[0] if who else label)

    @rule(who=REVIEWERS)
    def sit(self, who: int) -> None:
        """Only look."""
        self._try(lambda tx, known: seats.take(tx, known, self.reviewers[who], "dispute", self.clock(), self.rng))

    @rule(who=REVIEWERS, pick=PICKS, value=VALUES)
    def vote_any(self, who: int, pick: int, value: Mapping[str, str]) -> None:
        """Vote on any case, with or without a seat, perhaps once more, perhaps late."""

        def turn(tx: Tx, known: Known) -> None:
            if there := self._cases(tx, known):
                voting.vote(tx, known, self.reviewers[who].id, there[pick % len(there)], value, "n", self.clock())

        self._try(turn)

    @rule(who=REVIEWERS, pick=PICKS)
    def skip_any(self, who: int, pick: int) -> None:
        """Rather not."""

        def turn(tx: Tx, known: Known) -> None:
            if there := self._cases(tx, known):
                seats.skip(tx, self.reviewers[who], there[pick % len(there)])

        self._try(turn)

    @rule(who=REVIEWERS, pick=PICKS, value=VALUES)
    def decide_any(self, who: int, pick: int, value: Mapping[str, str]) -> None:
        """An admin decides alone."""

        def turn(tx: Tx, known: Known) -> None:
            there = self._cases(tx, known)
            if there and pick % 3 == 0:
                admin = replace(self.reviewers[who], role="admin")
                voting.decide(tx, known, admin, there[pick % len(there)], value, "because", self.clock())

        self._try(turn)

    @rule(who=REVIEWERS)
    def demoted(self, who: int) -> None:
        """No reviewer for a moment."""

        def turn(tx: Tx, _known: Known) -> None:
            number = str(self.reviewers[who].id)
            staff.set_role(tx, the_shell(), staff.find(tx, number), "worker", "a rest", self.clock())
            staff.set_role(tx, the_shell(), staff.find(tx, number), "reviewer", "rested", self.clock())

        self._try(turn)

    @rule(minutes=st.sampled_from([1, 16]), sweep=st.booleans())
    def time_passes(self, minutes: int, sweep: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """Seats and leases end, with or without a sweep."""
        self.clock.pass_ms(minutes * 60_000)
        if sweep:
            self.rig.run(lambda tx, _known: cases.expire(tx, self.clock()))
            self.rig.run(lambda tx, _known: expire_leases(tx, self.clock()))

    @invariant()
    def rows_keep_together(self) -> None:
        """After each step."""
        assert self.rig.broken() + self.rig.broken(RULES) == []

    def _cases(self, tx: Tx, known: Known) -> list[int]:
        return [row.id for row in tx.all(CASES, project=known.id)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "changed",
    [
        {
            "overlap": 2,
            "review": {"votes": 2, "most": 3, "audit": 0.5},
            "reward": {"answer": "20", "vote": "10", "currency": "KRW"},
        },
        {"overlap": {"min": 1, "max": 3, "confidence": 0.85}, "review": {"votes": 1}},
    ],
    ids=["two answers, two votes", "adaptive, one vote"],
)
def test_disputes(database: Database, changed: Mapping[str, Any]) -> None:
    made = type("Machine", (Disputes,), {"database": database, "changed": changed})
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=30 if database.engine.dialect.name == "sqlite" else 8,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
