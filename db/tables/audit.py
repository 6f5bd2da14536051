"""Who did what to whom: records of what people in charge and rules have done, and what waits for a decision."""

from sqlalchemy import Column, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, millis


class Audit(SQLModel, table=True):
    """One act of an admin, a reviewer or a rule. Rows are only added."""

    __table_args__ = (
        Index("audit_by_person", "person_id", "id"),
        Index("audit_by_project", "project_id", "id"),
        Index("audit_number", "number", unique=True),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    at: int = Field(sa_column=millis())
    channel: str = ""
    """Through which channel; ``shell``; empty for a rule."""
    actor_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Empty for a rule and for the shell."""
    rule: str = ""
    """Which rule, in words of the project file."""
    what: str
    """What was done, such as ``role`` or ``pause``."""
    person_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    project_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("project.id")))
    figures: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    """Before, after, why; of a rule the figures that caused it (JSON)."""
    number: int | None = Field(default=None, sa_column=Column(Big, nullable=True))
    """Its place in the chain of records, from 1 on without gaps; given when the turn ends."""
    salt: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Chance that keeps the words from being guessed by their digest; an erasure takes it away with them."""
    digest: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """SHA-256 of the salt and the words in ``figures`` (their why); empty without words."""
    hash: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """SHA-256 of the record before and of this one (``tasks.privacy.chain``)."""


class Chain(SQLModel, table=True):
    """The newest link of the chain of records: one row, locked at the end of a turn that records something."""

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True, autoincrement=False))
    """Always 1."""
    number: int = Field(sa_column=Column(Big, nullable=False))
    """Of the newest record; 0 before the first."""
    hash: str
    """Of the newest record; empty before the first."""


class Approval(SQLModel, table=True):
    """What touches so many people, or so much money, that a second admin is asked."""

    __table_args__ = (
        Index(
            "approval_waiting",
            "id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    what: str
    """launch | budget | bonus | broadcast"""
    arguments: str = Field(sa_column=Column(Text, nullable=False))
    """What it is done with (JSON)."""
    people: int = 0
    amount: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """Minor units of ``currency``."""
    currency: str = ""
    made_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Empty for the shell."""
    made_at: int = Field(sa_column=millis())
    decided_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    decided_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    accepted: bool | None = None


class Proposal(SQLModel, table=True):
    """What a rule proposes and an admin decides, such as a suspension."""

    __table_args__ = (Index("proposal_by_person", "person_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    person_id: int = Field(sa_column=Column(Big, ForeignKey("person.id"), nullable=False))
    project_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("project.id")))
    what: str
    """suspend | reviewer | no-reviewer (that they review no longer)"""
    why: str = Field(sa_column=Column(Text, nullable=False))
    """Words, not yet in a language (JSON)."""
    figures: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    made_at: int = Field(sa_column=millis())
    decided_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    decided_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    accepted: bool | None = None
