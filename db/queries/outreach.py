"""Statements on broadcasts and on deliveries: what is to be sent, what is being sent, what became of it."""

from typing import NamedTuple

from db.statement import Statement, change


class Id(NamedTuple):
    """A number by which something is known."""

    id: int


class BroadcastRow(NamedTuple):
    """A broadcast as it stands; content, audience and timing are JSON."""

    id: int
    state: str
    project: int | None
    made_by: int | None
    made_at: int
    content: str
    audience: str
    timing: str
    places: int | None
    invitation: str
    shown: int | None
    starts_at: int | None
    after: int
    total: int
    sent: int
    failed: int
    blocked: int
    dropped: int
    began_at: int | None
    ended_at: int | None


_BROADCAST = """
    SELECT id, state, project_id, made_by, made_at, content, audience, timing, places, invitation, shown, starts_at,
           after, total, sent, failed, blocked, dropped, began_at, ended_at
    FROM broadcast
"""

BROADCAST = Statement(f"{_BROADCAST} WHERE id = :broadcast", BroadcastRow)
LOCK_BROADCAST = Statement(
    f"{_BROADCAST} WHERE id = :broadcast", BroadcastRow, f"{_BROADCAST} WHERE id = :broadcast FOR NO KEY UPDATE"
)
LISTED = Statement(f"{_BROADCAST} WHERE id < :before ORDER BY id DESC LIMIT :most", BroadcastRow)
UNDER_WAY = Statement(f"{_BROADCAST} WHERE state IN ('choosing', 'running', 'paused') ORDER BY id", BroadcastRow)
DRAFT = Statement(
    """
    INSERT INTO broadcast (state, project_id, made_by, made_at, content, audience, timing, places, after, total, sent,
        failed, blocked, dropped)
    VALUES ('draft', :project, :person, :now, :said, :meant, :planned, :places, 0, 0, 0, 0, 0, 0)
    RETURNING id
    """,
    Id,
)
REDRAFT = change("""
    UPDATE broadcast SET project_id = :project, content = :said, audience = :meant, timing = :planned, places = :places
    WHERE id = :broadcast
""")
STATE = change("UPDATE broadcast SET state = :state WHERE id = :broadcast")
END = change("UPDATE broadcast SET state = :state, ended_at = :now WHERE id = :broadcast")
SEND = change("""
    UPDATE broadcast SET state = 'choosing', starts_at = :now, invitation = :code WHERE id = :broadcast
""")


class Maker(NamedTuple):
    """Somebody who sends a broadcast, and what the database says of them."""

    id: int
    channel: str
    user: str
    role: str
    suspended_at: int | None
    erased_at: int | None


_GOING = "b.state IN ('choosing', 'running', 'paused') AND b.state <> 'paused'"
"""As the index of what is under way has it, so that it is found by it."""
MAKERS = Statement(
    f"""
    SELECT p.id, p.channel, p.external_id, p.role, p.suspended_at, p.erased_at FROM person p
    WHERE p.id IN (SELECT b.made_by FROM broadcast b WHERE {_GOING}) ORDER BY p.id
    """,  # noqa: S608 - constants
    Maker,
)


class Going(NamedTuple):
    """A broadcast that is being sent, and by whom."""

    id: int
    made_by: int | None


INTO_CLOSED = Statement(
    f"""
    SELECT b.id, b.made_by FROM broadcast b JOIN project r ON r.id = b.project_id
    WHERE {_GOING} AND r.state = 'closed' ORDER BY b.id
    """,  # noqa: S608 - constants
    Going,
)
CLOSED = Statement("SELECT id FROM project WHERE id = :project AND state = 'closed'", Id)
RESUME = change("UPDATE broadcast SET state = :state, made_by = :person WHERE id = :broadcast")

# --------------------------------------------------------------------------- messages of the bot's own accord

REMIND = change("""
    INSERT INTO delivery (person_id, topic, cause, words, variant, state, due_at, tries, message_id, why)
    SELECT p.id, :topic, :cause, :words, 0, 'queued', :due, 0, '', '' FROM person p
    WHERE p.id = :person AND p.erased_at IS NULL AND p.blocked_at IS NULL AND p.muted NOT LIKE :muted
    ON CONFLICT (cause) DO NOTHING
""")
"""Only for whoever can be reached and has not said that they want none. ``muted`` is a pattern."""
