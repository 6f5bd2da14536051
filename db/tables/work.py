"""Who works on what: enrolments, assignments, answers. All keys start with the project."""

from sqlalchemy import Column, Float, ForeignKeyConstraint, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis


class Enrolment(SQLModel, table=True):
    """One worker in one project: where they are in it, and what is known of their work."""

    project_id: int = Field(sa_column=key("project.id"))
    worker_id: int = Field(sa_column=key("person.id"))
    joined_at: int = Field(sa_column=millis())
    cursor: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """Place of the last task dealt from the shuffled order; it never goes back."""
    gold_cursor: int = Field(default=0, sa_column=Column(Big, nullable=False))
    returned_cursor: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """Last entry looked at in the queue of returned tasks."""
    open_task: int | None = Field(default=None, sa_column=Column(Big))
    """The task they hold a lease on."""
    waiting_task: int | None = Field(default=None, sa_column=Column(Big))
    """A task that stays theirs while they answer an undone one again."""
    last_task: int | None = Field(default=None, sa_column=Column(Big))
    """The task that undo would take back."""
    day: int = 0
    """Day (since 1970 UTC) that ``today`` counts."""
    today: int = 0
    answered: int = 0
    skipped: int = 0
    seen: float = Field(default=0, sa_column=Column(Float, nullable=False))
    """Answers of theirs whose truth became known, by gold or by consensus."""
    correct: float = Field(default=0, sa_column=Column(Float, nullable=False))
    confusion: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """The same by truth (row) and given label (column), labels × labels soft counts in the order of the kind's options,
    flat, little-endian doubles (``numpy.frombuffer(…, "<f8")``). Only where one of at most 12 labels is true."""
    doubt: float = Field(default=0, sa_column=Column(Float, nullable=False, server_default="0"))
    """Probability that this worker gives no information; of the batch pass."""
    doubts: str | None = Field(default=None, sa_column=Column(Text))
    """Its reasons (JSON)."""
    gold_seen: int = 0
    gold_correct: int = 0


class Assignment(SQLModel, table=True):
    """One worker's lease on one task, and how it was worked on. The key forbids a task twice."""

    __table_args__ = (
        ForeignKeyConstraint(["project_id", "task_id"], ["task.project_id", "task.id"]),
        Index(
            "assignment_lease",
            "lease_ends",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    project_id: int = Field(sa_column=key())
    task_id: int = Field(sa_column=key())
    worker_id: int = Field(sa_column=key())
    state: str = "offered"
    """offered | answered | skipped | expired | rejected"""
    gold: bool = False
    """Holds no slot, for the task is a gold task."""
    position: int = 0
    """How many assignments of the project the worker had before."""
    offered_at: int = Field(sa_column=millis())
    lease_ends: int = Field(sa_column=millis())
    delivered_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    first_tap_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    changes: int = 0
    """Changes of mind before handing in: toggles, another text, an answer undone."""
    instructions: int = 0
    """Times the instructions were opened."""
    undone: int = 0
    undone_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    submitted_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    skipped_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    reason: str = ""
    """Why it was skipped or reported."""
    reported: bool = False


class Answer(SQLModel, table=True):
    """What a worker handed in for an assignment; the same key, so one assignment has one answer."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "task_id", "worker_id"],
            ["assignment.project_id", "assignment.task_id", "assignment.worker_id"],
        ),
    )

    project_id: int = Field(sa_column=key())
    task_id: int = Field(sa_column=key())
    worker_id: int = Field(sa_column=key())
    value: str = Field(sa_column=Column(Text, nullable=False))
    """The answer in canonical form (JSON)."""
    submitted_at: int = Field(sa_column=millis())
    work_ms: int
    """From delivery (or offer, where delivery is unknown) to submission."""
    gold_correct: bool | None = None
    agreed: float | None = None
    """How near it came to what the task was settled with, 0 to 1; empty while that is open."""
    weight: float | None = Field(default=None, sa_column=Column(Float))
    """What it counted for when its task was settled: evidence for its own label (bits)."""
    rejected: bool = False


class Returned(SQLModel, table=True):
    """A task that has a slot again after cursors have passed it: an append-only queue."""

    __table_args__ = (
        ForeignKeyConstraint(["project_id", "task_id"], ["task.project_id", "task.id"]),
        Index("returned_by_project", "project_id", "id"),
        {"sqlite_autoincrement": True},  # a number is never used again: cursors have passed it
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    project_id: int = Field(sa_column=Column(Big, nullable=False))
    task_id: int = Field(sa_column=Column(Big, nullable=False))
