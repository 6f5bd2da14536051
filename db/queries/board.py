"""Statements for the demonstration's board: what was settled last, and how one person's last item stands."""

from typing import NamedTuple

from db.statement import Statement


class Standing(NamedTuple):
    """What is believed of a task so far."""

    project: int
    item: str
    status: str
    label: str
    confidence: float
    answers: int


_STANDING = "t.project_id, t.item, t.status, t.label, t.confidence, t.answers"

JUST_AGREED = Statement(
    f"""
    SELECT {_STANDING} FROM task t
    WHERE t.status = 'agreed' AND t.label IS NOT NULL AND t.confidence IS NOT NULL
    ORDER BY t.settled_at DESC, t.project_id, t.id LIMIT :most
    """,  # noqa: S608 - put together from constants
    Standing,
)
"""Reads all settled tasks: for sample projects, not for a million items."""

MY_LAST = Statement(
    f"""
    SELECT {_STANDING} FROM answer a
    JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
    JOIN person p ON p.id = a.worker_id
    WHERE p.channel = :channel AND p.external_id = :user AND t.label IS NOT NULL AND t.confidence IS NOT NULL
    ORDER BY a.submitted_at DESC LIMIT 1
    """,  # noqa: S608 - put together from constants
    Standing,
)
"""The last item that this person answered and that has no known answer."""
