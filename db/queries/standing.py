"""Statements on where somebody stands in a project: what rules look at, and what they do."""

from typing import NamedTuple

from db.statement import Statement, change


class Stands(NamedTuple):
    """What rules look at."""

    answered: int
    skipped: int
    skips_in_row: int
    doubt: float
    gold_seen: int
    settled: int
    reviewed: int
    recent_gold: bytes | None
    recent_agreed: bytes | None
    recent_reviewed: bytes | None
    checks: int
    further: int
    more_gold: float
    proven_at: int | None
    paused_until: int | None
    fired: str


STANDS = Statement(
    """
    SELECT answered, skipped, skips_in_row, doubt, gold_seen, settled, reviewed, recent_gold, recent_agreed,
           recent_reviewed, checks, further, more_gold, proven_at, paused_until, fired
    FROM enrolment WHERE project_id = :project AND worker_id = :worker
    """,
    Stands,
)

STAND = change("""
    UPDATE enrolment
    SET checks = :checks, further = :further, more_gold = :more_gold, proven_at = :proven_at,
        paused_until = :paused_until, fired = :fired
    WHERE project_id = :project AND worker_id = :worker
""")

PAUSED_FOR = change("UPDATE enrolment SET paused_for = :why WHERE project_id = :project AND worker_id = :worker")


class Checked(NamedTuple):
    """How closely somebody's work is checked."""

    checks: int
    further: int


CHECKED = Statement(
    "SELECT checks, further FROM enrolment WHERE project_id = :project AND worker_id = :worker", Checked
)


class Reviewed(NamedTuple):
    """What reviewers said of somebody's last answers."""

    recent: bytes | None


_REVIEWED = "SELECT recent_reviewed FROM enrolment WHERE project_id = :project AND worker_id = :worker"
REVIEWED = Statement(_REVIEWED, Reviewed, postgresql=_REVIEWED + " FOR NO KEY UPDATE")

REVIEW = change("""
    UPDATE enrolment SET recent_reviewed = :recent, reviewed = reviewed + :n
    WHERE project_id = :project AND worker_id = :worker
""")

# --------------------------------------------------------------------------- proposals


class There(NamedTuple):
    """That there is such a row."""

    yes: int


PROPOSED = Statement(
    """
    SELECT 1 FROM proposal
    WHERE person_id = :worker AND project_id = :project AND what = :what AND decided_at IS NULL LIMIT 1
    """,
    There,
)

# --------------------------------------------------------------------------- skills

HOLDS = Statement(
    "SELECT 1 FROM qualification WHERE person_id = :worker AND skill = :skill AND (ends_at IS NULL OR ends_at > :now)",
    There,
)
