"""Records of what people in charge and rules have done: who, what, to whom, with which figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from db.queries import audit
from db.session import Tx
from tasks.privacy import chain

_SALT = 16
"""Bytes. From the system, not from a turn's chance: nobody may guess it, and nothing else depends on it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: a person through a channel, the shell, or a rule."""

    id: int | None = None
    channel: str = ""
    rule: str = ""


SHELL = Actor(channel="shell")


@dataclass(frozen=True, slots=True)
class Act:
    """What is done. ``figures`` (JSON) are its before, after and why, or what made a rule fire."""

    what: str
    person: int | None = None
    project: int | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)


def record(tx: Tx, actor: Actor, act: Act, now: int) -> None:
    """Write it down, in the transaction in which it is done; it takes its place in the chain when the turn ends."""
    figures = json.loads(json.dumps(act.figures))
    salt, words = ("", "")
    if figures.get(chain.WORDS) is not None:
        salt = token_hex(_SALT)
        words = chain.digest(figures[chain.WORDS], salt)
    row = tx.one(
        audit.RECORD,
        at=now,
        channel=actor.channel,
        actor=actor.id,
        rule=actor.rule,
        what=act.what,
        person=act.person,
        project=act.project,
        figures=json.dumps(figures, ensure_ascii=False),
        salt=salt,
        digest=words,
    )
    assert row is not None  # noqa: S101 - it has just been written
    of = (row.id, now, actor.channel, actor.id, actor.rule, act.what, act.person, act.project)
    tx.last(chain.add, chain.Record(*of, figures, words))
