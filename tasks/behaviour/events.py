"""Raw events: everything seen of how an assignment was worked on, added in the turn that it happened in."""

from __future__ import annotations

import json
from typing import Any, Literal

from db.queries import behaviour
from db.session import Tx

What = Literal[
    "offered",
    "delivered",
    "tap",
    "change",
    "instructions",
    "media",
    "undo",
    "skip",
    "report",
    "submit",
    "edit",
    "retry",
    "redo",
]
"""``tap`` is the first one, where it did not hand the answer in; ``edit`` hands in once more what was taken back, or
sent back by a reviewer (``redo``)."""


def happened(tx: Tx, project: int, task: int, worker: int, at: int, what: What, detail: Any = None) -> None:
    """Add an event. ``detail`` is JSON: ``[from, to]`` of a change, the reason of a skip, what undo or redo took."""
    tx.later(
        behaviour.HAPPENED,
        project=project,
        worker=worker,
        task=task,
        at=at,
        what=what,
        detail=None if detail is None else json.dumps(detail, ensure_ascii=False),
    )
