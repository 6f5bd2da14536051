"""How answers were made: raw events, and what they add up to for each worker in a project."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis


class Event(SQLModel, table=True):
    """One thing seen of an assignment, by the server's clock; rows are only added."""

    __table_args__ = (Index("event_by_worker", "project_id", "worker_id", "task_id"),)

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    project_id: int = Field(sa_column=Column(Big, nullable=False))
    worker_id: int = Field(sa_column=Column(Big, nullable=False))
    task_id: int = Field(sa_column=Column(Big, nullable=False))
    at: int = Field(sa_column=millis())
    what: str
    """offered | delivered | tap | change | instructions | media | undo | skip | report | submit | edit | retry"""
    detail: str | None = Field(default=None, sa_column=Column(Text))
    """From what to what, or why (JSON)."""


class Habit(SQLModel, table=True):
    """What a worker's way of working in a project adds up to (``tasks.behaviour.habits``)."""

    __table_args__ = (
        ForeignKeyConstraint(["project_id", "worker_id"], ["enrolment.project_id", "enrolment.worker_id"]),
    )

    project_id: int = Field(sa_column=key())
    worker_id: int = Field(sa_column=key())
    kept: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
