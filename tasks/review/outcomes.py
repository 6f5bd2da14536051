"""When votes decide, and what then: one line for each sort of case."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, Protocol

from db.queries import cases as raised
from db.queries import review
from db.queries.cases import Case
from db.queries.review import Voted
from db.session import Tx
from tasks import cases
from tasks.notices import tell_together
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Known
from tasks.review import answers, appeals, dispute, records, verdict, weights
from tasks.review.errors import DecidedMeanwhileError
from tasks.words import Text, Words, _n

Value = Mapping[str, Any]


class Settle(Protocol):
    """What a verdict brings about. ``by``: the person who decided alone; None where votes or time did."""

    def __call__(
        self, tx: Tx, known: Known, case: Case, value: Value, why: str, confidence: float, by: int | None, now: int
    ) -> None:
        """Bring it about; the task and the case are locked, and the case is written as decided already."""


SETTLE: Mapping[str, Settle] = MappingProxyType(
    {
        "dispute": verdict.settle_dispute,
        "answer": answers.settle,
        "appeal": appeals.settle,
    }
)
CHECK: Mapping[str, Callable[[Known, Any], Value]] = MappingProxyType(
    {
        "dispute": dispute.check,
        "answer": answers.check,
        "appeal": appeals.check,
    }
)
"""A choice in canonical form, by what the case is. Raises InputError."""
REFUSE: Mapping[str, Callable[[Tx, Known, Case, Value], None]] = MappingProxyType({"answer": answers.refuse})
"""Whether a choice fits as things stand, before anything is written. Raises ReviewError."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the votes so far come to: more are awaited or asked for, somebody senior decides, or there is a verdict."""

    state: Literal["waiting", "more", "senior", "decided"]
    value: Value | None = None
    confidence: float = 0.0
    why: str = ""


def decision(known: Known, case: Case, votes: Sequence[Voted]) -> Decision:
    """What becomes of a case with these votes."""
    if len(votes) < max(1, case.wanted):
        return Decision("waiting")
    return _DECIDES[case.what](known, case, votes)


def same(known: Known, what: str, one: Value, other: Value) -> bool:
    """Whether a vote and a verdict come to the same."""
    if what == "dispute":
        return dispute.same(known, one, other)
    return one == other if what == "appeal" else set(one) == set(other)


def right(vote: Voted) -> float:
    """How often its author is right."""
    return weights.accuracy(vote.judged, vote.agreed, vote.planted, vote.planted_agreed)


def decide(
    tx: Tx, known: Known, case: Case, value: Value, why: str, confidence: float, by: int | None, now: int
) -> None:
    """Write the verdict, bring about what follows from it, judge the votes, and put it on record.

    The task and the case are locked. Raises DecidedMeanwhileError.
    """
    cases.end_seats(tx, case.id)
    kept = json.dumps(value, ensure_ascii=False)
    written = {"verdict": kept, "why": why, "confidence": confidence, "now": now}
    if not tx.run(review.DECIDE, case_id=case.id, actor=by, **written):
        raise DecidedMeanwhileError
    votes = tx.all(review.VOTES, case_id=case.id)
    decided = tx.one(raised.CASE, case_id=case.id) or case
    SETTLE[case.what](tx, known, decided, value, why, confidence, by, now)
    _judge(tx, known, case, value, by, now, votes)
    row = tx.one(review.ROW, project=known.id, task=case.task)
    figures = {"case": case.id, "of": case.what, "cause": case.cause, "task": row.row if row else ""}
    figures |= {"verdict": value, "votes": len(votes)}
    figures |= {"confidence": round(confidence, 4)} if case.what == "dispute" else {}  # else it is a reviewer's own
    figures |= {} if by is None else {"why": why}  # the notes of those who voted stay with their votes alone
    record(tx, Actor(by), Act("verdict", case.worker, known.id, figures), now)


# --------------------------------------------------------------------------- when votes decide


