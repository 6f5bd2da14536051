"""Words for people, not yet in a language: what a screen, a toast or an error says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from db.errors import CrowdloomError


@dataclass(frozen=True, slots=True)
class Text:
    """A message of the catalogue and the values that go into it.

    ``message`` is the English sentence (the gettext id) with ``{name}`` fields. With ``plural`` set,
    ``values["n"]`` chooses between the two. It is put into the person's language when it is shown.
    """

    message: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None


@dataclass(frozen=True, slots=True)
class Local:
    """Words that a requester wrote, by language code; ``""`` holds the words of a plain string."""

    by_language: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of a currency (ISO 4217 code)."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of one, 0 to 1, shown as a percentage."""

    value: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time in milliseconds since 1970 (UTC), shown in the person's zone."""

    millis: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the person's own calendar, in days since 1970."""

    day: int


@dataclass(frozen=True, slots=True)
class City:
    """The city by which a time zone (IANA name) is known, in the reader's language."""

    zone: str


@dataclass(frozen=True, slots=True)
class Join:
    """Words one after the other."""

    parts: Sequence[Words]
    between: str = ""


Words = str | Text | Local | City | Join
"""What people read. A plain ``str`` is shown exactly as typed: an item, a number, a symbol; never our own sentence."""

Value = str | int | Text | Local | City | Join | Money | Share | Moment | Day | timedelta


def _(message: str, **values: Value) -> Text:
    """A sentence of ours, to be translated when it is shown."""
    return Text(message, values)


def _n(one: str, many: str, n: int, **values: Value) -> Text:
    """A sentence of ours that depends on a number; both forms may use ``{n}``."""
    return Text(one, {"n": n, **values}, plural=many)


def error_words(error: CrowdloomError) -> Text:
    """What an error says to a person."""
    return Text(error.message, error.values)
