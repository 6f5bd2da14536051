"""What somebody wants to hear of when they are not here: a switch for each topic, theirs alone."""

from __future__ import annotations

import json

from db.queries import reminders
from db.session import Tx
from tasks.access import may
from tasks.outreach.queue import TOPICS

_WISHED = frozenset({"digest"})
"""Topics that are off until they are wished for, but for people in charge."""


def refused(muted: str, topic: str) -> bool:
    """Whether they have said that they want none of a topic; ``muted`` is what their row has (JSON)."""
    return topic in json.loads(muted)


def _wants(muted: str, topic: str, role: str) -> bool:
    """Whether somebody of that role wants messages of a topic."""
    if refused(muted, topic):
        return False
    return topic not in _WISHED or _wished(topic) in json.loads(muted) or may(role, "request")


def switches(tx: Tx, person: int, role: str) -> dict[str, bool]:
    """Each topic, and whether they want messages of it."""
    muted = _muted(tx, person)
    return {topic: _wants(muted, topic, role) for topic in TOPICS}


def switch(tx: Tx, person: int, topic: str, *, on: bool) -> None:
    """From now on they want messages of this topic, or none."""
    if topic not in TOPICS:
        return
    said = set(json.loads(_muted(tx, person))) - {topic, _wished(topic)}
    if not on:
        said.add(topic)
    elif topic in _WISHED:
        said.add(_wished(topic))
    tx.run(reminders.MUTE, person=person, muted=json.dumps(sorted(said)))


def _wished(topic: str) -> str:
    return f"+{topic}"


def _muted(tx: Tx, person: int) -> str:
    row = tx.one(reminders.MUTED, person=person)
    return row.muted if row else "[]"
