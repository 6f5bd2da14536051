"""What rows of a project will come to: answers, hours of work, people, and the most that they can cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from db.queries import gold
from db.session import Database, Tx
from tasks.projects.catalog import Catalog, Known, progress
from tasks.projects.spec import Spec
from tasks.words import Join, Money, Words, _, _n

if TYPE_CHECKING:
    from tasks.projects.importing import Imported

NEWCOMERS = 2.5
"""So many times ``gold.share`` of what people who are new are given is hidden checks."""
_MOST_CHECKS = 0.5
_SECONDS: Mapping[str, int] = {"choice": 9, "rating": 9, "multi-choice": 14, "text": 30}
"""What an answer takes while nobody's work shows it: the median of a careful person (``tasks.simulation.crowd``)."""
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What it comes to."""

    least: int
    """Answers to the items, if all agree at once."""
    most: int
    """The same, if nobody does."""
    seconds: int
    """What an answer takes."""
    people: int
    """So many it needs at the least: nobody answers an item twice, or more than their share."""
    cost: int | None
    """The most that it can cost, in minor units: the most answers, hidden checks with them, and all votes on all
    items, but no more than the budget. None where it pays nothing."""
    within_budget: bool = True
    """Whether the budget pays for all of that."""

    @property
    def hours(self) -> float:
        """Hours of work, halfway between the least and the most answers."""
        return (self.least + self.most) / 2 * self.seconds / 3_600

    def people_until(self, deadline_ms: int | None, now: int) -> int | None:
        """People who are needed at an hour a day; None without a deadline to come."""
        days = ((deadline_ms or 0) - now) / _DAY_MS
        return max(self.people, math.ceil(self.hours / days)) if deadline_ms and days > 0 else None


def plan(database: Database, catalog: Catalog, spec: Spec, done: Imported, now: int) -> Mapping[str, Any]:
    """What an import would do, as data (JSON): rows by use, and what the new ones come to."""
    known, seconds, checked = database.run(lambda tx: _so_far(tx, catalog, spec.id)).result()
    checked = checked or bool(done.splits.get("gold"))
    comes_to = estimate(spec, done.splits.get("work", 0), seconds, checked=checked)
    deadline = spec.schedule.deadline
    until = comes_to.people_until(int(deadline.timestamp() * 1000) if deadline else None, now)
    return {
        **asdict(done),
        "title": dict(spec.title),
        "state": known.state if known else "",
        "estimate": {**asdict(comes_to), "minutes": round(comes_to.hours * 60), "until": until},
        "currency": spec.reward.currency if spec.reward else "",
        "overlap": spec.overlap.max,
    }


def _so_far(tx: Tx, catalog: Catalog, key: str) -> tuple[Known | None, int | None, bool]:
    """A project, the seconds that an answer has taken in it, and whether it has hidden checks."""
    known = catalog.find(tx, key)
    if known is None:
        return None, None, False
    counts, checked = progress(tx, known.id), has_gold(tx, known.id)
    if counts.answers < 1:
        return known, None, checked
    return known, max(1, round(counts.work_ms / counts.answers / 1000)), checked


def has_gold(tx: Tx, project: int) -> bool:
    """Whether there are hidden checks."""
    span = tx.one(gold.SPAN, project=project)
    return span is not None and span.first is not None


def estimate(spec: Spec, items: int, seconds: int | None = None, *, checked: bool = True) -> Estimate:
    """What so many items of work come to.

    ``seconds`` is what an answer has taken so far, where that is known; ``checked`` whether there are hidden checks.
    """
    least, most = items * spec.overlap.min, items * spec.overlap.max
    share = spec.limits.share
    people = max(spec.overlap.max, math.ceil(1 / share) if share else 0)
    cost = _cost(spec, items, most, spec.gold.share if checked else 0)
    budget = spec.reward.budget if spec.reward else None
    within = cost is None or budget is None or cost <= budget
    told = cost if within or cost is None else budget
    return Estimate(least, most, seconds or _SECONDS[spec.kind], people if items else 0, told, within)


def _cost(spec: Spec, items: int, answers: int, share: float) -> int | None:
    reward = spec.reward
    if reward is None or not (reward.answer or reward.vote):
        return None
    checks = min(_MOST_CHECKS, NEWCOMERS * share)
    return math.ceil(answers / (1 - checks)) * reward.answer + items * spec.review.most_votes * reward.vote


def costs(cost: int | None, currency: str, most: int, *, within_budget: bool) -> Sequence[Words]:
    """The most that it can cost, in words, with up to ``most`` answers an item: of an ``Estimate``."""
    if cost is None:
        return [_("It pays nothing.")]
    told = Money(cost, currency)
    if not within_budget:
        return [
            _("Costs at the most {cost}, its budget.", cost=told),
            _("⚠ The budget may not do for all items, if people disagree much."),
        ]
    each = _n(
        "up to {n} answer an item, with checks and votes", "up to {n} answers an item, with checks and votes", most
    )
    return [Join((_("Costs at the most {cost}", cost=told), each), ": ")]
