"""Statements of the ledger: accounts, postings, what is promised from a budget."""

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


ACCOUNT = Statement("SELECT id FROM account WHERE name = :name", Id)
MAKE_ACCOUNT = change("""
    INSERT INTO account (name, kind, currency, person_id, project_id, balance, reserved)
    VALUES (:name, :kind, :currency, :person, :project, 0, 0)
    ON CONFLICT (name) DO NOTHING
""")
OF_PERSON = Statement(
    "SELECT id, kind, currency, balance, reserved FROM account WHERE person_id = :person ORDER BY id", Held
)
OF_PROJECT = Statement(
    "SELECT id, kind, currency, balance, reserved FROM account WHERE project_id = :project ORDER BY id", Held
)

MOVE = change("""
    UPDATE account SET balance = balance + :amount, reserved = reserved + :promised
    WHERE id = :id AND reserved + :promised >= 0
        AND (kind = 'house' OR balance + :amount >= reserved + :promised)
""")
"""Nothing is changed where there is not enough."""

# --------------------------------------------------------------------------- postings

POST = change("""
    INSERT INTO posting (at, from_id, to_id, amount, reason, cause, person_id, project_id, task_id)
    VALUES (:now, :origin, :to, :amount, :reason, :cause, :person, :project, :task)
    ON CONFLICT (cause) DO NOTHING
""")

# --------------------------------------------------------------------------- promises

_PROMISE = """
    UPDATE account SET reserved = reserved + :amount WHERE id = (
        SELECT id FROM account
        WHERE project_id = :project AND kind = 'budget' AND balance - reserved >= :amount
        ORDER BY CASE WHEN name = :own THEN 0 ELSE 1 END, id LIMIT 1{})
        AND balance - reserved >= :amount
    RETURNING id
"""
PROMISE = Statement(_PROMISE.format(""), Id, postgresql=_PROMISE.format(" FOR NO KEY UPDATE SKIP LOCKED"))
"""From the worker's own part of the budget if it has enough, else from any that nobody holds this moment."""
PROMISE_WAITING = Statement(_PROMISE.format(""), Id, postgresql=_PROMISE.format(" FOR NO KEY UPDATE"))
"""The same, waiting for parts that are held."""
RELEASE = change("UPDATE account SET reserved = reserved - :amount WHERE id = :id AND reserved >= :amount")

_PARTS = """
    SELECT id, kind, currency, balance, reserved FROM account
    WHERE project_id = :project AND kind = 'budget' ORDER BY id
"""
PARTS = Statement(_PARTS, Held, postgresql=_PARTS + " FOR NO KEY UPDATE")
"""The parts of a budget, locked in their order."""

# --------------------------------------------------------------------------- pay on hold

HOLD = change("""
    UPDATE answer SET due_at = :due WHERE project_id = :project AND task_id = :task AND worker_id = :worker
""")


class Due(NamedTuple):
    """An answer whose pay has been on hold long enough."""

    project: int
    task: int
    worker: int
    pay: int


_DUE = """
    SELECT n.project_id, n.task_id, n.worker_id, a.pay
    FROM answer n JOIN assignment a
        ON a.project_id = n.project_id AND a.task_id = n.task_id AND a.worker_id = n.worker_id
    WHERE n.due_at <= :now AND NOT n.rejected ORDER BY n.due_at LIMIT :most
"""
DUE = Statement(_DUE, Due, postgresql=_DUE + " FOR NO KEY UPDATE OF n SKIP LOCKED")
