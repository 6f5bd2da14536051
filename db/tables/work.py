"""Who works on what: enrolments, assignments, answers. All keys start with the project."""

from sqlalchemy import Column, Float, ForeignKeyConstraint, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis


class Enrolment(SQLModel, table=True):
    """One worker in one project: where they are in it, and what is known of their work."""

    __table_args__ = (
        Index("enrolment_by_worker", "worker_id"),
        Index(
            "enrolment_doubted",
            "doubt",
            sqlite_where=text("doubts IS NOT NULL"),
            postgresql_where=text("doubts IS NOT NULL"),
        ),
        Index(
            "enrolment_in_doubt",
            "worker_id",
            sqlite_where=text("doubts IS NOT NULL"),
            postgresql_where=text("doubts IS NOT NULL"),
        ),
        Index(
            "enrolment_paused",
            "paused_until",
            sqlite_where=text("paused_until IS NOT NULL"),
            postgresql_where=text("paused_until IS NOT NULL"),
        ),
    )

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
    gold_from: int | None = Field(default=None, sa_column=Column(Big))
    """Place where their round of the gold tasks began; everybody has another."""
    practised: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Practice tasks they have got right."""
    practice_cursor: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    checks: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """Every so many of their answers is checked by others in any case: 1 on probation, then 3, 5, 10."""
    further: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many further answers an item of theirs gets in any case, by a rule."""
    more_gold: float = Field(default=0, sa_column=Column(Float, nullable=False, server_default="0"))
    """The least share of gold they meet, by a rule."""
    proven_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    paused_until: int | None = Field(default=None, sa_column=millis(nullable=True))
    paused_for: str | None = Field(default=None, sa_column=Column(Text))
    """Why, in words not yet in a language (JSON)."""
    fired: str = Field(default="{}", sa_column=Column(Text, nullable=False, server_default="{}"))
    """When each rule has last fired for them (JSON)."""
    skips_in_row: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    recent_gold: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """Their last checked answers, a byte each, the newest last: 0 wrong to 255 right."""
    recent_agreed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """The same for what their items were settled with."""
    recent_reviewed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    """The same for what reviewers said: 255 accepted, 0 rejected."""
    settled: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Answers of theirs that ``recent_agreed`` has been told of, also those it has forgotten."""
    reviewed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The same of ``recent_reviewed``."""


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
    channel: str = Field(default="", sa_column_kwargs={"server_default": ""})
    sitting: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Number of the sitting in this project, from 1; a gap ends one."""
    in_sitting: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Place in it, from 1."""
    hour: int | None = None
    """Hour of the worker's own day when it was handed in, where they have said their time zone."""
    media: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Times the picture was asked for in full."""
    edits: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Times an answer was handed in again after being taken back."""
    retries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Messages of theirs that came twice while it was open: a poor network."""
    pay: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    """What an answer earns, as promised with the offer (minor units of the project's currency)."""
    budget_id: int | None = Field(default=None, sa_column=Column(Big))
    """The account of the project's budget that it is promised from, or was paid from."""


class Answer(SQLModel, table=True):
    """What a worker handed in for an assignment; the same key, so one assignment has one answer."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "task_id", "worker_id"],
            ["assignment.project_id", "assignment.task_id", "assignment.worker_id"],
        ),
        Index(
            "answer_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL AND NOT rejected"),
            postgresql_where=text("due_at IS NOT NULL AND NOT rejected"),
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
    due_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """While its pay is on hold: until when, if nobody accepts or rejects it before."""
    further: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many further answers the item gets in any case because this one is to be checked."""


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
