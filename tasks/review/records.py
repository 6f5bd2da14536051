"""What is known of a reviewer: how often they are right, whether they read, whether an admin should look at them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from db.queries import qualification, review
from db.session import Tx
from tasks.kept import pack
from tasks.projects.catalog import Known
from tasks.review import weights
from tasks.words import Join, Words, _

FIRST_MS, CHARACTER_MS = 1_500, 15
"""The least time for a look and a tap, and for each character to be read: four times as fast as quick readers are."""
_ENOUGH_PLANTED, _LEAST_RIGHT = 10, 0.6
_ENOUGH_REJECTED, _MOST_OVERTURNED = 10, 0.3
_ENOUGH_VOTES, _MOST_FAST = 20, 0.5
_ENOUGH_JUDGED, _LEAST_AGREED = 50, 0.9
_AGAIN_AFTER_MS = 30 * 86_400_000
"""After an admin has declined, nothing is proposed for so long."""


@dataclass(frozen=True, slots=True)
class Record:
    """The counts of ``db.tables.Reviewer``."""

    votes: int = 0
    judged: int = 0
    agreed: int = 0
    planted: int = 0
    planted_agreed: int = 0
    rejected: int = 0
    overturned: int = 0
    fast: int = 0
    proposed_at: int | None = None

    @property
    def right(self) -> float:
        """How often they are right, as their votes are weighed."""
        return weights.accuracy(self.judged, self.agreed, self.planted, self.planted_agreed)

    @property
    def senior(self) -> bool:
        """Whether they decide alone what votes have not decided."""
        return self.judged >= _ENOUGH_JUDGED and self.agreed >= _LEAST_AGREED * self.judged


def record(tx: Tx, reviewer: int) -> Record:
    """What is known of them."""
    row = tx.one(review.REVIEWS, person=reviewer)
    return Record(*row) if row else Record()


def voted(tx: Tx, reviewer: int, *, fast: bool, now: int) -> None:
    """They have voted; ``fast``: before they can have read it."""
    _count(tx, reviewer, now, votes=1, fast=int(fast))


def judged(tx: Tx, reviewer: int, *, agreed: bool) -> None:
    """A case that others had a part in too is decided, and they had voted so or not."""
    _add(tx, reviewer, judged=1, agreed=int(agreed))


def checked(tx: Tx, reviewer: int, *, agreed: bool, now: int) -> None:
    """They have voted on a planted case."""
    _count(tx, reviewer, now, planted=1, planted_agreed=int(agreed))


def corrected(tx: Tx, reviewer: int, *, agreed: bool) -> None:
    """They have changed such a vote from wrong to right, or the other way."""
    _add(tx, reviewer, planted_agreed=1 if agreed else -1)


def rejected(tx: Tx, reviewer: int) -> None:
    """They have rejected an answer."""
    _add(tx, reviewer, rejected=1)


def overturned(tx: Tx, reviewer: int, now: int) -> None:
    """An appeal against a rejection of theirs was granted."""
    _count(tx, reviewer, now, overturned=1)


def least_ms(*texts: str) -> int:
    """Before this nobody can have read the texts and tapped."""
    return FIRST_MS + CHARACTER_MS * sum(map(len, texts))


def read_by(known: Known, text: str) -> Sequence[str]:
    """The texts of a dispute: the item, and the question in the language in which it is shortest."""
    question = known.spec.question or known.spec.title
    return (text, min(question.values(), key=len))


# --------------------------------------------------------------------------- whether they should stay


def doubts(found: Record) -> Sequence[Words]:
    """Why an admin should look at how they review; nothing where all is well."""
    said: list[Words] = []
    if found.planted >= _ENOUGH_PLANTED and found.planted_agreed < _LEAST_RIGHT * found.planted:
        said.append(
            _(
                "{right} of {n} cases that were decided before came out the same",
                right=found.planted_agreed,
                n=found.planted,
            )
        )
    if found.rejected >= _ENOUGH_REJECTED and found.overturned >= _MOST_OVERTURNED * found.rejected:
        said.append(
            _(
                "{n} of {rejected} answers that they rejected were accepted on appeal",
                n=found.overturned,
                rejected=found.rejected,
            )
        )
    if found.votes >= _ENOUGH_VOTES and found.fast >= _MOST_FAST * found.votes:
        said.append(_("{n} of {votes} votes came before the item can have been read", n=found.fast, votes=found.votes))
    return said


def _count(tx: Tx, reviewer: int, now: int, **counts: int) -> None:
    """Count what may speak against them, and ask an admin if it does."""
    _add(tx, reviewer, **counts)
    found = record(tx, reviewer)
    why = doubts(found)
    if why and (found.proposed_at is None or found.proposed_at + _AGAIN_AFTER_MS < now):
        _propose(tx, reviewer, found, why, now)


def _propose(tx: Tx, reviewer: int, found: Record, why: Sequence[Words], now: int) -> None:
    person = tx.one(review.ROLE, person=reviewer)
    if person is None or person.role != "reviewer" or person.waits:
        return
    figures = {"votes": found.votes, "planted": found.planted, "planted_agreed": found.planted_agreed}
    figures |= {"rejected": found.rejected, "overturned": found.overturned, "fast": found.fast}
    tx.run(
        qualification.PROPOSE,
        person=reviewer,
        project=None,
        what="no-reviewer",
        why=json.dumps(pack(Join(why, "; ")), ensure_ascii=False),
        figures=json.dumps(figures),
        now=now,
    )
    tx.run(review.ASKED_OF, person=reviewer, now=now)


_NOTHING = dict.fromkeys(
    ("votes", "judged", "agreed", "planted", "planted_agreed", "rejected", "overturned", "fast"), 0
)


def _add(tx: Tx, reviewer: int, **counts: int) -> None:
    tx.run(review.COUNT_REVIEWS, person=reviewer, **(_NOTHING | counts))
