"""The ledger: accounts, postings between two of them, payouts. Amounts are integers, minor units of a currency."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, millis


class Account(SQLModel, table=True):
    """Money of one kind, of one owner, in one currency.

    ``house`` is the outside world, and alone may be below zero: what a project was given. A project's ``budget`` lies
    in several accounts, so that its workers seldom wait for each other. A worker has ``pending`` (on hold),
    ``payable``, ``requested`` (on its way) and ``paid``.
    """

    __table_args__ = (
        CheckConstraint("kind = 'house' OR balance >= reserved", name="nothing_is_spent_twice"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        Index("account_by_person", "person_id"),
        Index("account_by_project", "project_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    name: str = Field(unique=True)
    """Such as ``house:7:KRW``, ``budget:7:KRW:3`` (project, shard) or ``payable:42:KRW`` (person)."""
    kind: str
    """house | budget | pending | payable | requested | paid"""
    currency: str
    person_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    project_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("project.id")))
    balance: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    reserved: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    """Of a budget: what is promised to assignments and votes that are under way."""


class Posting(SQLModel, table=True):
    """An amount that goes from one account to another: both sides in one row, so that all accounts sum to zero.

    Rows are only added; what was wrong is reversed by another.
    """

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("posting_by_person", "person_id", "at", "id"),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    at: int = Field(sa_column=millis())
    from_id: int = Field(sa_column=Column(Big, ForeignKey("account.id"), nullable=False))
    to_id: int = Field(sa_column=Column(Big, ForeignKey("account.id"), nullable=False))
    amount: int = Field(sa_column=Column(Big, nullable=False))
    reason: str
    """fund | gather | answer | vote | bonus | release | reversal | request | return | paid | forgone"""
    cause: str = Field(unique=True)
    """What brought it about, such as ``answer:7:12:42:0``: the same cause posts once."""
    person_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Whose statement shows it."""
    project_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("project.id")))
    task_id: int | None = Field(default=None, sa_column=Column(Big))


class PayoutBatch(SQLModel, table=True):
    """Payouts that were handed to an admin together, to be paid outside."""

    __tablename__ = "payout_batch"

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    currency: str
    made_at: int = Field(sa_column=millis())
    made_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Empty for the shell."""
    payouts: int = Field(sa_column=Column(Big, nullable=False))
    total: int = Field(sa_column=Column(Big, nullable=False))
    control: str
    """Control sum: SHA-256 over its lines."""
    settled: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    """Of how many it is known what became of them."""


class Payout(SQLModel, table=True):
    """What a worker asked to be paid out."""

    __table_args__ = (
        CheckConstraint("amount > 0", name="payout_positive"),
        Index("payout_by_person", "person_id", "id"),
        Index("payout_by_batch", "batch_id", "id"),
        Index(
            "payout_requested",
            "currency",
            "id",
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    person_id: int = Field(sa_column=Column(Big, ForeignKey("person.id"), nullable=False))
    currency: str
    amount: int = Field(sa_column=Column(Big, nullable=False))
    address: str = Field(default="", sa_column=Column(Text, nullable=False))
    """Where it shall go, in the worker's words; emptied once a later request has another, or they are erased."""
    state: str = "requested"
    """requested | exported | paid | failed | cancelled"""
    requested_at: int = Field(sa_column=millis())
    batch_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("payout_batch.id")))
    settled_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    why: str = Field(default="", sa_column=Column(Text, nullable=False))
    """Why it failed, in the words of who pays."""
