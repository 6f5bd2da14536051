"""The quiz before the work: drawn from the pool, passed for a skill that may end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from db.queries import qualification as queries
from db.session import Tx
from tasks.assignment.deal import enrolment
from tasks.kinds import KINDS
from tasks.people import Who
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tasks.qualification import running, skills
from tasks.qualification.attempt import Attempt, Rules
from tasks.qualification.door import door
from tasks.qualification.pools import class_of, draw, is_right
from tasks.qualification.running import Exam, NotNowError

_READING_MS = 1_000
"""Nobody reads a question and answers it faster than this, time after time."""
_MORE_GOLD, _FURTHER = 0.3, 1
"""How often somebody who did meets a hidden check, and how many more answers their items get."""


def start(tx: Tx, known: Known, who: Who, now: int, rng: Random) -> Attempt:
    """Begin a quiz, or go on with the one that runs.

    Raises NotNowError where the door says otherwise, NoQuestionsError.
    """
    here = running.running(tx, known, who.id, QUIZ)
    if here is not None:
        return running.look(tx, known, who.id, QUIZ, now) or here
    if door(tx, known, who, now).state != "quiz":
        raise NotNowError
    questions = _drawn(tx, known, who.id, rng)
    return running.begin(tx, known, who.id, QUIZ, known.spec.skill, _rules(known.spec, len(questions)), questions, now)


def _drawn(tx: Tx, known: Known, person: int, rng: Random) -> list[dict[str, Any]]:
    pool = {row.task: row.gold for row in tx.all(queries.QUIZ_POOL, project=known.id)}
    candidates = [(task, class_of(known.spec, gold)) for task, gold in pool.items()]
    seen = running.seen(tx, known, person, QUIZ)
    drawn = draw(candidates, known.spec.qualification.quiz, seen, rng)
    return [{"task": task, "truth": json.loads(pool[task])} for task in drawn]


def _rules(spec: Spec, count: int) -> Rules:
    needs = spec.qualification
    return Rules(
        count,
        needs.pass_share,
        needs.band,
        needs.per_question_ms,
        needs.attempts,
        needs.retry_after_ms,
        needs.expires_after_ms,
    )


def _judge(spec: Spec, question: Mapping[str, Any], raw: object) -> tuple[Any, bool]:
    given = KINDS[spec.kind].check(spec.question_for_kind(), raw)
    return given, is_right(spec, given, question["truth"])


def _ended(tx: Tx, known: Known, person: int, attempt: Attempt, now: int) -> None:
    enrolment(tx, known, person, now)
    if attempt.state == "again":
        tx.run(queries.PRACTISE_AGAIN, project=known.id, worker=person)
    if attempt.state == "passed":
        lasts = attempt.rules.expires_after_ms
        skills.grant(tx, person, attempt.skill, attempt.score, "quiz", known.id, now + lasts if lasts else None, now)
        _note(tx, known, person, attempt, now)


def _note(tx: Tx, known: Known, person: int, attempt: Attempt, now: int) -> None:
    """Put it on record; whoever answered faster than anybody reads has passed, and begins with more checks."""
    figures = {
        "skill": attempt.skill,
        "score": attempt.score,
        "questions": attempt.number,
        "median_ms": attempt.median_ms,
    }
    record(tx, Actor(rule="quiz"), Act("qualification", person, known.id, figures), now)
    if attempt.median_ms < _READING_MS:
        tx.run(queries.CHECK_MORE, project=known.id, worker=person, share=_MORE_GOLD, further=_FURTHER)
        more = {
            **figures,
            "more_gold": _MORE_GOLD,
            "further": _FURTHER,
            "why": "quiz answered faster than anybody reads",
        }
        record(tx, Actor(rule="quiz"), Act("more checks", person, known.id, more), now)


QUIZ = Exam("quiz", _judge, _ended)
