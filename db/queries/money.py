"""Statements of the ledger: accounts, postings, what is promised from a budget, what is on hold."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- accounts


class Id(NamedTuple):
    """A number."""

    id: int


class Held(NamedTuple):
    """What an account holds."""

    id: int
    kind: str
    currency: str
    balance: int
    reserved: int

    @property
    def free(self) -> int:
        """What is not promised."""
        return self.balance - self.reserved


ACCOUNT = Statement("SELECT id FROM account WHERE name = :name", Id)
MAKE_ACCOUNT = change("""
    INSERT INTO account (name, kind, currency, person_id, project_id, balance, reserved)
    VALUES (:name, :kind, :currency, :person, :project, 0, 0)
    ON CONFLICT (name) DO NOTHING
""")
_HELD = "SELECT id, kind, currency, balance, reserved FROM account"
_LOCK = " FOR NO KEY UPDATE"
OF_PERSON = Statement(f"{_HELD} WHERE person_id = :person ORDER BY id", Held)
OF_PROJECT = Statement(f"{_HELD} WHERE project_id = :project AND currency = :currency ORDER BY id", Held)
_BOTH = f"{_HELD} WHERE id IN (:origin, :to) ORDER BY id"
BOTH = Statement(_BOTH, Held, postgresql=_BOTH + _LOCK)
"""Both ends of a posting, locked in their order."""

MOVE = change(
    "UPDATE account SET balance = balance + :amount, reserved = reserved + :promised WHERE id = :id", order="id"
)

# --------------------------------------------------------------------------- postings

POST = change("""
    INSERT INTO posting (at, from_id, to_id, amount, reason, cause, person_id, project_id, task_id)
    VALUES (:now, :origin, :to, :amount, :reason, :cause, :person, :project, :task)
    ON CONFLICT (cause) DO NOTHING
""")
POSTED = Statement("SELECT id FROM posting WHERE cause = :cause", Id)
NEWEST = Statement("SELECT COALESCE(MAX(id), 0) FROM posting", Id)

# --------------------------------------------------------------------------- budgets

PROMISE = Statement(
    """
    UPDATE account SET reserved = reserved + :amount
    WHERE name = :name AND balance - reserved >= :amount RETURNING id
    """,
    Id,
)
"""Nothing where this part of the budget has not enough."""

_HOUSE = f"{_HELD} WHERE id = :id"
HOUSE = Statement(_HOUSE, Held, postgresql=_HOUSE + _LOCK)
"""Whoever changes a budget but for promising and paying holds the house account of the project first."""
_PARTS = f"{_HELD} WHERE project_id = :project AND currency = :currency AND kind = 'budget' ORDER BY id"
PARTS = Statement(_PARTS, Held, postgresql=_PARTS + _LOCK)
"""The parts of a budget, locked in their order."""

# --------------------------------------------------------------------------- pay on hold

_ONE = "project_id = :project AND task_id = :task AND worker_id = :worker"
LIFT = change(f"UPDATE answer SET due_at = NULL WHERE {_ONE} AND due_at IS NOT NULL")  # noqa: S608 - constants
"""Its pay is on hold no longer; no row where it was not."""


class Due(NamedTuple):
    """An answer whose pay has been on hold long enough."""

    project: int
    task: int
    worker: int
    round: int
    pay: int
    currency: str


_DUE = """
    SELECT n.project_id, n.task_id, n.worker_id, a.undone, a.pay, c.currency
    FROM answer n
    JOIN assignment a ON a.project_id = n.project_id AND a.task_id = n.task_id AND a.worker_id = n.worker_id
    JOIN account c ON c.id = a.budget_id
    WHERE n.due_at <= :now AND NOT n.rejected ORDER BY n.due_at LIMIT :most
"""
DUE = Statement(_DUE, Due, postgresql=_DUE + " FOR NO KEY UPDATE OF n SKIP LOCKED")


class Ended(NamedTuple):
    """A budget that nothing needs any more."""

    project: int
    currency: str


ENDED = Statement(
    """
    SELECT DISTINCT a.project_id, a.currency FROM account a JOIN project p ON p.id = a.project_id
    WHERE p.state = 'closed' AND a.kind = 'budget' AND a.balance > 0
        AND NOT EXISTS (SELECT 1 FROM account b WHERE b.project_id = p.id AND b.reserved > 0)
        AND NOT EXISTS (SELECT 1 FROM review_case c
            WHERE c.project_id = p.id AND (c.state IN ('open', 'senior') OR c.ends_at IS NOT NULL))
        AND NOT EXISTS (SELECT 1 FROM answer n
            WHERE n.project_id = p.id AND n.due_at IS NOT NULL AND NOT n.rejected)
    ORDER BY a.project_id, a.currency
    """,
    Ended,
)
"""Of closed projects in which nobody works, nothing waits for reviewers or a word of its worker, nothing is on hold."""
