"""Gates: the stage a person has reached, each step with its reason on record."""

from __future__ import annotations

import json
from typing import Any

from db.queries import qualification as queries
from db.session import Tx
from tasks.privacy.audit import Act, Actor, record

TRAINED, QUALIFIED, PROVEN = 2, 3, 4


def gate_of(tx: Tx, person: int) -> int:
    """The stage they have reached."""
    row = tx.one(queries.GATE, person=person)
    return row.gate if row else 0


def reached(tx: Tx, person: int, gate: int, why: str, now: int, **figures: Any) -> bool:
    """They have come so far, if they had not before; whether they had not. ``figures`` go on record."""
    before = gate_of(tx, person)
    if not tx.run(queries.REACH, person=person, gate=gate):
        return False
    _record(tx, person, before, gate, why, now, figures)
    return True


def recount(tx: Tx, person: int, why: str, now: int, **figures: Any) -> int:
    """The stage that their record still holds: proven somewhere, a qualification that has not ended, else trained.

    Called when something was taken away; the stage that is left.
    """
    before = gate_of(tx, person)
    tx.run(queries.RECOUNT, person=person, now=now)
    after = gate_of(tx, person)
    if after != before:
        _record(tx, person, before, after, why, now, figures)
    return after


def returned(tx: Tx, person: int, now: int) -> int:
    """The stage of somebody who comes back after leaving them all: what they practised stays, the rest is recounted."""
    if any(json.loads(act.figures)["after"] >= TRAINED for act in tx.all(queries.GATES_REACHED, person=person)):
        tx.run(queries.REACH, person=person, gate=TRAINED)
    return recount(tx, person, "agreed again", now)


def _record(tx: Tx, person: int, before: int, after: int, why: str, now: int, figures: dict[str, Any]) -> None:
    act = Act("gate", person, figures={"before": before, "after": after, "why": why, **figures})
    record(tx, Actor(rule="gate"), act, now)
