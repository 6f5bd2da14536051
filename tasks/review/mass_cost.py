"""What rejecting many answers would cost, and whom: counted over all answers of a project, beside the turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.queries import mass
from db.queries.mass import Share
from db.session import Reader
from tasks.money import price
from tasks.projects.catalog import Known
from tasks.review import reasons

_PEOPLE_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What it would cost, and whom."""

    answers: int
    people: int
    amount: int
    """What is on hold and would go back to the budget (minor units)."""
    paid: int
    """Answers whose pay is out of hold: it stays with who earned it."""
    most_of: Sequence[Share]
    """Those with the most of the answers."""
    until: int
    """Counted are answers that were handed in up to this moment; no others are rejected."""


def of_kept(kept: Mapping[str, Any]) -> Cost:
    """A preview as a conversation remembers it."""
    return Cost(**{**kept, "most_of": [Share(*one) for one in kept["most_of"]]})


def preview(source: Reader, known: Known, worker: int | None, keys: Sequence[str], now: int) -> Cost:
    """What it would cost by now to reject the answers of somebody, or of everybody, for these reasons.

    It looks at all answers of the project: never in a turn.
    """
    wanted = {"project": known.id, "worker": worker or 0, "until": now}
    pays = list(source.stream(mass.COSTS, **wanted))
    share = reasons.share_paid(known, keys)
    theirs: Counter[int] = Counter()
    for row in pays:
        theirs[row.worker] += row.answers
    return Cost(
        sum(row.answers for row in pays),
        len(theirs),
        sum((row.pay - price.part(row.pay, share)) * row.answers for row in pays if row.held),
        sum(row.answers for row in pays if row.pay and not row.held),
        [Share(*most) for most in sorted(theirs.items(), key=lambda one: (-one[1], one[0]))[:_PEOPLE_SHOWN]],
        now,
    )
