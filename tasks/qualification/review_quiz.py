"""The reviewer's quiz: planted right and wrong answers, to be accepted, or rejected and the reason given."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from db.errors import told
from db.queries import qualification as queries
from db.session import Tx
from tasks.kept import pack
from tasks.kinds import KINDS, Answer, AnswerError
from tasks.people import Who
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tasks.qualification import gates, running, skills
from tasks.qualification.attempt import Attempt, Rules
from tasks.qualification.door import standing
from tasks.qualification.pools import class_of, draw, is_right
from tasks.qualification.running import Exam, NotNowError
from tasks.words import Local, Share, _

_WORKER = "worker"
MISSING, EXTRA, BOTH = "missing", "extra", "both"
"""What may be wrong with a set of labels."""
REASONS = (MISSING, EXTRA, BOTH)

Verdict = Mapping[str, Any]
"""``{"accept": true}``, or ``{"accept": false, "reason": …}`` with the right answer, or one of REASONS."""


class NoVerdictError(AnswerError):
    """Neither accepted nor rejected with a reason."""

    message = told("Accept the answer, or reject it and say what is wrong with it.")


def skill_of(spec: Spec) -> str:
    """What passing shows."""
    return f"reviewer:{spec.id}"


# --------------------------------------------------------------------------- who may try


def offered(tx: Tx, known: Known, who: Who, now: int) -> bool:
    """Whether somebody may take it now: proven, at work here, not a reviewer yet, with an attempt left."""
    needs = known.spec.qualification
    if not known.spec.review.quiz or who.gate < gates.PROVEN or who.role != _WORKER or known.state != "live":
        return False
    here = running.last(tx, known, who.id, reviews(auto=False))
    if here is not None and here.state == "running":
        return True
    stands = standing(tx, who.id, known.id)
    if known.id not in stands.places or stands.holds(skill_of(known.spec), now):
        return False
    failed = tx.all(queries.FAILED, person=who.id, project=known.id, what="review")
    return len(failed) < needs.attempts and all(one.at + needs.retry_after_ms <= now for one in failed)


def start(tx: Tx, known: Known, who: Who, now: int, rng: Random, *, auto: bool) -> Attempt:
    """Begin it, or go on with the one that runs. Raises NotNowError, NoQuestionsError."""
    exam = reviews(auto=auto)
    here = running.running(tx, known, who.id, exam)
    if here is not None:
        return running.look(tx, known, who.id, exam, now) or here
    if not offered(tx, known, who, now):
        raise NotNowError
    questions = _planted(tx, known, who.id, rng)
    needs = known.spec.qualification
    rules = Rules(
        len(questions), known.spec.review.pass_share, attempts=needs.attempts, retry_after_ms=needs.retry_after_ms
    )
    return running.begin(tx, known, who.id, exam, skill_of(known.spec), rules, questions, now)


# --------------------------------------------------------------------------- planting


def _planted(tx: Tx, known: Known, person: int, rng: Random) -> list[dict[str, Any]]:
    """Questions of the quiz pool, every other one with a wrong answer; the order is chance."""
    pool = {row.task: row.gold for row in tx.all(queries.QUIZ_POOL, project=known.id)}
    seen = running.seen(tx, known, person, reviews(auto=False))
    candidates = [(task, class_of(known.spec, gold)) for task, gold in pool.items()]
    drawn = draw(candidates, known.spec.review.quiz, seen, rng)
    planted = [_plant(known.spec, task, json.loads(pool[task]), rng, wrong=n % 2 == 0) for n, task in enumerate(drawn)]
    rng.shuffle(planted)
    return planted


def _plant(spec: Spec, task: int, truth: Answer, rng: Random, *, wrong: bool) -> dict[str, Any]:
    shown, reason = (mistaken(spec, truth, rng) if wrong else (truth, None)) or (truth, None)
    return {"task": task, "truth": truth, "shown": shown, "reason": reason}


def mistaken(spec: Spec, truth: Answer, rng: Random) -> tuple[Answer, Answer] | None:
    """A wrong answer and the reason why it is wrong; None where there is none to give."""
    if KINDS[spec.kind].belief == "many":
        return _mistaken_set([label.key for label in spec.labels], truth, rng)
    others = [one for one in KINDS[spec.kind].options(spec.question_for_kind()) if not is_right(spec, one, truth)]
    return (rng.choice(others), truth) if others else None


def _mistaken_set(labels: Sequence[str], truth: Sequence[str], rng: Random) -> tuple[Answer, Answer] | None:
    without = [label for label in labels if label not in truth]
    reasons = [MISSING] * (len(truth) > 1) + [EXTRA] * bool(without) + [BOTH] * bool(without)
    if not reasons:
        return None
    reason = rng.choice(reasons)
    given = set(truth)
    if reason in {MISSING, BOTH}:
        given.discard(rng.choice(list(truth)))
    if reason in {EXTRA, BOTH}:
        given.add(rng.choice(without))
    return [label for label in labels if label in given], reason


# --------------------------------------------------------------------------- judging


def _judge(spec: Spec, question: Mapping[str, Any], raw: object) -> tuple[Verdict, bool]:
    if not isinstance(raw, dict) or not isinstance(raw.get("accept"), bool):
        raise NoVerdictError
    if raw["accept"]:
        return {"accept": True}, question["reason"] is None
    reason = raw.get("reason")
    if KINDS[spec.kind].belief == "many":
        if reason not in REASONS:
            raise NoVerdictError
        return {"accept": False, "reason": reason}, reason == question["reason"]
    given = KINDS[spec.kind].check(spec.question_for_kind(), reason)
    right = question["reason"] is not None and is_right(spec, given, question["reason"])
    return {"accept": False, "reason": given}, right


# --------------------------------------------------------------------------- what follows


def reviews(*, auto: bool) -> Exam:
    """The reviewer's quiz; with ``auto`` who passes is a reviewer at once, else an admin is asked."""

    def ended(tx: Tx, known: Known, person: int, attempt: Attempt, now: int) -> None:
        if attempt.state != "passed":
            return
        skills.grant(tx, person, attempt.skill, attempt.score, "quiz", known.id, None, now)
        if auto:
            _promote(tx, known, person, attempt, now)
        else:
            _propose(tx, known, person, attempt, now)

    return Exam("review", _judge, ended)


def _figures(attempt: Attempt) -> dict[str, Any]:
    return {"score": attempt.score, "questions": attempt.number, "median_ms": attempt.median_ms}


def _promote(tx: Tx, known: Known, person: int, attempt: Attempt, now: int) -> None:
    if tx.run(queries.MAKE_REVIEWER, person=person):
        figures = {"before": _WORKER, "after": "reviewer", **_figures(attempt)}
        record(tx, Actor(rule="reviewer’s quiz"), Act("role", person, known.id, figures), now)


def _propose(tx: Tx, known: Known, person: int, attempt: Attempt, now: int) -> None:
    title = Local(known.spec.title)
    why = _("Passed the reviewer’s quiz of “{title}” with {score}.", title=title, score=Share(attempt.score))
    tx.run(
        queries.PROPOSE,
        person=person,
        project=known.id,
        what="reviewer",
        why=json.dumps(pack(why), ensure_ascii=False),
        figures=json.dumps(_figures(attempt)),
        now=now,
    )
