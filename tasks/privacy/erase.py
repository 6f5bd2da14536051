"""Erasing a person: their answers stay, with nobody behind them (docs/decisions/erasure.md)."""

from __future__ import annotations

import json
from random import Random

from db.queries import approvals, deliveries, erase, mass
from db.session import Tx
from tasks import cases
from tasks.assignment.sweep import end_leases
from tasks.money import payout
from tasks.outreach import holding
from tasks.privacy.audit import Act, Actor, record

_WRITTEN = "why"
"""The figure of an act that holds what somebody wrote."""
_EVERYTHING = 1_000
_TOMBSTONE_BITS = 128
_END_OF_TIME = 253_402_300_800_000
"""The year 10000, in milliseconds: the last that dates can be written of."""

_EVERYWHERE = (
    erase.DROP_DAYS,
    erase.DROP_NOTICES,
    erase.DROP_SPEAKS,
    erase.DROP_RECEIPTS,
    erase.DROP_INVITED,
    erase.DROP_QUALIFICATIONS,
    erase.DROP_QUIZZES,
    erase.DROP_CONVERSATION,
    erase.DROP_REMARKS,
    erase.FREE_INVITATIONS,
    erase.FREE_PROJECTS,
    erase.PLAIN_ENROLMENTS,
    erase.PLAIN_CASES,
    erase.PLAIN_VOTES,
    erase.PLAIN_REJECTIONS,
    mass.DROP_OF,
)


def forget(tx: Tx, person: int, now: int, rng: Random) -> None:
    """Take everything away that leads to them, in this one transaction. It cannot be undone.

    What they hold goes back to others. Whoever writes from the same account later is somebody new.
    """
    others = holding.others(tx, person)  # people before tasks
    end_leases(tx, person)
    for one in tx.all(erase.WORKED, person=person):
        tx.run(erase.PLAIN_ASSIGNMENTS, project=one.project, person=person)
        tx.run(erase.NOTHING_DUE, project=one.project, person=person)
        tx.run(erase.PLAIN_EVENTS, project=one.project, person=person)
        tx.run(erase.DROP_HABIT, project=one.project, person=person)
    _leave_cases(tx, person, now)
    for statement in _EVERYWHERE:
        tx.run(statement, person=person)
    _without_words(tx, person)
    _unask(tx, person, now)
    tx.run(erase.WITHDRAW_PROPOSALS, person=person, now=now)
    holding.hold_of(tx, person, others, now)
    _leave_broadcasts(tx, person)
    payout.forgo(tx, person, now)
    record(tx, Actor(person), Act("erase", person), now)
    _bury(tx, person, now, rng)


def _leave_cases(tx: Tx, person: int, now: int) -> None:
    """Others vote in their place, and nobody decides what they objected to any more; their votes count, without notes.

    What reviewers are asked of their answers is still asked: the data set needs it.
    """
    cases.leave(tx, person)
    for appeal in tx.all(erase.APPEALS, person=person):
        cases.withdraw(tx, appeal.project, appeal.task, "appeal", now, person)
    for noted in tx.all(erase.NOTED, person=person):  # a verdict quotes the notes that speak for it
        notes = tx.all(erase.NOTES, case_id=noted.case, person=person)
        tx.run(erase.UNQUOTE, case_id=noted.case, why=cases.quoted(one.note for one in notes))


def _leave_broadcasts(tx: Tx, person: int) -> None:
    """What was to reach them and did not is counted as dropped, so that the numbers of a broadcast go on adding up."""
    for one in tx.all(erase.UNSENT, person=person):
        tx.one(deliveries.LOCK, broadcast=one.broadcast)
    tx.run(erase.COUNT_DROPPED, person=person)  # asked once more: what was settled meanwhile is counted already
    tx.run(erase.DROP_DELIVERIES, person=person)


def _unask(tx: Tx, person: int, now: int) -> None:
    """What a second admin is asked to do for them waits no longer, with what was written about them."""
    for one in tx.all(approvals.WAITING, since=0, most=_EVERYTHING):
        arguments = json.loads(one.arguments)
        if arguments.get("person") == person:
            plain = json.dumps({name: value for name, value in arguments.items() if name != _WRITTEN})
            tx.run(approvals.DECIDE, number=one.id, actor=None, now=now, accepted=False, arguments=plain)


def _without_words(tx: Tx, person: int) -> None:
    """What was done to them stays on record with its figures, without what people wrote about them."""
    for act in tx.all(erase.ACTS_ON, person=person):
        figures = json.loads(act.figures)
        if figures.pop(_WRITTEN, None) is not None:
            tx.run(erase.PLAIN_ACT, id=act.id, figures=json.dumps(figures, ensure_ascii=False))


def _bury(tx: Tx, person: int, now: int, rng: Random) -> None:
    """Chance takes the place of who they were.

    Of ``joined_at`` too: names in exports are made of it (``tasks.privacy.pseudonym``), so that whoever had noted such
    a name beside a person finds it nowhere any more.
    """
    tombstone = f"erased-{rng.getrandbits(_TOMBSTONE_BITS):032x}"
    tx.run(erase.ERASE, person=person, now=now, tombstone=tombstone, joined_at=rng.randrange(_END_OF_TIME))
