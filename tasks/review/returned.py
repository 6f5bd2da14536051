"""What was sent back to a worker, as they see it, and what they make of it besides an appeal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.queries import answers, appeals, cases, work
from db.queries.appeals import Together
from db.queries.cases import Case
from db.session import Tx
from tasks.assignment import answering
from tasks.assignment.errors import AssignmentError
from tasks.kinds import Answer
from tasks.projects.catalog import Catalog, Known
from tasks.review import reasons, rejecting
from tasks.review.appeal_notices import beginning
from tasks.review.appeals import NotSentBackError, appeal, waiting
from tasks.words import Words

MOST_APPEALS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that was sent back, or an appeal under way, in a line."""

    case: int
    item: str
    ends_at: int
    """Until when it can be answered, or an appeal is decided."""


@dataclass(frozen=True, slots=True)
class SentBack:
    """One answer that was sent back, with all that its author needs to know."""

    known: Known
    case: Case
    item: Mapping[str, str]
    pictures: Mapping[str, str]
    given: Answer
    why: Sequence[Words]
    """The project's reasons, or what is to be done again."""
    note: str
    """In the words of who sent it back."""
    rejected: bool
    """Else it is only asked to be done again."""
    open: bool
    """Whether it can be done again just now."""
    kept: float
    """The share of the pay that is paid if the rejection stands."""


def count(tx: Tx, person: int, now: int) -> int:
    """How many wait for a word of theirs."""
    found = tx.one(appeals.SENT_BACK_COUNT, worker=person, now=now)
    return found.n if found else 0


def listed(tx: Tx, catalog: Catalog, person: int, now: int, most: int) -> Sequence[Listed]:
    """What waits for a word of theirs, what ends soonest first."""
    return [_line(tx, catalog, case) for case in tx.all(appeals.SENT_BACK, worker=person, now=now, most=most)]


def appealing(tx: Tx, catalog: Catalog, person: int, most: int) -> Sequence[Listed]:
    """Their appeals that nobody has decided yet, the oldest first."""
    return [_line(tx, catalog, case) for case in tx.all(appeals.APPEALING, worker=person, most=most)]


def together(tx: Tx, person: int, now: int, most: int) -> Sequence[Together]:
    """What was sent back to them many at once, and waits for a word of theirs."""
    return tx.all(appeals.TOGETHER, worker=person, now=now, most=most)


def alike(tx: Tx, person: int, case_id: int, now: int) -> int:
    """How many wait that were sent back together with this one."""
    found = tx.one(appeals.ALIKE_COUNT, worker=person, case_id=case_id, now=now)
    return found.n if found else 0


def disagree_with_all(tx: Tx, known: Known, case_id: int, person: int, words: str, now: int) -> Sequence[Case]:
    """An appeal for each of them, in the same words: reviewers decide on each answer by what they see of it.

    So many at a time as nobody has to wait for; the rest is still ``alike``. Raises AppealError.
    """
    found = tx.all(appeals.ALIKE, worker=person, case_id=case_id, now=now, most=MOST_APPEALS_AT_ONCE)
    if not found:
        raise NotSentBackError
    return [appeal(tx, known, row.n, person, words, now) for row in found]


def one(tx: Tx, catalog: Catalog, person: int, case_id: int) -> SentBack:
    """One of them. Raises NotSentBackError."""
    case = tx.one(cases.CASE, case_id=case_id)
    if case is None or case.worker != person or case.what != "answer" or case.state != "decided":
        raise NotSentBackError
    known = catalog.get(tx, case.project)
    row = tx.one(work.TASK, project=known.id, task=case.task)
    verdict = json.loads(case.verdict or "{}")
    if row is None or not {"reject", "redo"} & verdict.keys():
        raise NotSentBackError
    rejected = "reject" in verdict
    keys = verdict["reject" if rejected else "redo"]
    return SentBack(
        known,
        case,
        json.loads(row.item),
        json.loads(row.pictures),
        json.loads(case.given or "null"),
        [why.words for why in reasons.chosen(known, keys)],
        case.why,
        rejected,
        known.state == "live" and (not rejected or row.slots > 0 or row.split == "gold"),
        reasons.share_paid(known, keys) if rejected else 0.0,
    )


def known_of(tx: Tx, catalog: Catalog, case_id: int) -> Known:
    """The project that a case is of. Raises NotSentBackError."""
    case = tx.one(cases.CASE, case_id=case_id)
    if case is None:
        raise NotSentBackError
    return catalog.get(tx, case.project)


def accept(tx: Tx, known: Known, case_id: int, person: int, now: int) -> None:
    """“All right”: a rejection is final at once; what was only asked to be done again goes to others.

    Raises AppealError.
    """
    case = waiting(tx, known, case_id, person, now)
    tx.run(answers.ANSWERED, case_id=case.id, now=now)
    if "reject" in json.loads(case.verdict or "{}"):
        rejecting.finish(tx, known, case, now)
        return
    try:
        answering.skip(tx, known, person, case.task, "unwilling", now)
    except AssignmentError:
        return  # it went to others before


def again(tx: Tx, known: Known, case_id: int, person: int, now: int) -> None:
    """“Do it again”: it becomes their current item. Raises AppealError, SingleAnswerError."""
    case = waiting(tx, known, case_id, person, now)
    if "reject" in json.loads(case.verdict or "{}"):
        rejecting.do_again(tx, known, case, now)
    else:
        rejecting.start_redo(tx, known, case, now)


def _line(tx: Tx, catalog: Catalog, case: Case) -> Listed:
    return Listed(case.id, beginning(tx, catalog.get(tx, case.project), case.task), case.ends_at or 0)
