"""The vocabulary of every conversation: what is heard (events), what is shown (screens), what is done (actions)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tasks.words import Words

# --------------------------------------------------------------------------- screens


class Style(StrEnum):
    """How a line of a screen is set."""

    PLAIN = "plain"
    HEAD = "head"  # small line on top: project and position
    STRONG = "strong"  # the question
    QUOTE = "quote"  # the item's own text
    FAINT = "faint"  # remarks


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a screen."""

    words: Words
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Key:
    """A button. ``to`` names what hears the press (``flow.verb``); ``value`` goes with it (JSON)."""

    words: Words
    to: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by content: the SHA-256 hex digest under which the media store has it."""

    content: str
    describes: Words = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """The one message that is worked on: lines, an optional picture above, rows of keys.

    ``receipt`` is handed back by the presenter with the time at which the channel took the screen
    (the ``delivered`` stamp of an assignment).
    """

    lines: Sequence[Line]
    keys: Sequence[Sequence[Key]] = ()
    picture: Picture | None = None
    receipt: tuple[int, int, int] | None = None  # project number, task number, worker number


SAMPLE = "-"
"""Where a key's data has its screen's serial: the screen is a sample."""

# --------------------------------------------------------------------------- actions


@dataclass(frozen=True, slots=True)
class Show:
    """Make this the current screen: edited in place where the channel can. ``fresh`` sends a new message."""

    screen: Screen
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """Show the current screen once more, as it is."""


@dataclass(frozen=True, slots=True)
class Toast:
    """A word on the side: the answer to a press; shown as a short message where a channel has no toasts."""

    words: Words


@dataclass(frozen=True, slots=True)
class Note:
    """A message of its own, without keys, that stays in the chat; with ``pin`` at its top, where the channel can."""

    lines: Sequence[Line]
    pin: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A screen as others will see it, in their language: a message of its own, whose keys only say that."""

    screen: Screen
    language: str


@dataclass(frozen=True, slots=True)
class Album:
    """Pictures, several at once (1 to 10), without keys."""

    pictures: Sequence[Picture]


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the person: a path that a job wrote, and the name to give it."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Original:
    """A picture once more, as a file: whole, as a channel may make the pictures that it shows smaller."""

    picture: Picture
    name: Words
    """What to call the file, without its ending."""


@dataclass(frozen=True, slots=True)
class Start:
    """Begin work too long for a turn (an import, an export); its end is heard as ``Finished``."""

    job: str
    arguments: Mapping[str, Any]


Action = Show | Again | Toast | Note | Sample | Album | Document | Original | Start


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands: the flow that hears next, and what it must remember (JSON)."""

    flow: str
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a flow answers: where the conversation stands now and what is to be done.

    ``state=None`` leaves the conversation where it was.
    """

    state: State | None
    actions: Sequence[Action]


# --------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class Sender:
    """Who is speaking, as the channel knows them."""

    channel: str  # "telegram" | "web" | "terminal" | "test"
    user: str  # the channel's own id of the person
    language: str = ""  # what the person's app says (BCP 47), a guess
    group: str = ""  # id of the group or channel it was said in; "" in private


@dataclass(frozen=True, slots=True)
class Command:
    """``/name argument``; the name in lower case, without slash and bot name."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A tap on a key: its data as the channel returned it (``serial.row.column``; may be forged)."""

    data: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text message."""

    text: str
    edited: bool = False
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is not text. ``what``: photo, document, sticker, voice, video, other.

    ``path`` is the downloaded file (documents and photos of whoever may send some, before the turn), ``name`` what the
    person called it;
    ``too_big`` when the channel would not hand it over.
    """

    what: str
    name: str = ""
    path: str = ""
    caption: str = ""
    too_big: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """A contact or a place."""

    what: str  # contact | location
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finished:
    """A job that this conversation started has ended. ``outcome`` is what the job reports (JSON)."""

    job: str
    outcome: Mapping[str, Any]


Heard = Command | Press | Said | Sent | Shared | Finished


@dataclass(frozen=True, slots=True)
class Event:
    """One thing heard. ``id`` is unique per sender: the same id twice has its effect once."""

    id: str
    at: int  # server receipt, milliseconds since 1970 UTC
    sender: Sender
    heard: Heard