def _of_dispute(known: Known, case: Case, votes: Sequence[Voted]) -> Decision:
    values = [json.loads(vote.value) for vote in votes]
    chosen = _numbered(known, values)
    found = weights.opinion(chosen, [right(vote) for vote in votes])
    if found.sure or case.wanted == 1:
        winners = [(value, vote) for value, number, vote in zip(values, chosen, votes, strict=True)
                   if number == found.best]  # fmt: skip
        return Decision("decided", _spoken([value for value, _vote in winners]), found.confidence,
                        notes([vote for _value, vote in winners]))  # fmt: skip
    return Decision("more" if case.wanted < case.most else "senior")


def _of_answer(_known: Known, _case: Case, votes: Sequence[Voted]) -> Decision:
    """The one vote."""
    return Decision("decided", json.loads(votes[0].value), right(votes[0]), votes[0].note)


def _of_appeal(_known: Known, case: Case, votes: Sequence[Voted]) -> Decision:
    """The majority; a tie asks once more, and at last is the worker's."""
    granting = [vote for vote in votes if json.loads(vote.value).get("granted")]
    others = [vote for vote in votes if vote not in granting]
    if len(granting) == len(others) and case.wanted < case.most:
        return Decision("more")
    granted = len(granting) >= len(others)
    winners = granting if granted else others
    return Decision("decided", {"granted": granted}, len(winners) / len(votes), notes(winners))


_DECIDES: Mapping[str, Callable[[Known, Case, Sequence[Voted]], Decision]] = MappingProxyType(
    {"dispute": _of_dispute, "answer": _of_answer, "appeal": _of_appeal}
)


def _numbered(known: Known, values: Sequence[Value]) -> list[int]:
    """(values,) which candidate each is, numbered in the order in which they come."""
    kept: list[Value] = []
    numbers = []
    for value in values:
        number = next((n for n, one in enumerate(kept) if dispute.same(known, one, value)), len(kept))
        if number == len(kept):
            kept.append(value)
        numbers.append(number)
    return numbers


def _spoken(values: Sequence[Value]) -> Value:
    """The one that is said most often of those that come to the same; of equals the first."""
    return max(values, key=values.count)


def notes(votes: Sequence[Voted]) -> str:
    """What those who voted for it wrote."""
    return cases.quoted(vote.note for vote in votes)


# --------------------------------------------------------------------------- judging the votes


def _judge(tx: Tx, known: Known, case: Case, value: Value, by: int | None, now: int, votes: Sequence[Voted]) -> None:
    """What each vote counted for, whether it was as decided, and for their records where others had a part too."""
    others = len(votes) > 1 or by is not None
    for one in sorted(votes, key=lambda one: one.reviewer):
        agreed = same(known, case.what, json.loads(one.value), value)
        weight = weights.weight(right(one))
        tx.run(review.JUDGE_VOTE, case_id=case.id, reviewer=one.reviewer, weight=weight, as_decided=agreed)
        if others and one.reviewer != by:
            records.judged(tx, one.reviewer, agreed=agreed)
        if case.what != "answer":
            tell_together(tx, one.reviewer, "votes", partial(_digest, agreed), now)


def _digest(agreed: bool, n: int, so_far: Words | None) -> Words:  # noqa: FBT001 - filled in beforehand
    """The notice to a voter with one verdict more."""
    before = int(str(so_far.values["right"])) if isinstance(so_far, Text) else 0
    right = before + int(agreed)
    if not right:
        return _n(
            "{n} item that you voted on is decided, otherwise than you said. /review shows why.",
            "{n} items that you voted on are decided, otherwise than you said. /review shows why.",
            n,
            right=right,
        )
    if right == n:
        return _n(
            "{n} item that you voted on is decided, as you said. /review shows all votes and notes.",
            "{n} items that you voted on are decided, all as you said. /review shows all votes and notes.",
            n,
            right=right,
        )
    return _n(
        "{n} item that you voted on is decided, {right} as you said. /review shows all votes and notes.",
        "{n} items that you voted on are decided, {right} of them as you said. /review shows all votes and notes.",
        n,
        right=right,
    )
