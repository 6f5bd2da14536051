"""Statements on payouts: what people ask for, the batches in which it is handed out, and what became of it."""

from typing import NamedTuple

from db.statement import Statement, change


class Id(NamedTuple):
    """A number."""

    id: int


class Payout(NamedTuple):
    """What somebody asked to be paid out."""

    id: int
    person: int
    currency: str
    amount: int
    address: str
    state: str
    requested_at: int
    batch: int | None
    settled_at: int | None
    why: str


_PAYOUT = """
    SELECT id, person_id, currency, amount, address, state, requested_at, batch_id, settled_at, why FROM payout
"""

# --------------------------------------------------------------------------- of one person

REQUEST = Statement(
    """
    INSERT INTO payout (person_id, currency, amount, address, state, requested_at, why)
    VALUES (:person, :currency, :amount, :address, 'requested', :now, '') RETURNING id
    """,
    Id,
)
OPEN_OF = Statement(
    f"{_PAYOUT} WHERE person_id = :person AND state IN ('requested', 'exported') ORDER BY id",
    Payout,
)
"""What they asked for and nobody has settled."""
LAST_OF = Statement(f"{_PAYOUT} WHERE person_id = :person ORDER BY id DESC LIMIT 1", Payout)
CANCEL = change("""
    UPDATE payout SET state = 'cancelled', settled_at = :now
    WHERE id = :payout AND person_id = :person AND state = 'requested'
""")
FORGET_ADDRESSES = change("""
    UPDATE payout SET address = ''
    WHERE person_id = :person AND id < :before AND address <> '' AND state NOT IN ('requested', 'exported')
""")
"""Of what is settled: the request numbered ``before`` has the address that they want now."""
PLAIN = change("UPDATE payout SET address = '', why = '' WHERE person_id = :person")

_HELD = """
    SELECT id, currency, balance FROM account
    WHERE person_id = :person AND kind IN ('pending', 'payable') AND balance > 0 ORDER BY id
"""


class Held(NamedTuple):
    """An account that is not empty."""

    id: int
    currency: str
    balance: int


HELD = Statement(_HELD, Held, postgresql=_HELD + " FOR NO KEY UPDATE")
"""What has not left them yet, locked."""

# --------------------------------------------------------------------------- what waits


class Waiting(NamedTuple):
    """What is asked for in one currency and not handed out."""

    currency: str
    payouts: int
    total: int


WAITING = Statement(
    """
    SELECT currency, COUNT(*), CAST(SUM(amount) AS BIGINT) FROM payout WHERE state = 'requested'
    GROUP BY currency ORDER BY currency
    """,
    Waiting,
)

# --------------------------------------------------------------------------- batches


class Batch(NamedTuple):
    """Payouts that were handed out together."""

    id: int
    currency: str
    made_at: int
    made_by: int | None
    payouts: int
    total: int
    control: str
    """SHA-256 of its lines; empty while it still takes payouts."""
    settled: int


_BATCH = "SELECT id, currency, made_at, made_by, payouts, total, control, settled FROM payout_batch"
BATCH = Statement(f"{_BATCH} WHERE id = :batch", Batch)
BATCHES = Statement(f"{_BATCH} ORDER BY id DESC LIMIT :most", Batch)
MAKE_BATCH = Statement(
    """
    INSERT INTO payout_batch (currency, made_at, made_by, payouts, total, control, settled)
    VALUES (:currency, :now, :actor, 0, 0, '', 0) RETURNING id
    """,
    Id,
)
UNDER_WAY = Statement(f"{_BATCH} WHERE currency = :currency AND control = '' ORDER BY id LIMIT 1", Batch)
"""The batch that still takes what is asked for in a currency."""
BATCH_LOCKED = Statement(BATCH.sql, Batch, postgresql=BATCH.sql + " FOR NO KEY UPDATE")


class Taken(NamedTuple):
    """What a payout is of (minor units)."""

    amount: int


_TAKE = """
    UPDATE payout SET state = 'exported', batch_id = :batch WHERE id IN (
        SELECT id FROM payout WHERE currency = :currency AND state = 'requested' ORDER BY id LIMIT :most{locked})
    RETURNING amount
"""
TAKE = Statement(_TAKE.format(locked=""), Taken, postgresql=_TAKE.format(locked=" FOR NO KEY UPDATE SKIP LOCKED"))
"""The next that are asked for. What somebody takes back this moment waits for the next batch."""
COUNT = change("UPDATE payout_batch SET payouts = payouts + :n, total = total + :amount WHERE id = :batch")
SEAL = change("UPDATE payout_batch SET control = :control WHERE id = :batch AND control = '' AND payouts = :n")
"""Once, before its file is there, and only while it holds the payouts that were summed up."""
SETTLED = change("UPDATE payout_batch SET settled = settled + :n WHERE id = :batch")


class Payee(NamedTuple):
    """A line of a batch."""

    payout: int
    person: int
    channel: str
    user: str
    address: str
    amount: int
    currency: str


LINES = Statement(
    """
    SELECT o.id, o.person_id, p.channel, p.external_id, o.address, o.amount, o.currency
    FROM payout o JOIN person p ON p.id = o.person_id
    WHERE o.batch_id = :batch ORDER BY o.id
    """,
    Payee,
)

# --------------------------------------------------------------------------- what became of them


class Known(NamedTuple):
    """A payout as a confirmation is held against it."""

    id: int
    person: int
    currency: str
    amount: int
    state: str
    batch: int | None
    control: str | None


_KNOWN = """
    SELECT o.id, o.person_id, o.currency, o.amount, o.state, o.batch_id, b.control
    FROM payout o LEFT JOIN payout_batch b ON b.id = o.batch_id
"""
KNOWN = Statement(
    f"{_KNOWN} WHERE o.id IN (SELECT value FROM json_each(:rows)) ORDER BY o.id",  # noqa: S608 - a constant
    Known,
    postgresql=f"{_KNOWN} WHERE o.id = ANY(ARRAY(SELECT CAST(json_array_elements_text(CAST(:rows AS json)) AS bigint)))"
    " ORDER BY o.id",
)
LAST = Statement("SELECT COALESCE(MAX(id), 0) FROM payout", Id)
SETTLE = change("""
    UPDATE payout SET state = :state, settled_at = :now, why = :why WHERE id = :payout AND state = 'exported'
""")
