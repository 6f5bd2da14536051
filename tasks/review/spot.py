"""Spot checks: a reviewer looks at some answers of one worker, drawn by chance because somebody in charge asks."""

from __future__ import annotations

import json
import random
from functools import partial

from db.errors import told
from db.queries import answers, qualification, work
from db.session import Tx
from tasks import cases
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Known
from tasks.review.errors import ReviewError
from tasks.staff import YourselfError
from tasks.words import Words, _, _n

AT_ONCE = 10
"""What a key of the person's card asks for."""
MOST = 100


class SpotNumberError(ReviewError):
    """None, or very many."""

    message = told("Choose a number from 1 to {most}.")


def draw(tx: Tx, actor: Actor, known: Known, worker: int, n: int, rng: random.Random, now: int) -> int:
    """Reviewers shall look at ``n`` answers of this worker that nobody has looked at; at how many there were.

    Raises SpotNumberError, YourselfError.
    """
    if not 1 <= n <= MOST:
        raise SpotNumberError(most=MOST)
    if actor.id == worker:
        raise YourselfError
    tx.one(qualification.LOCK_PERSON, person=worker)
    there = tx.all(answers.UNSEEN, project=known.id, worker=worker)
    drawn = sorted(rng.sample(there, min(n, len(there))))
    asked = sum(map(partial(_ask, tx, known, worker, now), drawn))
    record(tx, actor, Act("spot check", worker, known.id, {"asked": n, "drawn": asked}), now)
    return asked


def said(n: int) -> Words:
    """How many were drawn."""
    if not n:
        return _("Nothing to draw: reviewers have looked at all of their answers here, or will.")
    return _n(
        "{n} answer was drawn: reviewers look at it now.", "{n} answers were drawn: reviewers look at them now.", n
    )


def _ask(tx: Tx, known: Known, worker: int, now: int, one: answers.Unseen) -> bool:
    """The assignment is locked before, as whoever takes the answer back does it."""
    tx.one(work.LEASE, project=known.id, task=one.task, worker=worker)
    return cases.ask(tx, known, one.task, worker, json.loads(one.value), "spot", now)
