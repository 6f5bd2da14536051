"""Statements on one person as people in charge look at them: who they are here, their answers, what was sent back."""

from typing import NamedTuple

from db.statement import Statement, change


class Profile(NamedTuple):
    """What the head of a card says, beside ``db.queries.staff.Listed``."""

    zone: str
    seen_at: int
    blocked_at: int | None
    paused_until: int | None
    paused_for: str
    proven_at: int | None


PROFILE = Statement(
    """
    SELECT p.zone, COALESCE(c.seen_at, 0), p.blocked_at, p.paused_until, p.paused_for, p.proven_at
    FROM person p LEFT JOIN conversation c ON c.person_id = p.id WHERE p.id = :person
    """,
    Profile,
)
PAUSE = change("UPDATE person SET paused_until = :until, paused_for = :why WHERE id = :person")
GO_ON = change("UPDATE person SET paused_until = NULL, paused_for = '' WHERE id = :person AND paused_until > :now")

# --------------------------------------------------------------------------- answers


class In(NamedTuple):
    """A project that they have worked on."""

    project: int


WORKED_ON = Statement(
    "SELECT project_id FROM enrolment WHERE worker_id = :person AND answered > 0 ORDER BY project_id", In
)


class Given(NamedTuple):
    """An answer, beside what its item was settled with. Values and the item are JSON."""

    project: int
    task: int
    at: int
    item: str
    value: str
    status: str
    label: str | None
    gold: bool | None
    work_ms: int
    rejected: bool


GIVEN = Statement(
    """
    SELECT n.project_id, n.task_id, n.submitted_at, t.item, n.value, t.status, t.label, n.gold_correct, n.work_ms,
           n.rejected
    FROM answer n JOIN task t ON t.project_id = n.project_id AND t.id = n.task_id
    WHERE n.project_id = :project AND n.worker_id = :person AND n.submitted_at < :before
        AND n.task_id IN (SELECT task_id FROM event WHERE project_id = :project AND worker_id = :person)
    ORDER BY n.submitted_at DESC, n.task_id DESC LIMIT :most
    """,
    Given,
)
"""Found by the events, which have an index by person: as many steps as they have answered there, so never in a turn."""

# --------------------------------------------------------------------------- what was sent back


class SentBack(NamedTuple):
    """A rejection or a redo, and what came of an appeal against it. Verdicts and the item are JSON."""

    id: int
    project: int
    task: int
    at: int | None
    cause: str
    verdict: str
    why: str
    item: str
    appeal: str | None
    """The state of the appeal; None where there is none."""
    outcome: str | None


SENT_BACK = Statement(
    """
    SELECT c.id, c.project_id, c.task_id, c.decided_at, c.cause, c.verdict, c.why, t.item, a.state, a.verdict
    FROM review_case c JOIN task t ON t.project_id = c.project_id AND t.id = c.task_id
    LEFT JOIN review_case a ON a.about_id = c.id
    WHERE c.worker_id = :person AND c.id < :before AND c.what = 'answer' AND c.state = 'decided'
        AND SUBSTR(c.verdict, 1, 6) IN ('{"reje', '{"redo')
    ORDER BY c.id DESC LIMIT :most
    """,
    SentBack,
)


class Many(NamedTuple):
    """How many."""

    n: int


SENT_BACK_MANY = Statement(
    """
    SELECT COUNT(*) FROM (
        SELECT id FROM review_case WHERE worker_id = :person AND what = 'answer' AND state = 'decided'
            AND SUBSTR(verdict, 1, 6) IN ('{"reje', '{"redo') LIMIT :most) few
    """,
    Many,
)
