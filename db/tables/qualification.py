"""What people have shown that they can do: qualifications, and the quizzes that earn them."""

from sqlalchemy import Column, Float, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis

_UNTOLD = "ends_at IS NOT NULL AND (reminded_at IS NULL OR reminded_at < ends_at)"
"""Its holder is still to be told that it ends soon, or that it has ended."""


class Qualification(SQLModel, table=True):
    """A skill that a person has shown: a project's own, or a named one that projects share."""

    __table_args__ = (
        Index("qualification_by_skill", "skill", "person_id"),
        Index("qualification_untold", "ends_at", sqlite_where=text(_UNTOLD), postgresql_where=text(_UNTOLD)),
    )

    person_id: int = Field(sa_column=key("person.id"))
    skill: str = Field(primary_key=True)
    project_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("project.id")))
    """Where it was earned."""
    source: str
    """quiz | rule | admin"""
    score: float = Field(sa_column=Column(Float, nullable=False))
    """0 to 1."""
    earned_at: int = Field(sa_column=millis())
    ends_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    reminded_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When they were told that it ends soon."""


class Quiz(SQLModel, table=True):
    """One attempt at a quiz, with the rules as they were when it began: a later edit changes nothing here."""

    __table_args__ = (
        Index("quiz_by_person", "person_id", "project_id", "id"),
        Index(
            "quiz_running",
            "person_id",
            "project_id",
            "what",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    person_id: int = Field(sa_column=Column(Big, ForeignKey("person.id"), nullable=False))
    project_id: int = Field(sa_column=Column(Big, ForeignKey("project.id"), nullable=False))
    what: str = "quiz"
    """quiz | review: a reviewer's, with planted answers to accept or reject."""
    skill: str
    state: str = "running"
    """running | passed | again (the middle band) | failed | left"""
    rules: str = Field(sa_column=Column(Text, nullable=False))
    """The snapshot (JSON)."""
    questions: str = Field(sa_column=Column(Text, nullable=False))
    """What is asked, in order (JSON list)."""
    given: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    """First answers so far, in order (JSON list)."""
    asked_at: int = Field(sa_column=millis())
    """When the current question was shown."""
    started_at: int = Field(sa_column=millis())
    ended_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    score: float | None = Field(default=None, sa_column=Column(Float))
