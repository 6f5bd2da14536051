"""What is known of a project's crowd, beside the tasks and the enrolments: written by the periodic batch pass."""

from sqlalchemy import Column, Float, ForeignKeyConstraint, LargeBinary, Text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis


class Crowd(SQLModel, table=True):
    """A project's crowd as a whole; without a row the defaults hold. ``model`` is a ``CrowdModel`` as JSON."""

    project_id: int = Field(sa_column=key("project.id"))
    revision: int = 1
    """Grows with each change of ``model``, so that processes know when to read it again."""
    model: str = Field(sa_column=Column(Text, nullable=False))
    made_at: int = Field(sa_column=millis())
    """When the last pass began."""
    busy_until: int = Field(default=0, sa_column=millis())
    """While a pass is under way: nobody begins another before."""
    answers: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """How many answers the project had when the last finished pass began."""
    reopened: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """How many settled tasks have been weighed again without asking the admin."""
    corrections: int = 0
    """How many settled tasks the last pass found in doubt."""
    doubted: int = 0
    habits: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """Everybody's way of working together, to hold one person's against (``tasks.behaviour.habits``)."""
    added_up: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    """How many answers the project had when ``habits`` was last added up."""
    """Of how many workers the last pass said that somebody should look at them."""


class Alike(SQLModel, table=True):
    """Two people whose answers are suspiciously alike; each pair once, ``worker_id`` below ``other_id``."""

    __table_args__ = (
        ForeignKeyConstraint(["project_id", "worker_id"], ["enrolment.project_id", "enrolment.worker_id"]),
        ForeignKeyConstraint(["project_id", "other_id"], ["enrolment.project_id", "enrolment.worker_id"]),
    )

    project_id: int = Field(sa_column=key())
    worker_id: int = Field(sa_column=key())
    other_id: int = Field(sa_column=key())
    strength: float = Field(sa_column=Column(Float, nullable=False))
    """0 to 1: the part of one's evidence that the other's answer has said already."""
    shared: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Tasks that both have answered, as the last pass found it; of these:"""
    same: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """equal answers,"""
    wrong: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """equal answers that all answers together contradict,"""
    chance: float = Field(default=0, sa_column=Column(Float, nullable=False, server_default="0"))
    """and how many of those there would be if each erred alone."""


class Correction(SQLModel, table=True):
    """A settled task that a later batch pass would answer otherwise; it is reopened only where an admin allows it."""

    __table_args__ = (ForeignKeyConstraint(["project_id", "task_id"], ["task.project_id", "task.id"]),)

    project_id: int = Field(sa_column=key())
    task_id: int = Field(sa_column=key())
    label: str = Field(sa_column=Column(Text, nullable=False))
    """What it would be, in canonical form (JSON)."""
    confidence: float = Field(sa_column=Column(Float, nullable=False))
    made_at: int = Field(sa_column=millis())
