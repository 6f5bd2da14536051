"""The quiz as a state machine: two devices, edits, clocks that go wrong, restarts; what must hold in the rows."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from db.errors import InputError
from db.queries.projects import REVISE
from db.session import Database, Tx, open_database
from db.statement import Statement
from tasks.people import Who
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog, Known
from tasks.projects.spec import Spec
from tasks.qualification import practice, quiz, running
from tasks.qualification.attempt import Attempt
from tasks.qualification.door import door
from tasks.qualification.endings import tell_endings
from tasks.qualification.quiz import QUIZ
from tests.conftest import Clock
from tests.property.rig import LABELS, Rig, chance
from tests.support.bots import ANIMALS, add_project
from tests.support.quizzes import POOL, a_worker

T = TypeVar("T")
_EACH = 6
"""Questions of a label in the pool."""


class Row(NamedTuple):
    """An attempt as it is stored."""

    id: int
    state: str
    rules: str
    questions: str
    given: str
    score: float | None
    ended_at: int | None


ROWS = Statement(
    "SELECT id, state, rules, questions, given, score, ended_at FROM quiz WHERE what = 'quiz' ORDER BY id", Row
)
FILES: tuple[Mapping[str, Any], ...] = (
    {"quiz": 4, "pass": 0.75, "attempts": 2, "retry_after": "1h"},
    {"quiz": 2, "pass": 1, "attempts": 3, "retry_after": "1h", "per_question": "1m"},
    {"quiz": 4, "pass": 0.75, "band": 0.5, "practice": 1, "attempts": 2, "retry_after": "1h", "expires_after": "1d"},
)
"""What the requester writes, one after the other."""


class Quiz(RuleBasedStateMachine):
    """One person, one project, and everything that happens to them."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "quiz.db")
        self.clock, self.rng = Clock(), chance(1)
        database = self._opened()
        self.project = add_project(database, {**ANIMALS, "qualification": FILES[0]}, POOL, self.clock())
        self.rig = Rig(database, self.project, [a_worker(database, self.clock())], Catalog())
        self.held: Attempt | None = None
        """The question as some device still shows it."""
        self.firsts: dict[int, list[Any]] = {}

    def _opened(self) -> Database:
        return open_database(f"sqlite:///{self.folder / 'quiz.db'}")

    def teardown(self) -> None:
        """Let go."""
        self.rig.database.close()
        shutil.rmtree(self.folder)

    @property
    def who(self) -> Who:
        """The person."""
        return Who(self.rig.workers[0], "en", "", "worker", "x", "test", 18, 1)

    def _try(self, work: Callable[[Tx, Known], T]) -> T | None:
        try:
            return self.rig.run(work)
        except InputError:
            return None

    def _rows(self) -> list[Row]:
        return self.rig.run(lambda tx, _known: tx.all(ROWS))

    # ------------------------------------------------------------------- what the person does

    @rule()
    def start(self) -> None:
        """Begin, or go on; never where the door says no."""
        before = self.rig.run(lambda tx, known: door(tx, known, self.who, self.clock()))
        runs = any(row.state == "running" for row in self._rows())
        begun = self._try(lambda tx, known: quiz.start(tx, known, self.who, self.clock(), self.rng))
        assert (begun is not None) == (before.state == "quiz" or runs)
        if begun is not None and not runs:
            self._may_begin()
        self.held = begun or self.held

    def _may_begin(self) -> None:
        """Attempts are left, the waiting is over, and nothing is asked again while there are others."""
        *earlier, new = self._rows()
        needs = self.rig.run(lambda _tx, known: known.spec.qualification)
        passed = max((row.id for row in earlier if row.state == "passed"), default=0)
        failed = [row for row in earlier if row.id > passed and row.state in {"failed", "left"}]
        assert len(failed) < needs.attempts
        assert all((row.ended_at or 0) + needs.retry_after_ms <= self.clock() for row in failed)
        seen = {one["task"] for row in earlier for one in json.loads(row.questions)}
        for label in LABELS:
            asked = {one["task"] for one in json.loads(new.questions) if one["truth"] == label}
            assert not asked & seen or len(seen | asked) >= _EACH

    @precondition(lambda self: self.held is not None)
    @rule(right=st.booleans(), current=st.booleans())
    def answer(self, right: bool, current: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """A tap, on the question that is asked or on one that another device still shows."""
        seen = self.held
        if current:
            seen = self.rig.run(lambda tx, known: running.running(tx, known, self.who.id, QUIZ)) or self.held
        assert seen is not None
        if seen.number >= len(seen.questions):
            return
        truth = seen.question["truth"]
        label = truth if right else next(one for one in LABELS if one != truth)
        before = {row.id: json.loads(row.given) for row in self._rows()}
        after = self._try(
            lambda tx, known: running.answer(tx, known, self.who.id, QUIZ, seen.number, label, self.clock())
        )
        if after is None:
            assert {row.id: json.loads(row.given) for row in self._rows()} == before
            return
        assert len(before[after.id]) == seen.number, "only the question that was asked"
        assert after.given[-1].late or after.given[-1].right == right or after.id != seen.id
        self.held = after

    @precondition(lambda self: self.held is not None)
    @rule()
    def nonsense(self) -> None:
        """A key that is no answer of this project."""
        number = self.held.number if self.held else 0
        taken = self._try(lambda tx, known: running.answer(tx, known, self.who.id, QUIZ, number, "cow", self.clock()))
        assert taken is None

    @rule()
    def look(self) -> None:
        """Come back to it."""
        self._try(lambda tx, known: running.look(tx, known, self.who.id, QUIZ, self.clock()))

    @rule()
    def practise(self) -> None:
        """One practice item, right at once."""

        def turn(tx: Tx, known: Known) -> None:
            found = practice.exercise(tx, known, self.who.id, self.clock(), self.rng)
            assert found is not None
            practice.attempt(tx, known, self.who.id, found.task, "cat", self.clock())

        self._try(turn)

    # ------------------------------------------------------------------- what happens around it

    @rule(minutes=st.sampled_from([1, 2, 61, 1_500, -5, -61]))
    def time_passes(self, minutes: int) -> None:
        """Forwards, or back."""
        self.clock.pass_ms(minutes * 60_000)
        self.rig.run(lambda tx, _known: tell_endings(tx, self.rig.catalog, self.clock()))

    @rule(file=st.sampled_from(FILES))
    def edit(self, file: Mapping[str, Any]) -> None:
        """The requester asks for something else."""
        spec = Spec.model_validate({**ANIMALS, "qualification": file}).model_dump_json()
        self.rig.run(lambda tx, known: tx.run(REVISE, id=known.id, spec=spec))

    @rule(change=st.sampled_from([lifecycle.pause, lifecycle.launch]))
    def admin(self, change: Callable[..., Known]) -> None:
        """Pause, and go on."""
        self._try(lambda tx, known: change(tx, self.rig.catalog, known.key, self.clock()))

    @rule()
    def restart(self) -> None:
        """The process ends, and another begins."""
        self.rig.database.close()
        self.rig = Rig(self._opened(), self.project, self.rig.workers, Catalog())

    # ------------------------------------------------------------------- what must hold

    @invariant()
    def rows_keep_the_rules(self) -> None:
        """After each step."""
        rows = self._rows()
        assert sum(row.state == "running" for row in rows) <= 1
        for row in rows:
            self._holds(row)

    def _holds(self, row: Row) -> None:
        rules, given = json.loads(row.rules), json.loads(row.given)
        firsts = self.firsts.setdefault(row.id, [])
        assert given[: len(firsts)] == firsts, "first answers stay"
        self.firsts[row.id] = given
        right, asked, count = sum(one["right"] for one in given), len(given), rules["count"]
        needed = next(n for n in range(count + 1) if n / count >= rules["pass_share"] - 1e-9)
        assert count == len(json.loads(row.questions)) == len({one["task"] for one in json.loads(row.questions)})
        passable = [sum(one["right"] for one in given[:n]) + count - n >= needed for n in range(asked + 1)]
        over = not passable[-1] or asked == count
        assert all(passable[:-1]), "it had ended before"
        assert over == (row.state != "running")
        if over:
            assert row.score is not None
            assert row.score == right / asked
            assert (row.state == "passed") == (row.score >= rules["pass_share"] - 1e-9)
            assert (row.state == "again") == (not passable[-1] and row.score >= (rules["band"] or 2) - 1e-9)


@pytest.mark.timeout(120)
def test_the_quiz(sqlite_template: Path) -> None:
    run_state_machine_as_test(
        type("Quiz", (Quiz,), {"template": sqlite_template}),
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
