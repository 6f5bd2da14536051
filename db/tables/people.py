"""People and where their conversations stand."""

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis


class Person(SQLModel, table=True):
    """Somebody who talks to the bot, on one channel."""

    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    channel: str
    external_id: str
    language: str = ""
    """Chosen or guessed; empty until the first hello."""
    zone: str = "UTC"
    role: str = "worker"
    consent: str = ""
    """Version of the text that was agreed to; empty when none was."""
    consented_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    joined_at: int = Field(sa_column=millis())
    suspended_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    blocked_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When the channel last said that it cannot reach them; cleared when they write."""


class Conversation(SQLModel, table=True):
    """Where one person's talk stands: the flow, its memory, and the screen that is shown."""

    person_id: int = Field(sa_column=key("person.id"))
    chat: str = ""
    flow: str = ""
    memory: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    serial: int = 0
    """Number of the screen; a key of another number is stale."""
    screen: str = Field(default="", sa_column=Column(Text, nullable=False))
    message_id: str = ""
    """The message that shows the screen, at the channel."""
    heard: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    """Ids of the last events, so that each has its effect once (JSON list)."""


class GroupChat(SQLModel, table=True):
    """A group the bot was spoken to in, and has explained itself to."""

    __tablename__ = "group_chat"

    channel: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    explained_at: int = Field(sa_column=millis())
