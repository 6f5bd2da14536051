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
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

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
MARKS = ("++++", "+-+-", "--", "++", "+-", "+", "-++")
"""How a sitting may go, right or wrong; some are not gone through to the end."""


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

    @initialize(file=st.sampled_from(FILES))
    def begin(self, file: Mapping[str, Any]) -> None:
        """With any of the files."""
        self.edit(file)

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

    def _current(self) -> Attempt | None:
        return self.rig.run(lambda tx, known: running.running(tx, known, self.who.id, QUIZ))

    @rule()
    def refresh(self) -> None:
        """The other device shows what is asked now."""
        self.held = self._current() or self.held

    @precondition(lambda self: self.held is not None)
    @rule(right=st.booleans())
    def answer_held(self, right: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """A tap on the question that the other device still shows, perhaps an old one."""
        assert self.held is not None
        self._answer(self.held, right=right)

    @rule(right=st.booleans())
    def answer(self, right: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """A tap on the question that is asked."""
        current = self._current()
        if current is not None:
            self._answer(current, right=right)

    @rule(marks=st.sampled_from(MARKS), hours=st.sampled_from([0, 2]))
    def sit(self, marks: str, hours: int) -> None:
        """All that comes before it, then a quiz, or a part of it."""
        self.clock.pass_ms(hours * 3_600_000)
        self._try(lambda tx, known: lifecycle.launch(tx, self.rig.catalog, known.key, self.clock()))
        for _ in range(self.rig.run(lambda _tx, known: known.spec.qualification.practice)):
            self._practise()
        self.start()
        for mark in marks:
            self.answer(right=mark == "+")

    def _answer(self, seen: Attempt, *, right: bool) -> None:
        """What may happen: nothing, or the answer to the very question that is asked."""
        current = self._current()
        expected = current is not None and seen.number == current.number and self._state() != "closed"
        truth = seen.question["truth"]
        if current is not None and expected:
            truth = current.question["truth"]
        label = truth if right else next(one for one in LABELS if one != truth)
        after = self._try(
            lambda tx, known: running.answer(tx, known, self.who.id, QUIZ, seen.number, label, self.clock())
        )
        assert (after is not None) == expected
        if after is None or current is None:
            return
        limit = current.rules.per_question_ms
        late = limit is not None and self.clock() - current.asked_at > limit + 2_000
        assert after.given[:-1] == current.given
        assert (after.given[-1].late, after.given[-1].right) == (late, right and not late)

    def _state(self) -> str:
        return self.rig.run(lambda _tx, known: known.state)

    @precondition(lambda self: self.held is not None)
    @rule()
    def nonsense(self) -> None:
        """A key that is no answer of this project."""
        number = self.held.number if self.held else 0
        taken = self._try(lambda tx, known: running.answer(tx, known, self.who.id, QUIZ, number, "cow", self.clock()))
        assert taken is None

    def _practise(self) -> None:
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

    @rule(what=st.sampled_from(["look", "sweep", "pause", "restart"]), file=st.none() | st.sampled_from(FILES))
    def around(self, what: str, file: Mapping[str, Any] | None) -> None:
        """They come back to it; the clock sweeps; the project is paused; the process ends; the file is changed."""
        if file is not None:
            self.edit(file)
        if what == "look":
            self._try(lambda tx, known: running.look(tx, known, self.who.id, QUIZ, self.clock()))
        elif what == "sweep":
            self.rig.run(lambda tx, _known: tell_endings(tx, self.rig.catalog, self.clock()))
        elif what == "pause":
            self._try(lambda tx, known: lifecycle.pause(tx, self.rig.catalog, known.key, self.clock()))
        else:
            self.rig.database.close()
            self.rig = Rig(self._opened(), self.project, self.rig.workers, Catalog())

    def edit(self, file: Mapping[str, Any]) -> None:
        """The requester asks for something else."""
        spec = Spec.model_validate({**ANIMALS, "qualification": file}).model_dump_json()
        self.rig.run(lambda tx, known: tx.run(REVISE, id=known.id, spec=spec))

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
        needed, near = (
            next(n for n in range(count + 1) if n / count >= share - 1e-9)
            for share in (rules["pass_share"], rules["band"] or rules["pass_share"])
        )
        assert count == len(json.loads(row.questions)) == len({one["task"] for one in json.loads(row.questions)})
        sums = [sum(one["right"] for one in given[:n]) for n in range(asked + 1)]
        open_still = [
            best >= needed or (got < near <= best)
            for got, best in ((sums[n], sums[n] + count - n) for n in range(asked + 1))
        ]
        over = not open_still[-1] or asked == count
        assert all(open_still[:-1]), "it had ended before"
        assert over == (row.state != "running")
        if over:
            assert row.score is not None
            assert row.score == right / asked
            assert (row.state == "passed") == (row.score >= rules["pass_share"] - 1e-9)
            assert (row.state == "again") == (right >= near and right + count - asked < needed)


@pytest.mark.timeout(120)
def test_the_quiz(sqlite_template: Path) -> None:
    run_state_machine_as_test(
        type("Quiz", (Quiz,), {"template": sqlite_template}),
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
