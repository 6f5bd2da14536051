"""Statements on rejecting many answers at once."""

from typing import NamedTuple

from db.queries.appeals import Count
from db.statement import Statement, change


class Mass(NamedTuple):
    """Many answers that somebody wants rejected. ``worker`` is empty for everybody's, ``made_by`` for the shell."""

    id: int
    project: int
    worker: int | None
    until: int
    reasons: str
    why: str
    answers: int
    people: int
    amount: int
    state: str
    made_by: int | None
    made_at: int
    decided_by: int | None
    decided_at: int | None
    after: int
    rejected: int


_MASS = """
    SELECT id, project_id, worker_id, until_at, reasons, why, answers, people, amount, state, made_by, made_at,
           decided_by, decided_at, after_task, rejected
    FROM mass_rejection
"""
MASS = Statement(f"{_MASS} WHERE id = :number", Mass)
WAITING = Statement(f"{_MASS} WHERE state IN ('proposed', 'accepted') ORDER BY id LIMIT :most", Mass)
"""What nobody has confirmed yet, and what is under way."""
WAITING_FOR = Statement(
    f"""{_MASS} WHERE state IN ('proposed', 'accepted') AND project_id = :project
        AND COALESCE(worker_id, 0) = :worker ORDER BY id LIMIT 1""",
    Mass,
)
_UNDER_WAY = f"{_MASS} WHERE state = 'accepted' AND id > :after ORDER BY id LIMIT 1"
UNDER_WAY = Statement(_UNDER_WAY, Mass, postgresql=f"{_UNDER_WAY} FOR NO KEY UPDATE")
"""Locked by who carries it out."""

PROPOSE = Statement(
    """
    INSERT INTO mass_rejection (project_id, worker_id, until_at, reasons, why, answers, people, amount, state, made_by,
                                made_at, after_task, rejected)
    VALUES (:project, :worker, :until, :reason, :why, :answers, :people, :amount, 'proposed', :actor, :now, 0, 0)
    RETURNING id
    """,
    Count,
)
DECIDE = change("""
    UPDATE mass_rejection SET state = :state, decided_by = :actor, decided_at = :now
    WHERE id = :number AND state = 'proposed'
""")
DROP_OF = change("UPDATE mass_rejection SET state = 'declined' WHERE made_by = :person AND state = 'proposed'")
"""Whoever proposed it is an admin no longer."""
STEP = change("UPDATE mass_rejection SET after_task = :task, rejected = rejected + :n WHERE id = :number")
DONE = change("UPDATE mass_rejection SET state = 'done' WHERE id = :number")

# --------------------------------------------------------------------------- whose answers

_STANDS = """
    FROM answer n JOIN assignment a
        ON a.project_id = n.project_id AND a.task_id = n.task_id AND a.worker_id = n.worker_id
    WHERE n.project_id = :project AND n.submitted_at <= :until AND NOT n.rejected
        AND a.state = 'answered' AND {}
        AND NOT EXISTS (
            SELECT 1 FROM review_case c
            WHERE c.project_id = n.project_id AND c.task_id = n.task_id AND c.worker_id = n.worker_id
                AND c.state = 'decided'
                AND (SUBSTR(c.verdict, 1, 9) IN ('{{"accept"', '{{"repair"') OR c.verdict = '{{"granted": true}}'))
"""
"""Answers that a reviewer has accepted, or that were granted an appeal, stay as they are."""
_ALL = _STANDS.format("(:worker = 0 OR n.worker_id = :worker)")


class Pays(NamedTuple):
    """How many answers of one person pay an amount (minor units), on hold still or not."""

    worker: int
    pay: int
    held: int
    answers: int


COSTS = Statement(
    f"""
    SELECT n.worker_id, a.pay, CASE WHEN n.due_at IS NULL THEN 0 ELSE 1 END, COUNT(*) {_ALL}
    GROUP BY n.worker_id, a.pay, CASE WHEN n.due_at IS NULL THEN 0 ELSE 1 END
    """,
    Pays,
)
"""One look at all answers: whoever counts them has others wait."""


class Share(NamedTuple):
    """How many of the answers are one person's."""

    worker: int
    answers: int


class Task(NamedTuple):
    """A task that has any of them."""

    task: int


NEXT = Statement(
    f"SELECT n.task_id {_ALL} AND n.task_id > :after ORDER BY n.task_id LIMIT 1",
    Task,
)


class Stands(NamedTuple):
    """An answer that is to be rejected."""

    worker: int
    value: str


ANSWERS = Statement(
    f"SELECT n.worker_id, n.value {_ALL} AND n.task_id = :task ORDER BY n.worker_id",
    Stands,
)

REJECTED = Statement(
    """
    INSERT INTO review_case (project_id, task_id, what, cause, worker_id, given, words, state, wanted, most, seats,
                             votes, opened_at, verdict, why, decided_at, decided_by)
    VALUES (:project, :task, 'answer', 'mass', :worker, :value, '', 'decided', 0, 0, 0, 0, :now, :label, :why, :now,
            :actor)
    RETURNING id
    """,
    Count,
)
"""The case of an answer that was rejected with others; it can be appealed against as any."""
