"""Statements on what waits for a second admin's word."""

from typing import NamedTuple

from db.statement import Statement, change


class Asked(NamedTuple):
    """What somebody asks a second admin for. ``made_by`` is empty for the shell; ``arguments`` is JSON."""

    id: int
    what: str
    arguments: str
    people: int
    amount: int
    currency: str
    made_by: int | None
    made_at: int
    decided_at: int | None


class Number(NamedTuple):
    """Of a row that was made, or how many there are."""

    n: int


_ASKED = "SELECT id, what, arguments, people, amount, currency, made_by, made_at, decided_at FROM approval"

ASK = Statement(
    """
    INSERT INTO approval (what, arguments, people, amount, currency, made_by, made_at)
    VALUES (:what, :arguments, :people, :amount, :currency, :actor, :now) RETURNING id
    """,
    Number,
)
ONE = Statement(f"{_ASKED} WHERE id = :number", Asked)
WAITING = Statement(f"{_ASKED} WHERE decided_at IS NULL AND made_at > :since ORDER BY id LIMIT :most", Asked)
WAIT = Statement("SELECT COUNT(*) FROM approval WHERE decided_at IS NULL AND made_at > :since", Number)
SAME = Statement(
    f"{_ASKED} WHERE decided_at IS NULL AND made_at > :since AND what = :what AND arguments = :arguments "
    "ORDER BY id LIMIT 1",
    Asked,
)
OVERDUE = Statement(f"{_ASKED} WHERE decided_at IS NULL AND made_at <= :since ORDER BY id LIMIT :most", Asked)
DECIDE = change("""
    UPDATE approval SET decided_by = :actor, decided_at = :now, accepted = :accepted, arguments = :arguments
    WHERE id = :number AND decided_at IS NULL
""")
