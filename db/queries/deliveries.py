"""Statements on deliveries: whom a broadcast is for, what is being sent, what became of it, what a press means."""

from typing import NamedTuple

from db.queries.outreach import Id
from db.statement import Statement, change

# --------------------------------------------------------------------------- whom a broadcast is for, stored

ADD = change("""
    INSERT INTO delivery (broadcast_id, person_id, topic, variant, state, due_at, tries, message_id, why)
    VALUES (:broadcast, :person, 'broadcast', :variant, 'queued', :due, 0, '', '')
    ON CONFLICT (broadcast_id, person_id) DO NOTHING
""")
CHOSEN = change("UPDATE broadcast SET after = :upto, total = total + :n WHERE id = :broadcast")
BEGIN = change("UPDATE broadcast SET state = 'running', began_at = :now WHERE id = :broadcast")
CHOOSING = Statement("SELECT id FROM broadcast WHERE state = 'choosing' ORDER BY id", Id)
RUNNING = Statement("SELECT id FROM broadcast WHERE state = 'running' ORDER BY id", Id)

# --------------------------------------------------------------------------- taken, sent, settled

_DUE = """
    SELECT id FROM delivery WHERE broadcast_id {of} AND state = 'queued' AND due_at <= :now
    ORDER BY due_at, id LIMIT :most
"""
_TAKE = "UPDATE delivery SET state = 'sending', taken_at = :now"


def _claim(of: str) -> Statement[Id]:
    """Whatever another process is taking just now is passed over. PostgreSQL may ask a subquery more than once."""
    due = _DUE.format(of=of)
    return Statement(
        f"{_TAKE} WHERE id IN ({due}) RETURNING id",
        Id,
        f"WITH due AS MATERIALIZED ({due} FOR UPDATE SKIP LOCKED) "
        f"{_TAKE} FROM due WHERE delivery.id = due.id RETURNING delivery.id",
    )


CLAIM = _claim("= :broadcast")
CLAIM_REMINDERS = _claim("IS NULL")


class Taken(NamedTuple):
    """A message that is being sent, and where to."""

    id: int
    broadcast: int | None
    person: int
    topic: str
    cause: str | None
    words: str | None
    variant: int
    due_at: int
    tries: int
    message_id: str
    channel: str
    chat: str
    language: str
    zone: str
    taken_at: int | None


_TAKEN = """
    SELECT d.id, d.broadcast_id, d.person_id, d.topic, d.cause, d.words, d.variant, d.due_at, d.tries, d.message_id,
           p.channel, COALESCE(c.chat, p.external_id), p.language, p.zone, d.taken_at
    FROM delivery d JOIN person p ON p.id = d.person_id LEFT JOIN conversation c ON c.person_id = d.person_id
"""
TAKEN = Statement(f"{_TAKEN} WHERE d.id = :delivery", Taken)
NEWEST_SENT = Statement(
    f"{_TAKEN} WHERE d.broadcast_id = :broadcast AND d.state = 'sent' AND p.blocked_at IS NULL"
    " ORDER BY d.sent_at DESC, d.id DESC LIMIT :most",
    Taken,
)
"""Reads all of a broadcast: outside of any turn."""
LATER = change("UPDATE delivery SET state = 'queued', taken_at = NULL, due_at = :due WHERE id = :delivery")
SETTLE = change("""
    UPDATE delivery
    SET state = :state, sent_at = :sent_at, message_id = :message_id, why = :why, due_at = :due, tries = tries + :tried,
        taken_at = NULL
    WHERE id = :delivery AND state = 'sending' AND taken_at = :taken_at
""")
IN_HAND = Statement("SELECT id FROM delivery WHERE id = :delivery AND state = 'sending' AND taken_at = :taken_at", Id)
"""Whether it still is in the hand of who took it then."""
_LOCK = "SELECT id FROM broadcast WHERE id = :broadcast"
LOCK = Statement(_LOCK, Id, f"{_LOCK} FOR NO KEY UPDATE")
COUNT = change("""
    UPDATE broadcast SET sent = sent + :sent, failed = failed + :failed, blocked = blocked + :blocked,
        dropped = dropped + :dropped
    WHERE id = :broadcast
""")
TAKEN_BEFORE = Statement("SELECT id FROM delivery WHERE state = 'sending' AND taken_at < :before", Id)
"""In no order: to SQLite an order by number is a reason to read all that was ever sent."""
TAKE_BACK = change("""
    UPDATE delivery SET state = 'queued', taken_at = NULL, tries = tries + 1
    WHERE id = :delivery AND state = 'sending' AND taken_at < :before
""")

