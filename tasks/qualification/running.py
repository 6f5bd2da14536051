"""Quizzes as rows: begun once, answered question by question, ended; whatever devices, restarts and clocks do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, cast

from db.errors import InputError, told
from db.queries import qualification as queries
from db.queries import work
from db.queries.qualification import Kept
from db.session import Tx
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tasks.qualification.attempt import Attempt, Given, Rules, State


class QuizError(InputError):
    """The quiz is not where the person thinks it is."""


class StaleQuestionError(QuizError):
    """An answer to a question that was answered before."""

    message = told("Go on here: that question has been answered, and the first answer counts.")


class NoQuizError(QuizError):
    """No quiz is running."""

    message = told("Choose a project: this quiz is over.")


class NotNowError(QuizError):
    """It cannot be begun as things stand."""

    message = told("Choose another project: this quiz cannot be begun just now.")


class NoQuestionsError(QuizError):
    """The pool is empty."""

    message = told("Choose another project: this quiz has no questions yet.")


@dataclass(frozen=True, slots=True)
class Exam:
    """A sort of quiz."""

    what: Literal["quiz", "review"]
    judge: Callable[[Spec, Mapping[str, Any], object], tuple[Any, bool]]
    """The canonical form of an answer to a question, and whether it is right. Raises AnswerError."""
    ended: Callable[[Tx, Known, int, Attempt, int], None]
    """What follows for a person when an attempt has ended."""


def begin(
    tx: Tx,
    known: Known,
    person: int,
    exam: Exam,
    skill: str,
    rules: Rules,
    questions: Sequence[Mapping[str, Any]],
    now: int,
) -> Attempt:
    """A quiz that runs from now on; the one that runs already, if there is one. Raises NoQuestionsError."""
    if not questions:
        raise NoQuestionsError
    tx.run(
        queries.BEGIN_QUIZ,
        person=person,
        project=known.id,
        what=exam.what,
        skill=skill,
        rules=json.dumps(asdict(rules)),
        questions=json.dumps(list(questions), ensure_ascii=False),
        now=now,
    )
    begun = running(tx, known, person, exam)
    assert begun is not None  # noqa: S101 - made by this turn or before it
    return begun


def running(tx: Tx, known: Known, person: int, exam: Exam) -> Attempt | None:
    """The quiz that runs, as it was left."""
    row = tx.one(queries.RUNNING, person=person, project=known.id, what=exam.what)
    return _attempt(row) if row else None


def last(tx: Tx, known: Known, person: int, exam: Exam) -> Attempt | None:
    """The newest one, whether it runs or has ended."""
    row = tx.one(queries.LAST_QUIZ, person=person, project=known.id, what=exam.what)
    return _attempt(row) if row else None


def _attempt(row: Kept) -> Attempt:
    given = tuple(Given(**one) for one in json.loads(row.given))
    rules, questions, state = Rules(**json.loads(row.rules)), json.loads(row.questions), cast("State", row.state)
    return Attempt(row.id, rules, questions, given, row.asked_at, state, row.skill)


def look(tx: Tx, known: Known, person: int, exam: Exam, now: int) -> Attempt | None:
    """The quiz that runs, to be gone on with: a question whose time is over is behind them. It may end by that."""
    attempt = running(tx, known, person, exam)
    if attempt is None:
        return None
    if known.state == "closed":
        return _keep(tx, known, person, exam, replace(attempt, state="left"), now)
    if attempt.is_late(now):
        return _keep(tx, known, person, exam, attempt.take(None, now, right=False), now)
    return attempt


def answer(tx: Tx, known: Known, person: int, exam: Exam, number: int, raw: object, now: int) -> Attempt:
    """With the answer to question ``number`` (from 0), stored.

    Raises NoQuizError, StaleQuestionError, AnswerError.
    """
    attempt = running(tx, known, person, exam)
    if attempt is None or known.state == "closed":
        raise NoQuizError
    if number != attempt.number:
        raise StaleQuestionError
    value, right = exam.judge(known.spec, attempt.question, raw)
    return _keep(tx, known, person, exam, attempt.take(value, now, right=right), now)


def _keep(tx: Tx, known: Known, person: int, exam: Exam, attempt: Attempt, now: int) -> Attempt:
    if attempt.state == "running":
        tx.run(queries.GIVEN, quiz=attempt.id, given=attempt.given_json(), now=now)
        return attempt
    score = attempt.score
    tx.run(queries.END_QUIZ, quiz=attempt.id, given=attempt.given_json(), state=attempt.state, score=score, now=now)
    exam.ended(tx, known, person, attempt, now)
    return attempt


def item(tx: Tx, known: Known, question: Mapping[str, Any]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What a question is about: the item's columns, and its pictures by column."""
    row = tx.one(work.TASK, project=known.id, task=question["task"])
    return (json.loads(row.item), json.loads(row.pictures)) if row else ({}, {})


def seen(tx: Tx, known: Known, person: int, exam: Exam) -> frozenset[int]:
    """Tasks that earlier attempts have asked."""
    rows = tx.all(queries.EARLIER_QUESTIONS, person=person, project=known.id, what=exam.what)
    return frozenset(question["task"] for row in rows for question in json.loads(row.questions))
