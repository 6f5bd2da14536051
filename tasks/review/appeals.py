"""Appeals: a worker says what a reviewer overlooked, others who have not seen the case decide; silence counts for them.

See docs/decisions/appeals.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.errors import InputError, told
from db.queries import answers, appeals, cases, qualification, review, work
from db.queries.cases import Case
from db.session import Tx
from tasks.projects.catalog import Known
from tasks.review import appeal_notices as notices
from tasks.review import reasons, records, rejecting
from tasks.review.errors import UnknownChoiceError
from tasks.words import Words

LEAST_WORDS, MOST_WORDS = 3, 1_000
"""Characters of what a worker writes."""


class AppealError(InputError):
    """It cannot be answered in this way."""


class NotSentBackError(AppealError):
    """It is not theirs, or was not sent back."""

    message = told("Look at the list again: there is nothing here to answer any more.")


class TooLateError(AppealError):
    """The time to say anything is over."""

    message = told("Go on with other work: the time to say something about this one is over.")


class SettledError(AppealError):
    """They have said “All right”, or have done it again."""

    message = told("Go on with other work: you have said already what you make of this one.")


class AppealedError(AppealError):
    """They have appealed."""

    message = told("Wait a little: others look at this answer already, or have decided.")


class AppealWordsError(AppealError):
    """Too little or too much was written, or nothing in words."""

    message = told("Write in {least} to {most} characters what was overlooked: the reviewers see the answer itself.")


def appeal(tx: Tx, known: Known, case_id: int, person: int, words: str, now: int) -> Case:
    """The worker disagrees with a rejection: the appeal, which others decide in time, or it is granted.

    Raises AppealError. That the project is closed meanwhile takes nobody's right to disagree.
    """
    words = checked(words)
    case = waiting(tx, known, case_id, person, now)
    if "reject" not in json.loads(case.verdict or "{}"):
        raise NotSentBackError
    asked = known.spec.review
    made = tx.one(
        appeals.APPEAL,
        project=known.id,
        task=case.task,
        worker=person,
        about=case.id,
        value=case.given,
        why=words,
        wanted=asked.appeal_votes,
        most=2 * asked.appeal_votes + 1,
        now=now,
        ends_at=now + asked.decide_within_ms,
    )
    if made is None:
        raise AppealedError
    tx.run(answers.ANSWERED, case_id=case.id, now=now)
    found = tx.one(cases.CASE, case_id=made.n)
    assert found is not None  # noqa: S101 - it was just made
    return found


def checked(words: str) -> str:
    """What a worker writes, without blanks around it. Raises AppealWordsError."""
    words = words.strip()
    if not LEAST_WORDS <= len(words) <= MOST_WORDS or not any(map(str.isalpha, words)):
        raise AppealWordsError(least=LEAST_WORDS, most=MOST_WORDS)
    return words


def waiting(tx: Tx, known: Known, case_id: int, person: int, now: int) -> Case:
    """What was sent back to somebody and waits for their word, locked after its task.

    Raises NotSentBackError, TooLateError, AppealedError, SettledError.
    """
    seen = tx.one(cases.CASE, case_id=case_id)
    if seen is None or (seen.project, seen.worker, seen.what) != (known.id, person, "answer"):
        raise NotSentBackError
    case = _locked(tx, seen)
    if case.state != "decided" or not {"reject", "redo"} & json.loads(case.verdict or "{}").keys():
        raise NotSentBackError
    if case.answered_at is not None:
        raise AppealedError if tx.one(appeals.APPEAL_OF, case_id=case.id) else SettledError
    if case.ends_at is None or case.ends_at < now:
        raise TooLateError
    return case


def _locked(tx: Tx, seen: Case) -> Case:
    """The case, after what is locked before it: the assignment and the task."""
    tx.one(work.LEASE, project=seen.project, task=seen.task, worker=seen.worker)
    tx.one(work.TASK_LOCKED, project=seen.project, task=seen.task)
    case = tx.one(cases.CASE_LOCKED, case_id=seen.id)
    assert case is not None  # noqa: S101 - cases are never removed
    return case


def lock(tx: Tx, seen: Case) -> Case:
    """The case of a worker for somebody else's turn: whoever is told of its end is locked before anything of theirs."""
    if seen.what == "appeal":
        tx.all(review.LOCK_CONCERNED, project=seen.project, task=seen.task, case_id=seen.id)
    else:
        tx.one(qualification.LOCK_PERSON, person=seen.worker)
    return _locked(tx, seen)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reviewer sees of an appeal; the answer stands in the case, and nobody's name anywhere."""

    item: Mapping[str, str]
    pictures: Mapping[str, str]
    why: Sequence[Words]
    """The reasons of the rejection."""
    note: str
    """In the words of who rejected it."""
    words: str
    """What its author says to that."""


def shown(tx: Tx, known: Known, case: Case) -> Shown:
    """An appeal for a reviewer."""
    row, rejected = tx.one(work.TASK, project=known.id, task=case.task), tx.one(cases.CASE, case_id=case.about)
    assert row is not None  # noqa: S101 - tasks are never removed
    assert rejected is not None  # noqa: S101 - an appeal is about a case
    why = [one.words for one in reasons.chosen(known, json.loads(rejected.verdict or "{}").get("reject", []))]
    return Shown(json.loads(row.item), json.loads(row.pictures), why, rejected.why, case.words)


def check(_known: Known, value: Any) -> Mapping[str, Any]:
    """A vote on an appeal: ``{"granted": bool}``. Raises UnknownChoiceError."""
    if not isinstance(value, Mapping) or set(value) != {"granted"} or not isinstance(value["granted"], bool):
        raise UnknownChoiceError
    return {"granted": value["granted"]}


def settle(
    tx: Tx,
    known: Known,
    case: Case,
    value: Mapping[str, Any],
    why: str,
    confidence: float,  # noqa: ARG001 - the door's shape
    by: int | None,
    now: int,
) -> None:
    """Others have decided (``{"granted": bool}``), or nobody has in time: what follows, and who is told."""
    rejected = tx.one(cases.CASE_LOCKED, case_id=case.about)
    assert rejected is not None  # noqa: S101 - an appeal is about a case
    granted = bool(value["granted"])
    silent = granted and by is None and not _outvoted(tx, known, case)
    first = [voter.reviewer for voter in tx.all(appeals.VOTERS, case_id=rejected.id)]
    if granted:
        rejecting.restore(tx, known, rejected, now)
    else:
        rejecting.finish(tx, known, rejected, now)
    if granted and not silent:  # that nobody has looked is no fault of who rejected
        for reviewer in first:
            records.overturned(tx, reviewer, now)
    notices.tell_worker(tx, known, case, why, now, granted=granted, silent=silent)
    notices.tell_rejecters(tx, known, case, first, why, now, granted=granted)


def _outvoted(tx: Tx, known: Known, case: Case) -> bool:
    """Whether as many as are asked have voted, and more of them for the worker."""
    votes = [bool(json.loads(vote.value)["granted"]) for vote in tx.all(review.VOTES, case_id=case.id)]
    return len(votes) >= known.spec.review.appeal_votes and 2 * sum(votes) > len(votes)
