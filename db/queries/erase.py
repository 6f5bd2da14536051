"""Statements that take a person out of the rows of their work, and themselves away. ``person`` is their number."""

from typing import NamedTuple

from db.statement import Statement, change


class Worked(NamedTuple):
    """A project that a person has been in."""

    project: int


WORKED = Statement("SELECT project_id FROM enrolment WHERE worker_id = :person ORDER BY project_id", Worked)


class ActOn(NamedTuple):
    """What was done to a person, and its figures (JSON)."""

    id: int
    figures: str


ACTS_ON = Statement(
    "SELECT id, figures FROM audit WHERE person_id = :person AND rule = '' ORDER BY id",
    ActOn,
)
"""By people: what a rule gives as a reason is no words about anybody."""
PLAIN_ACT = change("UPDATE audit SET figures = :figures, salt = '' WHERE id = :id")

PLAIN_ASSIGNMENTS = change("""
    UPDATE assignment SET channel = '', hour = NULL, retries = 0, budget_id = NULL
    WHERE project_id = :project AND worker_id = :person
      AND task_id IN (SELECT task_id FROM event WHERE project_id = :project AND worker_id = :person)
""")
"""Where, at which hour of their day and over which network somebody worked says who they are.

So does pay: what they gave up must not be paid or taken back by whatever is decided later.
Found by the events, which have an index by person; what has none is older than these columns."""

NOTHING_DUE = change("""
    UPDATE answer SET due_at = NULL
    WHERE project_id = :project AND worker_id = :person AND due_at IS NOT NULL
      AND task_id IN (SELECT task_id FROM event WHERE project_id = :project AND worker_id = :person)
""")
"""Their pay is on hold no longer: they have given it up."""

PLAIN_EVENTS = change("""
    UPDATE event SET detail = NULL WHERE project_id = :project AND worker_id = :person AND detail IS NOT NULL
""")
"""Details may hold what was typed and not handed in."""

PLAIN_ENROLMENTS = change("""
    UPDATE enrolment
    SET last_task = NULL, doubts = NULL, paused_until = NULL, paused_for = NULL,
        fired = '{}', skips_in_row = 0, recent_gold = NULL, recent_agreed = NULL, recent_reviewed = NULL
    WHERE worker_id = :person
""")
"""What their answers count for (``seen``, ``correct``, ``confusion``, ``doubt``) stays, or labels would change."""


class Case(NamedTuple):
    """A case that is about somebody's answer."""

    project: int
    task: int


APPEALS = Statement(
    """
    SELECT project_id, task_id FROM review_case
    WHERE worker_id = :person AND what = 'appeal' AND state IN ('open', 'senior') ORDER BY project_id, task_id
    """,
    Case,
)
PLAIN_CASES = change("UPDATE review_case SET words = '', why = '' WHERE worker_id = :person")
"""What they wrote, and what was written about their answers."""


class Noted(NamedTuple):
    """A case whose verdict quotes a reviewer."""

    case: int


NOTED = Statement(
    """
    SELECT v.case_id FROM vote v JOIN review_case c ON c.id = v.case_id
    WHERE v.reviewer_id = :person AND v.note <> '' AND c.why <> '' AND c.decided_by IS NULL ORDER BY v.case_id
    """,
    Noted,
)


class Note(NamedTuple):
    """What somebody else wrote to their vote."""

    note: str


NOTES = Statement(
    """
    SELECT note FROM vote
    WHERE case_id = :case_id AND reviewer_id <> :person AND state = 'voted' AND agreed AND NOT planted
    ORDER BY voted_at, reviewer_id
    """,
    Note,
)
"""Of the votes that spoke for the verdict."""
UNQUOTE = change("UPDATE review_case SET why = :why WHERE id = :case_id")
PLAIN_VOTES = change("UPDATE vote SET note = '' WHERE reviewer_id = :person AND note <> ''")
PLAIN_REJECTIONS = change("UPDATE mass_rejection SET why = '' WHERE worker_id = :person")

WITHDRAW_PROPOSALS = change("""
    UPDATE proposal SET decided_at = :now, accepted = FALSE WHERE person_id = :person AND decided_at IS NULL
""")
FREE_INVITATIONS = change("UPDATE invitation SET inviter_id = NULL WHERE inviter_id = :person")

DROP_HABIT = change("DELETE FROM habit WHERE project_id = :project AND worker_id = :person")
DROP_DAYS = change("DELETE FROM day WHERE person_id = :person")
DROP_NOTICES = change("DELETE FROM notice WHERE person_id = :person")
DROP_SPEAKS = change("DELETE FROM speaks WHERE person_id = :person")
DROP_RECEIPTS = change("DELETE FROM receipt WHERE person_id = :person")
DROP_INVITED = change("DELETE FROM invited WHERE person_id = :person")
DROP_QUALIFICATIONS = change("DELETE FROM qualification WHERE person_id = :person")
DROP_QUIZZES = change("DELETE FROM quiz WHERE person_id = :person")


class Unsent(NamedTuple):
    """A broadcast that has not reached a person yet."""

    broadcast: int


UNSENT = Statement(
    """
    SELECT broadcast_id FROM delivery
    WHERE person_id = :person AND state IN ('queued', 'sending') AND broadcast_id IS NOT NULL ORDER BY broadcast_id
    """,
    Unsent,
)
COUNT_DROPPED = change("""
    UPDATE broadcast SET dropped = dropped + 1
    WHERE id IN (SELECT broadcast_id FROM delivery
        WHERE person_id = :person AND state IN ('queued', 'sending') AND broadcast_id IS NOT NULL)
""")
DROP_DELIVERIES = change("DELETE FROM delivery WHERE person_id = :person")
DROP_REMARKS = change("DELETE FROM remark WHERE person_id = :person")
FREE_PROJECTS = change("UPDATE project SET owner_id = NULL WHERE owner_id = :person")
DROP_CONVERSATION = change("DELETE FROM conversation WHERE person_id = :person")
"""Without its row nothing of this turn is written back either."""

ERASE = change("""
    UPDATE person
    SET channel = '', external_id = :tombstone, joined_at = :joined_at, erased_at = :now, language = '', zone = '',
        role = 'worker', consent = '', consented_at = NULL, suspended_at = NULL, blocked_at = NULL, age = 0, gate = 0,
        quiet_from = NULL, quiet_until = NULL, likes = '[]', muted = '[]', invitation = '', notices = 0,
        paused_until = NULL, paused_for = '', seen_day = 0, proven_at = NULL
    WHERE id = :person
""")
