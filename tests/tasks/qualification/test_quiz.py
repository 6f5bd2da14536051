"""Quizzes by example, on both databases: what follows from passing, the band, speed, closing; and skills that end."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeVar

import pytest
from sqlmodel import select

from db.queries.projects import REVISE
from db.session import Database, Tx
from db.tables import Audit, Enrolment, Notice, Person, Proposal, Qualification, Quiz
from tasks.assignment.errors import NotYoursError
from tasks.people import Who
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog, Known
from tasks.projects.spec import Spec
from tasks.qualification import gates, practice, quiz, review_quiz, running, skills
from tasks.qualification.attempt import Attempt, Rules
from tasks.qualification.door import Door, door
from tasks.qualification.endings import tell_endings
from tasks.qualification.quiz import QUIZ
from tasks.qualification.running import NoQuizError, NotNowError, StaleQuestionError
from tests.conftest import Clock
from tests.property.rig import LABELS, Rig, chance
from tests.support.bots import ANIMALS, add_project
from tests.support.quizzes import POOL, a_worker

T = TypeVar("T")
_DAY = 86_400_000
NEEDS: Mapping[str, Any] = {"quiz": 4, "pass": 0.75, "attempts": 2, "retry_after": "1h"}


class School:
    """A project with a quiz, and people who take it."""

    def __init__(self, database: Database, clock: Clock, **changed: Any) -> None:
        self.database, self.clock, self.rng = database, clock, chance(1)
        self.catalog = Catalog()
        self.known_id = self.project(**{"qualification": NEEDS, **changed})
        self.who = Who(a_worker(database, clock()), "en", "", "worker", "x", "test", 18, 1)

    def project(self, **changed: Any) -> int:
        """Another project."""
        return add_project(self.database, {**ANIMALS, **changed}, POOL, self.clock())

    def run(self, work: Callable[[Tx, Known], T], project: int | None = None) -> T:
        """A turn. Raises what the service raises."""
        rig = Rig(self.database, project or self.known_id, [self.who.id], self.catalog)
        return rig.run(work)

    def door(self, project: int | None = None, who: Who | None = None) -> Door:
        """How it stands."""
        return self.run(lambda tx, known: door(tx, known, who or self.who, self.clock()), project)

    def start(self) -> Attempt:
        """Begin."""
        return self.run(lambda tx, known: quiz.start(tx, known, self.who, self.clock(), self.rng))

    def answer(self, attempt: Attempt, *, right: bool, seconds: float = 5) -> Attempt:
        """One answer."""
        self.clock.pass_ms(round(seconds * 1000))
        truth = attempt.question["truth"]
        label = truth if right else next(one for one in LABELS if one != truth)
        return self.run(
            lambda tx, known: running.answer(tx, known, self.who.id, QUIZ, attempt.number, label, self.clock())
        )

    def take(self, marks: str, seconds: float = 5) -> Attempt:
        """A whole quiz: ``+`` right, ``-`` wrong."""
        attempt = self.start()
        for mark in marks:
            attempt = self.answer(attempt, right=mark == "+", seconds=seconds)
        return attempt

    def practise(self, times: int) -> None:
        """Items got right."""
        for _ in range(times):

            def turn(tx: Tx, known: Known) -> None:
                found = practice.exercise(tx, known, self.who.id, self.clock(), self.rng)
                assert found is not None
                practice.attempt(tx, known, self.who.id, found.task, "cat", self.clock())

            self.run(turn)

    def edit(self, **changed: Any) -> None:
        """The requester changes the file."""
        spec = Spec.model_validate({**ANIMALS, **changed}).model_dump_json()
        self.run(lambda tx, known: tx.run(REVISE, id=known.id, spec=spec))

    def rows(self, table: type[T]) -> Sequence[T]:
        """All rows."""

        def read(tx: Tx, _known: Known) -> Sequence[T]:
            found = tx.orm.exec(select(table)).all()
            tx.orm.expunge_all()
            return found

        return self.run(read)

    def sweep(self) -> list[str]:
        """What everybody is told of endings."""
        before = {row.id for row in self.rows(Notice)}
        self.run(lambda tx, _known: tell_endings(tx, self.catalog, self.clock()))
        return [json.loads(row.words)["text"] for row in self.rows(Notice) if row.id not in before]

    @property
    def gate(self) -> int:
        """The stage they have reached."""
        return self.rows(Person)[0].gate


@pytest.fixture
def school(database: Database, clock: Clock) -> School:
    return School(database, clock)


# --------------------------------------------------------------------------- passing and not


def test_passing_opens_the_door_and_is_the_third_gate(school: School) -> None:
    assert (school.door().state, school.door().left) == ("quiz", 4)
    attempt = school.take("++-+")
    assert (attempt.state, attempt.score) == ("passed", 0.75)
    assert [question["task"] for question in attempt.wrong] == [attempt.questions[2]["task"]]
    assert school.door().state == "open"
    assert school.gate == gates.QUALIFIED
    assert [(row.skill, row.source, row.ends_at) for row in school.rows(Qualification)] == [("animals", "quiz", None)]
    figures = {row.what: json.loads(row.figures) for row in school.rows(Audit)}
    assert figures["qualification"]["median_ms"] == 5_000
    assert figures["gate"]["after"] == gates.QUALIFIED
    with pytest.raises(NotNowError):
        school.start()


def test_questions_are_balanced_and_new_ones_come_first(school: School) -> None:
    first = school.take("--")
    assert first.state == "failed", "two wrong of four can no longer be three right"
    assert [sorted(one["truth"] for one in first.questions)] == [["cat", "cat", "dog", "dog"]]
    school.clock.pass_ms(_DAY)
    second = school.start()
    assert not {one["task"] for one in first.questions} & {one["task"] for one in second.questions}


def test_waiting_and_attempts(school: School) -> None:
    school.take("--")
    waits = school.door()
    assert (waits.state, waits.opens_at) == ("closed", school.clock() + 3_600_000)
    with pytest.raises(NotNowError):
        school.start()
    school.clock.pass_ms(3_600_000)
    school.take("--")
    assert (school.door().state, school.door().opens_at) == ("closed", None)
    school.edit(qualification={**NEEDS, "attempts": 3})
    school.clock.pass_ms(3_600_000)
    assert school.door().state == "quiz"


def test_the_band_does_not_ask_which_questions_were_wrong() -> None:
    """Seven and six right of ten are in the band, whether the wrong ones come first or last; five are not."""

    def ends(wrong: Collection[int]) -> str:
        attempt = Attempt(1, Rules(10, 0.8, 0.6), [{"task": n, "truth": "cat"} for n in range(10)])
        for number in range(10):
            if attempt.state == "running":
                attempt = attempt.take("cat", 0, right=number not in wrong)
        return attempt.state

    found = [{ends(wrong) for wrong in combinations(range(10), mistakes)} for mistakes in range(7)]
    assert found == [{"passed"}] * 3 + [{"again"}] * 2 + [{"failed"}] * 2


def test_the_band_practises_and_tries_again(database: Database, clock: Clock) -> None:
    needs = {**NEEDS, "practice": 2, "band": 0.5, "attempts": 1}
    school = School(database, clock, qualification=needs)
    assert (school.door().state, school.door().left) == ("practice", 2)
    school.practise(2)
    assert school.gate == gates.TRAINED
    for _ in range(3):
        assert school.take("+-+-").state == "again"
        assert (school.door().state, school.door().left) == ("practice", 2)
        school.practise(2)
    assert school.take("--").state == "running", "the band can still be reached"
    assert school.answer(school.start(), right=False).state == "failed"
    assert school.door().state == "closed"


def test_an_edit_changes_nothing_running(school: School) -> None:
    attempt = school.answer(school.start(), right=True)
    school.edit(qualification={"quiz": 2, "pass": 1, "per_question": "5s", "skill": "zoology"})
    for mark in (False, True, True):
        attempt = school.answer(attempt, right=mark, seconds=60)
    assert (attempt.state, attempt.number) == ("passed", 4)
    assert [row.skill for row in school.rows(Qualification)] == ["animals"]
    assert school.door().state == "quiz", "it asks for another skill now"


def test_who_has_passed_keeps_it_when_the_quiz_changes(school: School) -> None:
    school.take("++++")
    school.edit(qualification={**NEEDS, "quiz": 6, "pass": 1})
    assert school.door().state == "open"


def test_a_shared_skill_opens_both(database: Database, clock: Clock) -> None:
    school = School(database, clock, qualification={**NEEDS, "skill": "zoology"})
    other = school.project(id="zoo", qualification={**NEEDS, "skill": "zoology"})
    asking = school.project(id="asking", audience={"skills": ["zoology"]})
    assert [school.door(one).state for one in (other, asking)] == ["quiz", "closed"]
    school.take("++++")
    assert [school.door(one).state for one in (other, asking)] == ["open", "open"]


# --------------------------------------------------------------------------- time


def test_too_late_counts_as_wrong_and_a_clock_that_went_back_fails_nobody(database: Database, clock: Clock) -> None:
    school = School(database, clock, qualification={**NEEDS, "per_question": "10s"})
    attempt = school.answer(school.start(), right=True, seconds=12)
    assert attempt.given[-1].right, "the way through the network is not theirs"
    attempt = school.answer(attempt, right=True, seconds=-3_600)
    assert (attempt.given[-1].right, attempt.given[-1].ms) == (True, 0)
    attempt = school.answer(attempt, right=True, seconds=13)
    assert (attempt.given[-1].late, attempt.given[-1].right) == (True, False)
    clock.pass_ms(60_000)
    looked = school.run(lambda tx, known: running.look(tx, known, school.who.id, QUIZ, clock()))
    assert looked is not None
    assert (looked.number, looked.state) == (4, "failed")


def test_who_answers_faster_than_anybody_reads_passes_and_begins_with_more_checks(school: School) -> None:
    assert school.take("++++", seconds=0.4).state == "passed"
    (enrolled,) = school.rows(Enrolment)
    assert (enrolled.more_gold, enrolled.further) == (0.3, 1)
    (record,) = [row for row in school.rows(Audit) if row.what == "more checks"]
    assert json.loads(record.figures)["median_ms"] == 400


# --------------------------------------------------------------------------- interrupted


def test_first_answers_count_on_two_devices(school: School) -> None:
    attempt = school.start()
    school.answer(attempt, right=False)
    with pytest.raises(StaleQuestionError):
        school.answer(attempt, right=True)
    assert school.start().id == attempt.id, "a second start goes on with it"
    assert school.start().right == 0


def test_a_paused_project_lets_a_quiz_end_and_a_closed_one_ends_it(school: School) -> None:
    attempt = school.answer(school.start(), right=True)
    school.run(lambda tx, known: lifecycle.pause(tx, school.catalog, known.key, school.clock()))
    attempt = school.answer(attempt, right=True)
    school.run(lambda tx, known: lifecycle.close(tx, school.catalog, known.key, school.clock()))
    with pytest.raises(NoQuizError):
        school.answer(attempt, right=True)
    school.run(lambda tx, known: running.look(tx, known, school.who.id, QUIZ, school.clock()))
    assert [row.state for row in school.rows(Quiz)] == ["left"]
    assert school.run(lambda tx, known: running.look(tx, known, school.who.id, QUIZ, school.clock())) is None


# --------------------------------------------------------------------------- practice


def test_practice_is_another_round_for_each_and_old_items_are_refused(database: Database, clock: Clock) -> None:
    school = School(database, clock, qualification={"practice": 4})
    orders = []
    for number in range(6):
        who = a_worker(database, clock(), f"w{number}")
        tasks: list[int] = []
        for _ in range(4):

            def turn(tx: Tx, known: Known, who: int = who) -> int:
                found = practice.exercise(tx, known, who, clock(), school.rng)
                assert found is not None
                assert found == practice.exercise(tx, known, who, clock(), school.rng), "it stays in hand"
                assert not practice.attempt(tx, known, who, found.task, "dog", clock()).right
                practice.attempt(tx, known, who, found.task, "cat", clock())
                with pytest.raises(NotYoursError):
                    practice.attempt(tx, known, who, found.task, "cat", clock())
                return found.task

            tasks.append(school.run(turn))
        assert len(set(tasks)) == 4
        orders.append(tuple(tasks))
    assert len(set(orders)) > 1


# --------------------------------------------------------------------------- skills that end


def test_a_skill_ends_is_told_before_and_after_once_and_the_gate_goes_back(database: Database, clock: Clock) -> None:
    school = School(database, clock, qualification={**NEEDS, "practice": 1, "expires_after": "40d"})
    school.practise(1)
    school.take("++++")
    assert school.sweep() == []
    clock.pass_ms(36 * _DAY)
    assert school.sweep() == []
    clock.pass_ms(_DAY)
    assert ["ends" in words for words in school.sweep()] == [True]
    assert school.sweep() == []
    assert (school.door().state, school.gate) == ("open", gates.QUALIFIED)
    clock.pass_ms(3 * _DAY)
    assert school.door().state == "quiz"
    assert ["has ended" in words for words in school.sweep()] == [True]
    assert school.sweep() == []
    assert school.gate == gates.TRAINED
    school.take("++++")
    assert school.gate == gates.QUALIFIED
    assert school.sweep() == []


def test_a_short_skill_is_told_in_its_last_quarter(database: Database, clock: Clock) -> None:
    school = School(database, clock, qualification={**NEEDS, "expires_after": "4h"})
    school.take("++++")
    clock.pass_ms(2 * 3_600_000)
    assert school.sweep() == []
    clock.pass_ms(3_600_000)
    assert len(school.sweep()) == 1


def test_granting_and_taking_back(school: School) -> None:
    def grant(tx: Tx, _known: Known) -> None:
        skills.grant(tx, school.who.id, "animals", 1.0, "admin", None, None, school.clock())

    school.run(grant)
    assert (school.door().state, school.gate) == ("open", gates.QUALIFIED)
    assert school.run(lambda tx, _known: skills.revoke(tx, school.who.id, "animals", school.clock()))
    assert not school.run(lambda tx, _known: skills.revoke(tx, school.who.id, "animals", school.clock()))
    assert (school.door().state, school.gate) == ("quiz", gates.TRAINED)


# --------------------------------------------------------------------------- the reviewer's quiz


def _reviewed(school: School, *, auto: bool, right: bool = True) -> Attempt:
    who = Who(school.who.id, "en", "", "worker", "x", "test", 18, gates.PROVEN)
    exam = review_quiz.reviews(auto=auto)
    attempt = school.run(lambda tx, known: review_quiz.start(tx, known, who, school.clock(), school.rng, auto=auto))
    while attempt.state == "running":
        asked, at = attempt.question, attempt.number
        verdict: dict[str, Any] = {"accept": True}
        if (asked["reason"] is not None) == right:
            verdict = {"accept": False, "reason": asked["truth"]}
        school.clock.pass_ms(4_000)
        attempt = school.run(
            lambda tx, known, verdict=verdict, at=at: running.answer(  # type: ignore[misc]
                tx, known, who.id, exam, at, verdict, school.clock()
            )
        )
    return attempt


@pytest.mark.parametrize("auto", [False, True])
def test_a_reviewer_is_proposed_or_made(database: Database, clock: Clock, auto: bool) -> None:  # noqa: FBT001 - both ways
    school = School(database, clock, review={"quiz": 6}, qualification={"practice": 1})
    school.practise(1)
    who = Who(school.who.id, "en", "", "worker", "x", "test", 18, gates.QUALIFIED)
    assert not school.run(lambda tx, known: review_quiz.offered(tx, known, who, clock()))
    attempt = _reviewed(school, auto=auto)
    assert attempt.state == "passed"
    assert sum(one["reason"] is None for one in attempt.questions) == 3
    assert [row.skill for row in school.rows(Qualification)] == ["reviewer:animals"]
    assert [row.what for row in school.rows(Proposal)] == ["reviewer"] * (not auto)
    assert school.rows(Person)[0].role == ("reviewer" if auto else "worker")
    with pytest.raises(NotNowError):
        _reviewed(school, auto=auto)


def test_a_reviewer_who_sees_it_the_other_way_round_waits(database: Database, clock: Clock) -> None:
    school = School(database, clock, review={"quiz": 4}, qualification={"practice": 1, "retry_after": "1h"})
    school.practise(1)
    assert _reviewed(school, auto=True, right=False).state == "failed"
    with pytest.raises(NotNowError):
        _reviewed(school, auto=True)
    clock.pass_ms(3_600_000)
    assert _reviewed(school, auto=True).state == "passed"


def test_what_is_planted_is_wrong_and_says_why() -> None:
    tags = Spec.model_validate({**ANIMALS, "kind": "multi-choice", "labels": [{"key": k, "text": k} for k in "abc"]})
    rng = chance(3)
    for truth in (["a"], ["a", "b"], ["b", "c"]):
        for _ in range(20):
            planted = review_quiz.mistaken(tags, truth, rng)
            assert planted is not None
            shown, reason = planted
            missing, extra = set(truth) - set(shown), set(shown) - set(truth)
            assert shown
            assert (
                reason
                == {(True, False): "missing", (False, True): "extra", (True, True): "both"}[
                    (bool(missing), bool(extra))
                ]
            )
    assert review_quiz.mistaken(tags, ["a", "b", "c"], rng) is not None
    animals = Spec.model_validate(ANIMALS)
    assert review_quiz.mistaken(animals, "cat", rng) == ("dog", "cat")
