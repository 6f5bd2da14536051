"""Statements on schedules: what is due, how it went, and how each of them stands."""

from typing import NamedTuple

from db.statement import Statement, change


class Row(NamedTuple):
    """A schedule. ``arguments`` is JSON; ``last_error`` is words (JSON), empty where it went well."""

    id: int
    name: str
    what: str
    cron: str
    zone: str
    every_ms: int
    arguments: str
    paused: bool
    next_at: int | None
    last_at: int | None
    last_ms: int
    last_error: str
    made_by: int | None


_ROW = """
    SELECT id, name, what, cron, zone, every_ms, arguments, paused, next_at, last_at, last_ms, last_error, made_by
    FROM schedule
"""
ALL = Statement(f"{_ROW} ORDER BY id", Row)
DUE = Statement(f"{_ROW} WHERE next_at <= :now ORDER BY next_at, id", Row)
ONE = Statement(f"{_ROW} WHERE name = :name", Row)
LOCKED = Statement(f"{_ROW} WHERE name = :name", Row, postgresql=f"{_ROW} WHERE name = :name FOR UPDATE")

ADD = change("""
    INSERT INTO schedule (name, what, cron, zone, every_ms, arguments, paused, next_at, last_ms, last_error, made_by)
    VALUES (:name, :what, :cron, :zone, :every, :arguments, FALSE, :due, 0, '', :actor)
    ON CONFLICT (name) DO NOTHING
""")
PAUSE = change("UPDATE schedule SET paused = TRUE, next_at = NULL WHERE name = :name AND NOT paused")
GO_ON = change("UPDATE schedule SET paused = FALSE, next_at = :due WHERE name = :name AND paused")
BRING_ON = change("UPDATE schedule SET next_at = :now WHERE name = :name")
RETIME = change("""
    UPDATE schedule SET cron = :cron, zone = :zone, every_ms = :every, arguments = :arguments, next_at = :due
    WHERE name = :name
""")
REMOVE = change("DELETE FROM schedule WHERE name = :name")

TAKE = change("""
    UPDATE schedule SET next_at = CASE WHEN paused THEN NULL ELSE :due END WHERE id = :id AND next_at = :was
""")
"""Whoever moves a row that is due does what it says: nobody else finds it due any more."""
RAN = change("UPDATE schedule SET last_at = :began, last_ms = :took, last_error = :error WHERE id = :id")

# --------------------------------------------------------------------------- projects that open and close by themselves


class Times(NamedTuple):
    """When a project was made, launched, closed and emptied."""

    created_at: int
    launched_at: int | None
    closed_at: int | None
    emptied_at: int | None


TIMES = Statement("SELECT created_at, launched_at, closed_at, emptied_at FROM project WHERE id = :project", Times)


class At(NamedTuple):
    """A moment, if there is one."""

    at: int | None


REVISED = Statement("SELECT MAX(at) FROM audit WHERE project_id = :project AND what = 'revise'", At)


class Count(NamedTuple):
    """How many."""

    n: int


ASKED = Statement(
    """
    SELECT 1 FROM approval
    WHERE what = 'launch' AND amount = :amount AND currency = :currency AND arguments IN (:arguments, :by_rule) LIMIT 1
    """,
    Count,
)
"""Whether a second admin was ever asked for just this, by somebody or by a rule."""
OPEN_CASES = Statement(
    """
    SELECT COUNT(*) FROM review_case
    WHERE project_id = :project AND what IN ('dispute', 'appeal') AND state IN ('open', 'senior')
    """,
    Count,
)

# --------------------------------------------------------------------------- who is told


class Reader(NamedTuple):
    """Somebody who is written to, and where they are."""

    id: int
    zone: str


_READER = "SELECT id, zone FROM person WHERE erased_at IS NULL AND suspended_at IS NULL"
IN_CHARGE = Statement(f"{_READER} AND role <> 'worker' AND role IN ('admin', 'owner') ORDER BY id", Reader)
BY_CHANNEL = Statement(f"{_READER} AND channel = :channel AND external_id = :user", Reader)
CAUSED = Statement("SELECT 1 FROM delivery WHERE cause = :cause", Count)
"""Whether it has brought about a message."""
BY_NUMBER = Statement(f"{_READER} AND id = :person", Reader)
