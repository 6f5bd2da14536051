"""Statements that count the ledger anew from other rows: each gives what does not add up, and no row while all does."""

from typing import NamedTuple

from db.statement import Statement


class Off(NamedTuple):
    """Something that holds another amount than it should (minor units)."""

    name: str
    found: int
    expected: int


class Number(NamedTuple):
    """A number."""

    id: int


SOME = Statement("SELECT id FROM account LIMIT 1", Number)
SUMS = Statement(
    "SELECT currency, CAST(SUM(balance) AS BIGINT), 0 FROM account GROUP BY currency HAVING SUM(balance) <> 0", Off
)
"""All accounts of a currency together hold nothing."""


class Moved(NamedTuple):
    """What a posting moved from one account to another (minor units)."""

    source: int
    target: int
    amount: int


class Account(NamedTuple):
    """An account with what it holds."""

    id: int
    name: str
    balance: int


MOVED = Statement("SELECT from_id, to_id, amount FROM posting", Moved)
ACCOUNTS = Statement("SELECT id, name, balance FROM account ORDER BY id", Account)

PROMISES = Statement(
    """
    SELECT a.name, a.reserved, CAST(COALESCE(p.promised, 0) AS BIGINT) FROM account a
    LEFT JOIN (
        SELECT budget_id, SUM(pay) AS promised FROM (
            SELECT budget_id, pay FROM assignment WHERE state = 'offered' AND budget_id IS NOT NULL
            UNION ALL SELECT budget_id, pay FROM vote WHERE state = 'offered' AND budget_id IS NOT NULL) x
        GROUP BY budget_id) p ON p.budget_id = a.id
    WHERE a.reserved <> COALESCE(p.promised, 0) ORDER BY a.id
    """,
    Off,
)
"""What is promised is what is offered and not handed in."""

_ON_HOLD = """
    SELECT n.worker_id, c.currency, SUM(s.pay) AS pay FROM answer n
    JOIN assignment s ON s.project_id = n.project_id AND s.task_id = n.task_id AND s.worker_id = n.worker_id
    JOIN account c ON c.id = s.budget_id
    WHERE n.due_at IS NOT NULL GROUP BY n.worker_id, c.currency
"""
HOLDS = Statement(
    f"""
    SELECT a.name, a.balance, CAST(COALESCE(h.pay, 0) AS BIGINT) FROM account a
    LEFT JOIN ({_ON_HOLD}) h ON h.worker_id = a.person_id AND h.currency = a.currency
    WHERE a.kind = 'pending' AND a.balance <> COALESCE(h.pay, 0) ORDER BY a.id
    """,  # noqa: S608 - put together from constants
    Off,
)
"""What is pending is what answers have on hold."""

PAYOUTS = Statement(
    """
    SELECT a.name, a.balance, CAST(COALESCE(p.asked, 0) AS BIGINT) FROM account a
    LEFT JOIN (
        SELECT person_id, currency, SUM(amount) AS asked FROM payout WHERE state IN ('requested', 'exported')
        GROUP BY person_id, currency) p ON p.person_id = a.person_id AND p.currency = a.currency
    WHERE a.kind = 'requested' AND a.balance <> COALESCE(p.asked, 0) ORDER BY a.id
    """,
    Off,
)
"""What is on its way is what was asked for and is not settled."""


class Place(NamedTuple):
    """A task of a project: before it, or at it, a part of all assignments ends."""

    project: int
    task: int


_PART = "({0}project_id, {0}task_id) > (:project, :task) AND ({0}project_id, {0}task_id) <= (:last_project, :last)"
PLACE = Statement(
    """
    SELECT project_id, task_id FROM assignment WHERE (project_id, task_id) > (:project, :task)
    ORDER BY project_id, task_id LIMIT 1 OFFSET :most
    """,
    Place,
)
"""The task where the next so many assignments end."""
_EARNED = f"""
    SELECT project_id, task_id, person_id, SUM(CASE WHEN reason = 'answer' THEN amount ELSE -amount END) AS net
    FROM posting WHERE reason IN ('answer', 'reversal') AND {_PART.format("")}
    GROUP BY project_id, task_id, person_id
"""  # noqa: S608 - put together from constants
_DUE = """
    CASE WHEN s.budget_id IS NULL THEN CASE WHEN s.undone > 0 AND s.pay = 0 THEN COALESCE(p.net, 0) ELSE 0 END
         WHEN s.state = 'answered' THEN s.pay
         WHEN s.state = 'rejected' AND n.due_at IS NOT NULL THEN s.pay
         WHEN s.state = 'rejected' AND p.net BETWEEN 0 AND s.pay THEN p.net
         ELSE 0 END
"""
ANSWERS = Statement(
    f"""
    SELECT 'answer ' || s.project_id || '/' || s.task_id || ' of ' || s.worker_id,
           CAST(COALESCE(p.net, 0) AS BIGINT), CAST({_DUE} AS BIGINT)
    FROM assignment s
    LEFT JOIN ({_EARNED}) p
        ON p.project_id = s.project_id AND p.task_id = s.task_id AND p.person_id = s.worker_id
    LEFT JOIN answer n ON n.project_id = s.project_id AND n.task_id = s.task_id AND n.worker_id = s.worker_id
    WHERE {_PART.format("s.")} AND COALESCE(p.net, 0) <> {_DUE}
      AND NOT EXISTS (SELECT 1 FROM person e WHERE e.id = s.worker_id AND e.erased_at IS NOT NULL)
    """,  # noqa: S608 - put together from constants
    Off,
)
"""Each assignment nets to its pay while it is answered, to a part of it once it is rejected for good, else to nothing.
What was payable when it was sent back stays paid, and pays nothing more; whoever is erased has given it up. Of a part
of all assignments: what is summed up for each of them lies in memory."""

VOTES = Statement(
    """
    SELECT 'vote ' || v.case_id || ' of ' || v.reviewer_id, COALESCE(p.amount, 0),
           CASE WHEN v.state = 'voted' THEN v.pay ELSE 0 END
    FROM vote v LEFT JOIN posting p ON p.cause = 'vote:' || v.case_id || ':' || v.reviewer_id
    WHERE COALESCE(p.amount, 0) <> CASE WHEN v.state = 'voted' THEN v.pay ELSE 0 END
    """,
    Off,
)
"""A vote is paid once, and only once it is there."""
