"""Records of what people in charge and rules have done: who, what, to whom, with which figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from db.queries import audit
from db.session import Tx


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
    """Write it down, in the transaction in which it is done."""
    tx.run(
        audit.RECORD,
        at=now,
        channel=actor.channel,
        actor=actor.id,
        rule=actor.rule,
        what=act.what,
        person=act.person,
        project=act.project,
        figures=json.dumps(act.figures, ensure_ascii=False),
    )
