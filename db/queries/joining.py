"""Statements on joining: what people say of themselves, what they agree to, by whose invitation they come."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- what they say of themselves


class ProfileRow(NamedTuple):
    """What a person has said of themselves."""

    zone: str
    quiet_from: int | None
    quiet_until: int | None
    likes: str


class Spoken(NamedTuple):
    """A language, and how well it is spoken."""

    language: str
    level: int


class Found(NamedTuple):
    """A number: how many, or that there is something."""

    found: int


ANSWERED = Statement("SELECT COALESCE(SUM(answered), 0) AS found FROM enrolment WHERE worker_id = :person", Found)
PROFILE = Statement("SELECT zone, quiet_from, quiet_until, likes FROM person WHERE id = :person", ProfileRow)
SPOKEN = Statement("SELECT language, level FROM speaks WHERE person_id = :person ORDER BY language", Spoken)
ZONE = change("UPDATE person SET zone = :zone WHERE id = :person")
QUIET = change("UPDATE person SET quiet_from = :start, quiet_until = :end WHERE id = :person")
LIKES = change("UPDATE person SET likes = :likes WHERE id = :person")
AGE = change("UPDATE person SET age = :age WHERE id = :person AND age < :age")
SPEAKS = change("""
    INSERT INTO speaks (person_id, language, level) VALUES (:person, :language, :level)
    ON CONFLICT (person_id, language) DO UPDATE SET level = excluded.level
""")
SPEAKS_NOT = change("DELETE FROM speaks WHERE person_id = :person AND language = :language")

# --------------------------------------------------------------------------- what they agree to


class Agreed(NamedTuple):
    """When a person last agreed to anything."""

    at: int | None


LAST_AGREED = Statement("SELECT MAX(agreed_at) AS at FROM receipt WHERE person_id = :person", Agreed)
RECEIVE = change("""
    INSERT INTO receipt (person_id, version, agreed_at, language, digest)
    VALUES (:person, :version, :now, :language, :digest)
""")
AGREE = change("""
    UPDATE person SET consent = :version, consented_at = :now, gate = CASE WHEN gate < 1 THEN 1 ELSE gate END
    WHERE id = :person
""")
WITHDRAW = change("UPDATE receipt SET withdrawn_at = :now WHERE person_id = :person AND withdrawn_at IS NULL")
UNAGREE = change("UPDATE person SET consent = '', consented_at = NULL, gate = 0 WHERE id = :person")
LEAVE_QUIZZES = change("""
    UPDATE quiz SET state = 'left', ended_at = :now WHERE person_id = :person AND state = 'running'
""")


# --------------------------------------------------------------------------- by whose invitation they come


class InvitationRow(NamedTuple):
    """An invitation as it stands."""

    project: int | None
    inviter: int | None
    places: int | None
    used: int
    ends: int | None


class Code(NamedTuple):
    """What an invitation is known by."""

    code: str


class Project(NamedTuple):
    """The project that an invitation is to."""

    id: int | None


INVITE = change("""
    INSERT INTO invitation (code, project_id, inviter_id, places, used, made_at, ends_at)
    VALUES (:code, :project, :inviter, :places, 0, :now, :ends)
""")
INVITATION = Statement(
    "SELECT project_id, inviter_id, places, used, ends_at FROM invitation WHERE code = :code", InvitationRow
)
OPEN_INVITATION = Statement(
    """
    SELECT code FROM invitation
    WHERE inviter_id = :inviter AND COALESCE(project_id, 0) = :project AND ends_at > :now AND used < places
    ORDER BY made_at DESC, code LIMIT 1
    """,
    Code,
)
"""The newest of somebody's own that still has places, with a number of places and an end. Project 0 for all."""
CAME = Statement("SELECT 1 AS found FROM invited WHERE code = :code AND person_id = :person", Found)
TAKE_PLACE = change("UPDATE invitation SET used = used + 1 WHERE code = :code AND (places IS NULL OR used < places)")
"""One update: of people who come at the same moment only as many get a place as there are."""
COME = change("INSERT INTO invited (code, person_id, at) VALUES (:code, :person, :now)")
CAME_BY = change("UPDATE person SET invitation = :code WHERE id = :person")
WANTED = Statement(
    """
    SELECT v.project_id AS id FROM person p JOIN invitation v ON v.code = p.invitation WHERE p.id = :person
    """,
    Project,
)
WORKS_IN = Statement(
    "SELECT 1 AS found FROM enrolment WHERE project_id = :project AND worker_id = :person AND answered > 0", Found
)
