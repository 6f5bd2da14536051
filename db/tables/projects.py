"""Projects, their tasks and their media."""

from sqlalchemy import CheckConstraint, Column, Float, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis


class Project(SQLModel, table=True):
    """One labelling job. ``key`` is the ``id`` of its file; ``spec`` the checked file as JSON."""

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    key: str = Field(unique=True)
    state: str = "draft"
    """draft | live | paused | closed"""
    revision: int = 1
    """Grows with each change of ``spec``, so that processes know when to read it again."""
    spec: str = Field(sa_column=Column(Text, nullable=False))
    created_at: int = Field(sa_column=millis())
    launched_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    opened_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When it was last opened as something new: for the first time, or after a day or longer of pause."""
    paused_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    closed_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    owner_id: int | None = Field(default=None, sa_column=Column(Big))
    """The requester whose own project it is; empty where nobody’s in particular: admins have charge of all."""
    emptied_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When its items were taken away, as ``privacy.keep`` of its file says."""


class Task(SQLModel, table=True):
    """One item with the project's question.

    While it is open, ``slots`` + live assignments + answers = ``wanted``: a slot is taken with the lease
    and given back when the lease ends without an answer. A gold task has no slots: everybody may meet it.
    """

    __table_args__ = (
        UniqueConstraint("project_id", "row"),
        CheckConstraint("slots >= 0", name="slots_not_negative"),
        Index(
            "task_assignable", "project_id", "place", sqlite_where=text("slots > 0"), postgresql_where=text("slots > 0")
        ),
        Index(
            "task_gold",
            "project_id",
            "place",
            sqlite_where=text("split = 'gold'"),
            postgresql_where=text("split = 'gold'"),
        ),
        Index(
            "task_pool",
            "project_id",
            "split",
            "place",
            sqlite_where=text("split IN ('practice', 'quiz')"),
            postgresql_where=text("split IN ('practice', 'quiz')"),
        ),
    )

    project_id: int = Field(sa_column=key("project.id"))
    id: int = Field(sa_column=key())
    """Number within the project, from 1, in the order of the file."""
    row: str
    """The row's ``id`` in the data file; ``task_id`` of the exports."""
    digest: str
    """SHA-256 of the row's content, to know the same row again."""
    item: str = Field(sa_column=Column(Text, nullable=False))
    """The item's columns (JSON object, in the order of the file)."""
    pictures: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    """Column name to media content (JSON object)."""
    split: str = "work"
    """work | gold | practice | quiz"""
    gold: str | None = Field(default=None, sa_column=Column(Text))
    """The known answer in canonical form (JSON)."""
    why: str | None = Field(default=None, sa_column=Column(Text))
    prior: str | None = Field(default=None, sa_column=Column(Text))
    place: int = Field(sa_column=Column(Big, nullable=False))
    """Position in the shuffled order in which tasks are dealt."""
    wanted: int = 0
    """How many answers are asked for as things stand."""
    slots: int = 0
    answers: int = 0
    reports: int = 0
    status: str = "open"
    """open | agreed | disputed | decided"""
    label: str | None = Field(default=None, sa_column=Column(Text))
    """The consensus in canonical form (JSON)."""
    confidence: float | None = None
    posterior: str | None = Field(default=None, sa_column=Column(Text))
    method: str = ""
    """Why it stopped: overlap | confidence | most answers | reported | rule | gold; of a decided one verdict | admin |
    repaired | fault: reason."""
    worth: float | None = Field(default=None, sa_column=Column(Float))
    """What one more answer is worth (bits); empty before the first: the same for all tasks of the project."""
    settled_at: int | None = Field(default=None, sa_column=millis(nullable=True))


class Tally(SQLModel, table=True):
    """Running counts of a project, in shards, so that progress is read without counting tasks."""

    project_id: int = Field(sa_column=key("project.id"))
    shard: int = Field(primary_key=True)
    tasks: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """Tasks to be settled (split ``work``)."""
    answers: int = Field(default=0, sa_column=Column(Big, nullable=False))
    agreed: int = Field(default=0, sa_column=Column(Big, nullable=False))
    disputed: int = Field(default=0, sa_column=Column(Big, nullable=False))
    decided: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    """Settled by reviewers, or by an admin."""
    work_ms: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """Time of work over all answers (milliseconds)."""
    gold_seen: int = Field(default=0, sa_column=Column(Big, nullable=False))
    gold_correct: int = Field(default=0, sa_column=Column(Big, nullable=False))


class Media(SQLModel, table=True):
    """A picture in the media store, by content (SHA-256 of the stored file)."""

    content: str = Field(primary_key=True)
    suffix: str
    width: int
    height: int
    bytes: int
    source: str = Field(index=True)
    """SHA-256 of the file it was made from, so that the same file is not made smaller twice."""


class MediaHandle(SQLModel, table=True):
    """The file id under which a bot has sent a picture before."""

    __tablename__ = "media_handle"

    bot: str = Field(primary_key=True)
    content: str = Field(primary_key=True)
    handle: str
