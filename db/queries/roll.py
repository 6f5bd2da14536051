"""Statements that list people by what they are: a page each, from where the last one ended, along an index."""

from typing import NamedTuple

from db.queries.staff import Listed
from db.statement import Statement

_COLUMNS = "p.id, p.channel, p.external_id, p.role, p.gate, p.language, p.joined_at, p.suspended_at, p.erased_at"


def _by_number(what: str, source: str = "person p") -> Statement[Listed]:
    return Statement(
        f"""
        SELECT {_COLUMNS} FROM {source} WHERE {what} AND p.erased_at IS NULL AND p.id > :after
        ORDER BY p.id LIMIT :most
        """,  # noqa: S608 - put together from constants
        Listed,
    )


def _among(numbers: str) -> Statement[Listed]:
    """People whose numbers a statement gives: those after ``:after``, in order, so many at the most."""
    return Statement(
        f"""
        SELECT {_COLUMNS} FROM ({numbers}) n JOIN person p ON p.id = n.id ORDER BY p.id LIMIT :most
        """,  # noqa: S608 - put together from constants
        Listed,
    )


EVERYBODY = _by_number("TRUE")
WORKERS = _by_number("p.role = 'worker'")
IN_CHARGE = _by_number("p.role <> 'worker' AND p.role = :role")
AT_GATE = _by_number("p.gate = :gate")
SPEAKING = _by_number("p.language = :language")
SUSPENDED = _by_number("p.suspended_at IS NOT NULL")
UNREACHABLE = _by_number("p.blocked_at IS NOT NULL")
NEWEST = Statement(
    f"SELECT {_COLUMNS} FROM person p WHERE p.erased_at IS NULL AND p.id < :after ORDER BY p.id DESC LIMIT :most",  # noqa: S608 - constants
    Listed,
)
IN_DOUBT = _among("""
    SELECT DISTINCT e.worker_id AS id FROM enrolment e JOIN person q ON q.id = e.worker_id
    WHERE e.doubts IS NOT NULL AND e.worker_id > :after AND q.id > :after AND q.erased_at IS NULL
    ORDER BY 1 LIMIT :most
""")
PAUSED = _among("""
    SELECT id FROM (
        SELECT q.id FROM person q WHERE q.paused_until IS NOT NULL AND q.paused_until > :now AND q.id > :after
        ORDER BY q.id LIMIT :most) resting
    UNION SELECT id FROM (
        SELECT e.worker_id AS id FROM enrolment e JOIN person q ON q.id = e.worker_id
        WHERE e.paused_until IS NOT NULL AND e.paused_until > :now AND e.worker_id + 0 > :after
            AND q.erased_at IS NULL
        ORDER BY e.worker_id + 0 LIMIT :most) stopped
""")
"""By an admin in all projects, or by a rule in one: of these all that are paused just now are looked at (``+ 0`` keeps
planners from walking all enrolments by number instead)."""
WORKING_ON = _among("""
    SELECT e.worker_id AS id FROM enrolment e JOIN person q ON q.id = e.worker_id
    WHERE e.project_id = :project AND e.worker_id > :after AND q.id > :after AND q.erased_at IS NULL
    ORDER BY e.worker_id LIMIT :most
""")
HOLDING = _among("""
    SELECT s.person_id AS id FROM qualification s
    WHERE s.skill = :skill AND s.person_id > :after AND (s.ends_at IS NULL OR s.ends_at > :now)
    ORDER BY s.person_id LIMIT :most
""")


def _by_day(days: str) -> Statement[Listed]:
    """Whoever was here last comes first; the page begins after the day ``:seen`` and the number ``:after``."""
    return Statement(
        f"""
        SELECT {_COLUMNS} FROM person p
        WHERE {days} AND (p.seen_day, p.id) < (:seen, :after) AND p.erased_at IS NULL
        ORDER BY p.seen_day DESC, p.id DESC LIMIT :most
        """,  # noqa: S608 - put together from constants
        Listed,
    )


ACTIVE = _by_day("p.seen_day >= :day")
SILENT = _by_day("p.seen_day < :day")


class Seen(NamedTuple):
    """The day (since 1970 UTC) on which somebody was last here."""

    day: int


SEEN = Statement("SELECT seen_day FROM person WHERE id = :person", Seen)

# --------------------------------------------------------------------------- what there is to choose from


class Word(NamedTuple):
    """A language or a skill; None after the last."""

    word: str | None


NEXT_LANGUAGE = Statement("SELECT MIN(language) FROM person WHERE language > :named", Word)
NEXT_SKILL = Statement("SELECT MIN(skill) FROM qualification WHERE skill > :named", Word)
"""The next after one, by the index: as quick for a million people as for ten."""

# --------------------------------------------------------------------------- how many


class Counts(NamedTuple):
    """How many people there are, and how many of them have been here since a day."""

    people: int
    active: int


COUNTS = Statement(
    """
    SELECT (SELECT COUNT(*) FROM person WHERE erased_at IS NULL),
           (SELECT COUNT(*) FROM person WHERE seen_day >= :day)
    """,
    Counts,
)
"""It looks at everybody: never in a turn."""
