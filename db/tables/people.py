"""People and where their conversations stand."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis


def _few(name: str, column: str, where: str) -> Index:
    """An index of the few people of whom something is so."""
    return Index(name, column, sqlite_where=text(where), postgresql_where=text(where))


class Person(SQLModel, table=True):
    """Somebody who talks to the bot, on one channel."""

    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("person_by_gate", "gate", "id"),
        Index("person_by_language", "language", "id"),
        Index("person_by_seen", "seen_day", "id"),
        _few("person_in_charge", "id", "role <> 'worker'"),
        _few("person_suspended", "id", "suspended_at IS NOT NULL"),
        _few("person_unreachable", "id", "blocked_at IS NOT NULL"),
        _few("person_paused", "id", "paused_until IS NOT NULL"),
        _few("person_switched", "id", "muted <> '[]'"),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    channel: str
    external_id: str
    language: str = ""
    """Chosen or guessed; empty until the first hello."""
    zone: str = ""
    """Name of their time zone (IANA), once they have said it; until then times are shown in UTC."""
    role: str = "worker"
    consent: str = ""
    """Version of the text that was agreed to; empty when none was."""
    consented_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    joined_at: int = Field(sa_column=millis())
    suspended_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    proven_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When an admin said that they are proven (gate 4), if one did."""
    paused_until: int | None = Field(default=None, sa_column=millis(nullable=True))
    """Until when they get no new tasks anywhere, as an admin has said; it may be over."""
    paused_for: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    """Why, in the admin's words."""
    blocked_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When the channel last said that it cannot reach them; cleared when they write."""
    age: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The highest age that they have said they have reached; 0 while they have said none."""
    gate: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The stage they have reached: 1 joined, 2 trained, 3 qualified, 4 proven; 0 before they agree."""
    quiet_from: int | None = None
    """Minute of their day from which they want no messages that they did not ask for."""
    quiet_until: int | None = None
    likes: str = Field(default="[]", sa_column=Column(Text, nullable=False, server_default="[]"))
    """What they would like to work on: kinds and topics (JSON list); empty for anything."""
    invitation: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Code of the invitation they came by."""
    muted: str = Field(default="[]", sa_column=Column(Text, nullable=False, server_default="[]"))
    """Topics of which they want no messages of the bot's own accord (JSON list; ``db.tables.outreach.Delivery``)."""
    notices: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many notices wait for them."""
    seen_day: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The day (since 1970 UTC) on which they last wrote or tapped; 0 before they did."""
    erased_at: int | None = Field(default=None, sa_column=millis(nullable=True))


class Speaks(SQLModel, table=True):
    """A language that a person speaks, and how well: 1 a little, 2 well, 3 as their own."""

    person_id: int = Field(sa_column=key("person.id"))
    language: str = Field(primary_key=True)
    level: int


class Receipt(SQLModel, table=True):
    """That a person agreed to a text, word for word: its version, and the SHA-256 of what they were shown."""

    person_id: int = Field(sa_column=key("person.id"))
    version: str = Field(primary_key=True)
    agreed_at: int = Field(sa_column=millis(primary_key=True))
    language: str
    digest: str
    withdrawn_at: int | None = Field(default=None, sa_column=millis(nullable=True))


class Invitation(SQLModel, table=True):
    """A link that brings people: to one project or to all, from one inviter, for a number of people."""

    __table_args__ = (Index("invitation_by_inviter", "inviter_id"),)

    code: str = Field(primary_key=True)
    project_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("project.id")))
    inviter_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Empty where it was made in the shell."""
    places: int | None = None
    """For how many people; empty for any number."""
    used: int = 0
    made_at: int = Field(sa_column=millis())
    ends_at: int | None = Field(default=None, sa_column=millis(nullable=True))


class Invited(SQLModel, table=True):
    """A person who came by an invitation; each takes one place of it, however often they come."""

    __table_args__ = (Index("invited_by_person", "person_id"),)

    code: str = Field(foreign_key="invitation.code", primary_key=True)
    person_id: int = Field(sa_column=key("person.id"))
    at: int = Field(sa_column=millis())


class Notice(SQLModel, table=True):
    """Something a person is to be told when they are next here."""

    __table_args__ = (Index("notice_by_person", "person_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    person_id: int = Field(sa_column=Column(Big, ForeignKey("person.id"), nullable=False))
    at: int = Field(sa_column=millis())
    words: str = Field(sa_column=Column(Text, nullable=False))
    """Not yet in a language (JSON)."""
    topic: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Of what kind it is: what of a kind is told together is one notice that grows. Empty for what is told alone."""
    n: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """How many things it tells."""


class Remark(SQLModel, table=True):
    """What an admin has noted about somebody, for other admins."""

    __table_args__ = (Index("remark_by_person", "person_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    person_id: int = Field(sa_column=Column(Big, ForeignKey("person.id"), nullable=False))
    made_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Empty for the shell."""
    at: int = Field(sa_column=millis())
    words: str = Field(sa_column=Column(Text, nullable=False))


class Day(SQLModel, table=True):
    """How many answers a person has given on one day, by the clock of the zone they have said."""

    person_id: int = Field(sa_column=key("person.id"))
    day: int = Field(sa_column=key())
    """Days since 1970."""
    answers: int


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
    seen_at: int = Field(default=0, sa_column=Column(Big, nullable=False, server_default="0"))
    """When they last wrote or tapped; 0 before they did."""
    menu: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the chat's own menu of commands lists: a role and a language; empty for the one of all."""


class GroupChat(SQLModel, table=True):
    """A group the bot was spoken to in, and has explained itself to."""

    __tablename__ = "group_chat"

    channel: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    explained_at: int = Field(sa_column=millis())
    reviews: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    """Whether reviewers vote here, as an admin has said in it."""
    language: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The language in which the bot speaks here: that of the admin who said so."""
    case_id: int | None = Field(default=None, sa_column=Column(Big))
    """The case that is shown."""
    serial: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    screen: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    message_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
