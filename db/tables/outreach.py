"""Messages that the bot starts by itself: broadcasts, reminders, each one's delivery; and what is done by the clock."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Text, false, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, millis

_UNDER_WAY = "state IN ('choosing', 'running', 'paused')"
_QUEUED = "state = 'queued'"
_SENDING = "state = 'sending'"


class Broadcast(SQLModel, table=True):
    """A message to an audience, as an admin wrote it. Its deliveries are stored before the first is sent."""

    __table_args__ = (
        Index("broadcast_under_way", "id", sqlite_where=text(_UNDER_WAY), postgresql_where=text(_UNDER_WAY)),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    state: str = "draft"
    """draft | waiting (for a second admin) | choosing (deliveries are being stored) | running | paused | cancelled |
    done"""
    project_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("project.id")))
    """The project that its first key opens."""
    made_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Empty for the shell and for schedules."""
    made_at: int = Field(sa_column=millis())
    content: str = Field(sa_column=Column(Text, nullable=False))
    """Texts by language, for one or two variants; picture; keys (JSON, ``tasks.outreach.content``)."""
    audience: str = Field(sa_column=Column(Text, nullable=False))
    """Who gets it (JSON, ``tasks.outreach.audience``)."""
    timing: str = Field(default="{}", sa_column=Column(Text, nullable=False, server_default="{}"))
    """When: at once, at a time in each person's zone, in waves (JSON, ``tasks.outreach.timing``)."""
    places: int | None = None
    """For how many people; empty for any number."""
    invitation: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Code of the invitation by which its places are taken."""
    shown: int | None = None
    """How many places are left as its messages say that were sent; empty before they say anything."""
    starts_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    after: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    """How far the choosing is (person): after a crash it goes on from here."""
    total: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    sent: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    failed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    blocked: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    dropped: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    began_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    ended_at: int | None = Field(default=None, sa_column=millis(nullable=True))


class Delivery(SQLModel, table=True):
    """One message to one person: of a broadcast, or a reminder with words of its own."""

    __table_args__ = (
        Index(
            "delivery_queue",
            "broadcast_id",
            "due_at",
            "id",
            sqlite_where=text(_QUEUED),
            postgresql_where=text(_QUEUED),
        ),
        Index("delivery_sending", "taken_at", sqlite_where=text(_SENDING), postgresql_where=text(_SENDING)),
        Index("delivery_by_broadcast", "broadcast_id", "person_id", unique=True),
        Index("delivery_by_person", "person_id", "sent_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    broadcast_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("broadcast.id")))
    person_id: int = Field(sa_column=Column(Big, ForeignKey("person.id"), nullable=False))
    topic: str = "broadcast"
    """broadcast | assignment | qualification | new | notice | digest: each with a switch of its own."""
    cause: str | None = Field(default=None, unique=True)
    """Of a reminder: what brought it about; the same cause reminds once."""
    words: str | None = Field(default=None, sa_column=Column(Text))
    """Of a reminder: its words, not yet in a language, and its key (JSON)."""
    variant: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """0 or 1: which of the two texts."""
    state: str = "queued"
    """queued | sending | sent | failed | blocked | dropped (not wanted any more)"""
    due_at: int = Field(sa_column=millis())
    taken_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When the courier took it to send it: after a crash what was in flight is taken again."""
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    sent_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    message_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    why: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """Why it failed, as the channel said."""


class Schedule(SQLModel, table=True):
    """Something that is done again and again, or at a time: the clock reads rows, and APScheduler only ticks."""

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    name: str = Field(unique=True)
    what: str
    """Which job (``tasks.schedules``)."""
    cron: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Five fields, in ``zone``; empty where ``every_ms`` says it."""
    zone: str = Field(default="UTC", sa_column_kwargs={"server_default": "UTC"})
    every_ms: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    arguments: str = Field(default="{}", sa_column=Column(Text, nullable=False, server_default="{}"))
    """JSON."""
    paused: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    next_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    last_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    last_ms: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    last_error: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    made_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Empty for those that are always there."""
