"""Broadcasts in each state, and what the keys of their screens carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.session import Tx
from db.tables import Broadcast
from tasks.outreach import broadcast
from tasks.outreach.audience import Audience
from tasks.outreach.broadcast import Draft
from tasks.outreach.content import Content, ContentKey
from tasks.outreach.timing import Timing

DRAFT, RUNNING, PAUSED, DONE = 1, 2, 3, 4
"""Their numbers."""

BROADCASTS: Mapping[str, Any] = {
    **{
        f"broadcast.{verb}": DRAFT for verb in ("open", "send", "drop", "look", "attempt", "dropping", "edit", "single")
    },
    **{f"broadcast.{verb}": DRAFT for verb in ("picture", "unpicture", "keys", "places", "who", "when", "waves")},
    **{f"broadcast.{verb}": RUNNING for verb in ("pause", "cancelling", "cancel")},
    "broadcast.resume": PAUSED,
    "broadcast.outcome": DONE,
    "broadcast.home": None,
    "broadcast.new": None,
    "broadcast.new_in": ["ko", "animals"],
    "broadcast.text": [DRAFT, 1, "ko"],
    "broadcast.unwrite": [DRAFT, 0, "ko"],
    "broadcast.key": DRAFT,
    "broadcast.unkey": [DRAFT, 0],
    "broadcast.project": [DRAFT, 0],
    "broadcast.about": [DRAFT, 1],
    "broadcast.placed": [DRAFT, 50],
    "broadcast.pick": [DRAFT, "language", 1],
    "broadcast.narrow": [DRAFT, {"gate": 2}, ""],
    "broadcast.history": [DRAFT, 1],
    "broadcast.asks": [DRAFT, 1],
    "broadcast.timed": [DRAFT, {}],
    "broadcast.hour": [DRAFT, "18:00"],
    "broadcast.clock": [DRAFT, "moment"],
    "broadcast.waved": [DRAFT, 100, 10],
}

_AUDIENCE = Audience(
    gate=2, role="worker", skills=("birds",), languages=("ko",), active_days=7, worked=1, answers=10, never=9,
    measured=1, right=0.9, people=(1, 2, 3, 4),
)  # fmt: skip


def written(project: int) -> Draft:
    """One with all that a broadcast can have."""
    keys = (
        ContentKey({"en": "Open", "ko": "열기"}, "project", project),
        ContentKey({"": "Read"}, "url", "https://example.org"),
    )
    texts = ({"en": "<b>New</b> *photos*", "ko": "새 사진"}, {"en": "x" * 900})
    return Draft(
        Content(texts, "ab", keys), _AUDIENCE, Timing(day="2026-12-24", minute=1110, wave=5, every=2), project, 50
    )


def add_broadcasts(tx: Tx, project: int, now: int) -> None:
    """One in each state."""
    made = written(project)
    said = {"content": made.content.pack(), "audience": made.audience.pack(), "timing": made.timing.pack()}
    counts = {"total": 1_000, "sent": 500, "failed": 3, "blocked": 7, "starts_at": now, "began_at": now - 20_000}
    for number, state in ((DRAFT, "draft"), (RUNNING, "running"), (PAUSED, "paused"), (DONE, "done"), (5, "waiting")):
        values: dict[str, Any] = {**said, **(counts if number in {RUNNING, PAUSED, DONE} else {})}
        values |= {"ended_at": now} if state == "done" else {}
        tx.orm.add(Broadcast(id=number, state=state, project_id=project, places=50, made_at=now, **values))


def memory(project: int) -> Mapping[str, Any]:
    """Of a conversation that stands at the draft, as it is."""
    return {"number": DRAFT, "seen": broadcast.mark(written(project)), "place": "draft"}