# --------------------------------------------------------------------------- the end of it

_LEFT = "SELECT 1 FROM delivery d WHERE d.broadcast_id = b.id AND d.state = 'queued' AND d.due_at >= 0"
"""The time makes SQLite look in the queue, and not through all that was sent."""
_IN_FLIGHT = "SELECT 1 FROM delivery s WHERE +s.broadcast_id = b.id AND s.state = 'sending'"
FINISHED = Statement(
    f"SELECT b.id FROM broadcast b WHERE b.state = 'running' AND NOT EXISTS ({_LEFT}) AND NOT EXISTS ({_IN_FLIGHT})",  # noqa: S608 - constants
    Id,
)
CALLED_OFF = Statement(f"SELECT b.id FROM broadcast b WHERE b.state = 'cancelled' AND EXISTS ({_LEFT})", Id)  # noqa: S608 - constants
DROP = change("""
    UPDATE delivery SET state = 'dropped'
    WHERE id IN (SELECT id FROM delivery WHERE broadcast_id = :broadcast AND state = 'queued' ORDER BY due_at, id
        LIMIT :most)
""")


class Limited(NamedTuple):
    """A broadcast for so many people: how many places are taken, and what its messages say so far."""

    id: int
    places: int
    used: int
    shown: int | None
    in_flight: int


LIMITED = Statement(
    f"""
    SELECT b.id, b.places, v.used, b.shown, CASE WHEN EXISTS ({_IN_FLIGHT}) THEN 1 ELSE 0 END
    FROM broadcast b JOIN invitation v ON v.code = b.invitation
    WHERE b.places IS NOT NULL AND b.state IN ('running', 'paused', 'cancelled', 'done')
        AND COALESCE(b.shown, b.places) > 0
    ORDER BY b.id
    """,  # noqa: S608 - constants
    Limited,
)
SHOWN = change("UPDATE broadcast SET shown = :shown WHERE id = :broadcast")


class Watcher(NamedTuple):
    """Whoever sends a broadcast and looks at it just now."""

    broadcast: int
    channel: str
    user: str
    chat: str


_WATCHER = """
    SELECT b.id, p.channel, p.external_id, c.chat FROM broadcast b
    JOIN person p ON p.id = b.made_by JOIN conversation c ON c.person_id = p.id
    WHERE c.flow = 'broadcast'
"""
WATCHERS = Statement(f"{_WATCHER} AND b.state IN ('choosing', 'running') ORDER BY b.id", Watcher)
WATCHER = Statement(f"{_WATCHER} AND b.id = :broadcast", Watcher)


class Pressed(NamedTuple):
    """A message that somebody got: what decides where its keys lead."""

    person: int
    topic: str
    words: str | None
    broadcast: int | None
    content: str | None
    project: int | None
    code: str | None
    state: str


PRESSED = Statement(
    """
    SELECT d.person_id, d.topic, d.words, d.broadcast_id, b.content, b.project_id, b.invitation, d.state
    FROM delivery d LEFT JOIN broadcast b ON b.id = d.broadcast_id WHERE d.id = :delivery
    """,
    Pressed,
)


class Queue(NamedTuple):
    """How many messages of the bot's own accord wait, are due, and are being sent."""

    queued: int
    due: int
    sending: int


QUEUE = Statement(
    """
    SELECT (SELECT COUNT(*) FROM delivery WHERE state = 'queued'),
           (SELECT COUNT(*) FROM delivery WHERE state = 'queued' AND due_at <= :now),
           (SELECT COUNT(*) FROM delivery WHERE state = 'sending')
    """,
    Queue,
)
"""Reads the whole queue: outside of any turn."""
