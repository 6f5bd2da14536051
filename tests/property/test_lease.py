"""The lease as a state machine: whatever people, the clock and admins do, the rows keep together."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from db.errors import InputError
from db.queries.answers import HANDED
from db.queries.cases import COLUMNS, OPEN, Case
from db.session import Tx, open_database
from db.statement import Statement, change
from tasks import cases
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases, forget_settled
from tasks.behaviour.recording import retried
from tasks.projects import lifecycle
from tasks.projects.catalog import Known
from tasks.review import answers, rejecting
from tests.conftest import Clock
from tests.property.recount import made
from tests.property.rig import LABELS, Rig, a_rig, chance

_WORKERS, _TASKS, _GOLDS = 4, 4, 2
WORKERS = st.integers(0, _WORKERS - 1)
TASKS = st.integers(1, _TASKS + _GOLDS)
ANSWERS = st.sampled_from(LABELS)
PICKS = st.integers(0, 20)


DECIDE = change("UPDATE review_case SET state = 'decided', seats = 0, verdict = :value WHERE id = :case_id")
WAITING = Statement(
    f"SELECT {COLUMNS} FROM review_case c WHERE c.project_id = :project AND c.ends_at IS NOT NULL ORDER BY c.id",  # noqa: S608 - put together from constants
    Case,
)
"""What was rejected or sent back, and waits for what becomes of it."""


class Given(NamedTuple):
    """An answer that counts."""

    task: int
    worker: int


ANSWERED = Statement(
    "SELECT task_id, worker_id FROM assignment WHERE project_id = :project AND state = 'answered' ORDER BY 1, 2", Given
)


def decide(tx: Tx, known: Known, rig: Rig, task: int, worker: int, verdict: str, now: int) -> None:
    """A case about an answer, decided: accept, reject, redo, or the label with which it is repaired."""
    before = made(tx, known.id, task, worker) if verdict == "redo" else None
    handed = tx.one(HANDED, project=known.id, task=task, worker=worker)
    cases.ask(tx, known, task, worker, json.loads(handed.value) if handed else "cat", "spot", now)
    (case,) = tx.all(OPEN, project=known.id, task=task, what="answer", worker=worker)
    value = {verdict: True if verdict == "accept" else ["empty"]} if verdict not in LABELS else {"repair": verdict}
    answers.refuse(tx, known, case, value)
    tx.run(DECIDE, case_id=case.id, value=json.dumps(value))
    answers.settle(tx, known, case, value, "", 0.9, None, now)
    rig.gone += [before] if before else []


class Lease(RuleBasedStateMachine):
    """A small project, in which people meet again and again."""

    template: Path
    changed: Mapping[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "lease.db")
        self.clock = Clock()
        self.rng = chance(1)
        self.rig: Rig = a_rig(
            open_database(f"sqlite:///{self.folder / 'lease.db'}"), self.clock(), _WORKERS, _TASKS, _GOLDS, self.changed
        )

    def teardown(self) -> None:
        """Let go."""
        self.rig.database.close()
        shutil.rmtree(self.folder)

    def _try(self, work: Callable[[Tx, Known], object]) -> bool:
        """A turn; whether it was taken rather than refused with a sentence."""
        try:
            self.rig.run(work)
        except InputError:
            return False
        return True

    @rule(who=WORKERS)
    def look(self, who: int) -> None:
        """Open the project."""
        self.rig.run(lambda tx, known: offer(tx, known, self.rig.workers[who], self.clock(), self.rng))

    @rule(who=WORKERS, label=ANSWERS)
    def look_and_answer(self, who: int, label: str) -> None:
        """Open the project and answer what comes."""

        def turn(tx: Tx, known: Known) -> None:
            worker = self.rig.workers[who]
            found = offer(tx, known, worker, self.clock(), self.rng)
            if not isinstance(found, NoWork):
                answering.submit(tx, known, worker, found.task, label, self.clock())

        self._try(turn)

    @rule(who=WORKERS, task=TASKS, label=ANSWERS)
    def answer_any(self, who: int, task: int, label: str) -> None:
        """Answer any task, perhaps late, perhaps somebody else's."""
        self._try(lambda tx, known: answering.submit(tx, known, self.rig.workers[who], task, label, self.clock()))

    @rule(who=WORKERS, task=TASKS, report=st.booleans())
    def skip_any(self, who: int, task: int, report: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """Skip or report any task."""
        self._try(
            lambda tx, known: answering.skip(
                tx, known, self.rig.workers[who], task, "unsure", self.clock(), report=report
            )
        )

    @rule(who=WORKERS)
    def look_and_report(self, who: int) -> None:
        """Report what comes."""

        def turn(tx: Tx, known: Known) -> None:
            worker = self.rig.workers[who]
            found = offer(tx, known, worker, self.clock(), self.rng)
            if not isinstance(found, NoWork):
                answering.skip(tx, known, worker, found.task, "broken", self.clock(), report=True)

        self._try(turn)

    @rule(who=WORKERS)
    def undo(self, who: int) -> None:
        """Take back the last one."""
        self._try(lambda tx, known: answering.undo(tx, known, self.rig.workers[who], self.clock()))

    @rule(who=WORKERS, label=ANSWERS)
    def undo_and_answer(self, who: int, label: str) -> None:
        """Take back the last one and answer it again."""

        def turn(tx: Tx, known: Known) -> None:
            worker = self.rig.workers[who]
            task = answering.undo(tx, known, worker, self.clock())
            answering.submit(tx, known, worker, task, label, self.clock())

        self._try(turn)

    @rule(who=WORKERS, task=TASKS, changes=st.integers(0, 1), media=st.integers(0, 1))
    def touch(self, who: int, task: int, changes: int, media: int) -> None:
        """Tap on something else first, twice."""

        def turn(tx: Tx, known: Known) -> None:
            worker, now = self.rig.workers[who], self.clock()
            answering.touch(tx, known, worker, task, now, changes=changes, media=media, instructions=1)
            retried(tx, known.id, task, worker, now)

        self._try(turn)

    @rule(pick=PICKS, verdict=st.sampled_from(["accept", "reject", "reject", "redo", *LABELS]))
    def review(self, pick: int, verdict: str) -> None:
        """A reviewer says what they make of an answer."""

        def turn(tx: Tx, known: Known) -> None:
            if there := tx.all(ANSWERED, project=known.id):
                task, worker = there[pick % len(there)]
                decide(tx, known, self.rig, task, worker, verdict, self.clock())

        self._try(turn)

    def _then(self, pick: int, then: Callable[[Tx, Known, Case, int], object]) -> None:
        """Something becomes of one of those that were rejected or sent back."""

        def turn(tx: Tx, known: Known) -> None:
            if waiting := tx.all(WAITING, project=known.id):
                then(tx, known, waiting[pick % len(waiting)], self.clock())

        self._try(turn)

    @rule(pick=PICKS)
    def appeal_granted(self, pick: int) -> None:
        """The answer counts again."""
        self._then(pick, rejecting.restore)

    @rule(pick=PICKS)
    def rejection_final(self, pick: int) -> None:
        """Or it never will."""
        self._then(pick, rejecting.finish)

    @rule(pick=PICKS)
    def do_it_again(self, pick: int) -> None:
        """A rejected one, if its place is free."""

        def again(tx: Tx, known: Known, case: Case, now: int) -> None:
            before = made(tx, known.id, case.task, case.worker or 0)
            rejecting.do_again(tx, known, case, now)
            self.rig.gone += [before] if before else []

        self._then(pick, again)

    @rule(pick=PICKS, label=ANSWERS)
    def redo_now(self, pick: int, label: str) -> None:
        """What was sent back is done again."""

        def again(tx: Tx, known: Known, case: Case, now: int) -> None:
            rejecting.start_redo(tx, known, case, now)
            answering.submit(tx, known, case.worker or 0, case.task, label, now)

        self._then(pick, again)

    @rule(minutes=st.sampled_from([1, 10, 16]), sweep=st.booleans())
    def time_passes(self, minutes: int, sweep: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """Leases end, with or without a sweep."""
        self.clock.pass_ms(minutes * 60_000)
        if sweep:
            self.rig.run(lambda tx, _known: expire_leases(tx, self.clock()))
            self.rig.run(lambda tx, _known: forget_settled(tx))

    @rule(change=st.sampled_from([lifecycle.pause, lifecycle.launch]))
    def admin(self, change: Callable[..., Known]) -> None:
        """Pause, and go on."""
        self._try(lambda tx, known: change(tx, self.rig.catalog, known.key, self.clock()))

    @invariant()
    def rows_keep_together(self) -> None:
        """After each step."""
        assert self.rig.broken() == []


class Closing(Lease):
    """The same, and the project may be closed at any moment."""

    @rule()
    def close(self) -> None:
        """For good."""
        self._try(lambda tx, known: lifecycle.close(tx, self.rig.catalog, known.key, self.clock()))


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("machine", "changed"),
    [
        (Lease, {"overlap": 2, "gold": {"share": 0.3}, "review": {"share": 0.5, "appeal_within": "1h"}}),
        (Lease, {"overlap": {"min": 2, "max": 4, "confidence": 0.9}}),
        (Lease, {"overlap": {"min": 1, "max": 3, "confidence": 0.85}, "gold": {"share": 0.3}}),
        (Lease, {"overlap": 1, "reward": {"answer": "20", "currency": "KRW"}}),
        (Closing, {"overlap": 1, "limits": {"lease": "15m", "per_day": 3}}),
    ],
    ids=["fixed overlap", "adaptive overlap", "from one answer on", "one answer", "closing"],
)
def test_the_lease(machine: type[Lease], changed: Mapping[str, Any], sqlite_template: Path) -> None:
    made = type(machine.__name__, (machine,), {"template": sqlite_template, "changed": changed})
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
