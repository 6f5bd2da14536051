"""Which known answer somebody is asked next, and how often: nobody twice, everybody in a round of their own."""

from __future__ import annotations

import random

from db.queries import gold as queries
from db.queries.work import Enrolled
from db.session import Tx
from tasks.assignment import checks
from tasks.projects.catalog import Known

_TRIES = 8
_BEHIND = 2**62
"""A place behind all tasks."""


def due(known: Known, enrolled: Enrolled, rng: random.Random) -> bool:
    """Whether the next item is to be a gold task: each time drawn anew, so that no pattern gives it away."""
    share = checks.gold_share(
        known.spec.gold.share, enrolled.checks, enrolled.doubt, enrolled.more_gold, enrolled.recent_gold
    )
    return rng.random() < checks.gold_now(share, enrolled.answered, enrolled.gold_seen)


def ahead(tx: Tx, known: Known, worker: int, enrolled: Enrolled, rng: random.Random) -> tuple[int, Enrolled] | None:
    """The next gold task of the worker's round, and their enrolment past it; None once they have met them all.

    The round begins anywhere and goes once around: on to the last place, then from the first to where it began. Known
    answers that are in doubt themselves are passed over.
    """
    if enrolled.gold_from is None:
        enrolled = _beginning(tx, known, enrolled, rng)
    for _ in range(_TRIES):
        around = enrolled.gold_from is not None and enrolled.gold_cursor < enrolled.gold_from
        until = (enrolled.gold_from or 0) if around else _BEHIND
        found = tx.one(queries.AHEAD, project=known.id, worker=worker, cursor=enrolled.gold_cursor, until=until)
        if found is None:
            if around or not enrolled.gold_from:
                return None
            enrolled = enrolled._replace(gold_cursor=0)
            continue
        began = found.place if enrolled.gold_from is None else enrolled.gold_from
        enrolled = enrolled._replace(gold_cursor=found.place, gold_from=began)
        if found.id not in known.crowd.doubted:
            return found.id, enrolled
    return None


def _beginning(tx: Tx, known: Known, enrolled: Enrolled, rng: random.Random) -> Enrolled:
    """Before any gold task; whoever has met some before there were rounds goes on from the first place."""
    if enrolled.gold_cursor:
        return enrolled._replace(gold_from=0)
    span = tx.one(queries.SPAN, project=known.id)
    if span is None or span.first is None or span.last is None:
        return enrolled
    return enrolled._replace(gold_cursor=rng.randrange(span.first - 1, span.last))
