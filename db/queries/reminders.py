"""Statements on reminders: what there is to remind of, and whether somebody wants to be reminded just now."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- at the moment of sending


class Reached(NamedTuple):
    """Somebody who is about to be sent a message: what decides whether they are, and when."""

    person: int
    channel: str
    language: str
    zone: str
    role: str
    consent: str
    age: int
    gate: int
    quiet_from: int | None
    quiet_until: int | None
    muted: str
    suspended_at: int | None
    blocked_at: int | None
    erased_at: int | None
    notices: int
    joined_at: int
    seen_at: int
    paused_until: int | None
    """Until when they get no new items anywhere; it may be over."""


_REACHED = """
    SELECT p.id, p.channel, p.language, p.zone, p.role, p.consent, p.age, p.gate, p.quiet_from, p.quiet_until, p.muted,
           p.suspended_at, p.blocked_at, p.erased_at, p.notices, p.joined_at,
           COALESCE(c.seen_at, 0), p.paused_until
    FROM person p LEFT JOIN conversation c ON c.person_id = p.id WHERE p.id = :person
"""

REACHED = Statement(_REACHED, Reached, postgresql=_REACHED + " FOR NO KEY UPDATE OF p SKIP LOCKED")
"""Locked as their own turns lock them; whoever is in one just now is left alone: no row."""


class Count(NamedTuple):
    """How many."""

    n: int


SENT = Statement(
    """
    SELECT (SELECT COUNT(*) FROM delivery WHERE person_id = :person AND sent_at >= :since)
         + (SELECT COUNT(*) FROM delivery
            WHERE person_id = :person AND sent_at IS NULL AND state = 'sending'
                AND (taken_at < :now OR id < :delivery) AND id <> :delivery)
    """,
    Count,
)
"""What has come to them by itself since then, and what is on its way: also of those taken with it, what goes first."""


class Moment(NamedTuple):
    """When something happened last; empty where it never has."""

    at: int | None


LAST_OF = Statement(
    """
    SELECT MAX(sent_at) FROM delivery
    WHERE person_id = :person AND sent_at >= :since AND topic = :topic AND state = 'sent'
    """,
    Moment,
)


class Leased(NamedTuple):
    """How a lease stands."""

    state: str
    lease_ends: int
    project_state: str


LEASED = Statement(
    """
    SELECT a.state, a.lease_ends, p.state FROM assignment a JOIN project p ON p.id = a.project_id
    WHERE a.project_id = :project AND a.task_id = :task AND a.worker_id = :person
    """,
    Leased,
)

FILL = change("UPDATE delivery SET words = :words WHERE id = :delivery")
DROP = change("UPDATE delivery SET state = 'dropped', taken_at = NULL WHERE id = :delivery AND broadcast_id IS NULL")

# --------------------------------------------------------------------------- what there is to remind of


class Unfinished(NamedTuple):
    """A lease that ends soon, of somebody who has gone away."""

    project: int
    task: int
    worker: int
    lease_ends: int


UNFINISHED = Statement(
    """
    SELECT a.project_id, a.task_id, a.worker_id, a.lease_ends
    FROM assignment a JOIN conversation c ON c.person_id = a.worker_id
    WHERE a.state = 'offered' AND a.lease_ends > :after AND a.lease_ends <= :until AND c.seen_at <= :gone
        AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.cause = 'assignment:' || a.project_id || ':' || a.task_id
            || ':' || a.worker_id || ':' || a.lease_ends)
    ORDER BY a.lease_ends LIMIT :most
    """,
    Unfinished,
)


class Waiting(NamedTuple):
    """A notice that waits for somebody, and the oldest that waits for them of the same switch."""

    id: int
    person: int
    topic: str
    at: int
    oldest: int
    seen_at: int
    queued: int
    """Messages that will tell it, and are not sent yet."""


WAITING = Statement(
    """
    SELECT n.id, n.person_id, n.topic, n.at,
           (SELECT MIN(m.id) FROM notice m WHERE m.person_id = n.person_id
                AND (CASE WHEN m.topic = 'qualification' THEN 1 ELSE 0 END)
                  = (CASE WHEN n.topic = 'qualification' THEN 1 ELSE 0 END)),
           c.seen_at,
           (SELECT COUNT(*) FROM delivery d WHERE d.person_id = n.person_id AND d.sent_at IS NULL
                AND d.state IN ('queued', 'sending')
                AND CASE WHEN n.topic = 'qualification' THEN SUBSTR(d.cause, 1, 14) = 'qualification:'
                    ELSE SUBSTR(d.cause, 1, 7) = 'notice:' END)
    FROM notice n JOIN conversation c ON c.person_id = n.person_id
    WHERE n.id > :after ORDER BY n.id LIMIT :most
    """,
    Waiting,
)


class Opened(NamedTuple):
    """A project that gives work, and since when."""

    project: int
    opened_at: int


OPENED = Statement(
    """
    SELECT id, opened_at FROM project WHERE state = 'live' AND opened_at > :since ORDER BY opened_at DESC LIMIT :most
    """,
    Opened,
)


class Invited(NamedTuple):
    """Somebody who came by an invitation to a project."""

    person: int
    zone: str


INVITED = Statement(
    """
    SELECT DISTINCT i.person_id, p.zone
    FROM invited i JOIN invitation v ON v.code = i.code JOIN person p ON p.id = i.person_id
    WHERE v.project_id = :project AND i.person_id > :after AND i.person_id <= :upto ORDER BY i.person_id
    """,
    Invited,
)

# --------------------------------------------------------------------------- people's own switches


class Muted(NamedTuple):
    """What somebody wants no messages of (JSON)."""

    muted: str


MUTED = Statement("SELECT muted FROM person WHERE id = :person", Muted)
MUTE = change("UPDATE person SET muted = :muted WHERE id = :person")
