"""Statements on what came of a broadcast: who got which text and began to work, and why others did not get it."""

from typing import NamedTuple

from db.statement import Statement


class Got(NamedTuple):
    """How many people have got one of the texts, or have got it and worked since."""

    variant: int
    n: int


class Missed(NamedTuple):
    """How many did not get it, by what became of the message and what the channel said."""

    state: str
    why: str
    n: int


SENT = Statement(
    """
    SELECT variant, COUNT(*) AS n FROM delivery WHERE broadcast_id = :broadcast AND state = 'sent'
    GROUP BY variant ORDER BY variant
    """,
    Got,
)
MISSED = Statement(
    """
    SELECT state, why, COUNT(*) AS n FROM delivery
    WHERE broadcast_id = :broadcast AND state IN ('failed', 'blocked', 'dropped')
    GROUP BY state, why ORDER BY n DESC, state, why LIMIT :most
    """,
    Missed,
)
_BEGAN = """
    SELECT d.variant, COUNT(*) AS n
    FROM (
        SELECT worker_id, MAX(offered_at) AS last FROM assignment
        WHERE offered_at >= :since AND {which} GROUP BY worker_id
    ) w
    JOIN delivery d ON d.broadcast_id = :broadcast AND d.person_id = w.worker_id
    WHERE d.state = 'sent' AND d.sent_at <= w.last GROUP BY d.variant ORDER BY d.variant
"""
BEGAN_IN = Statement(_BEGAN.format(which="project_id = :project"), Got)
"""Who was given an item of that project after they got it: each person once. Read outside of any turn."""
BEGAN = Statement(_BEGAN.format(which="project_id > 0"), Got)
"""The same of any project."""
