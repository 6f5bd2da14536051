"""Whom a broadcast reaches: people who have agreed, who are here and want such messages, narrowed by what is known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from db.errors import told
from db.queries import audience as queries
from db.queries import staff
from db.queries.audience import Share
from db.queries.staff import Listed
from db.session import Reader
from tasks.access import ROLES
from tasks.outreach.content import OutreachError
from tasks.zones import Quiet, is_quiet

MOST_PEOPLE = 50_000
"""How many people a list may name."""
MUTED = '%"broadcast"%'
_DAY_MS = 86_400_000
_SAMPLE, _LOOKED_AT = 5, 200
_GATES, _MOST_DAYS = 4, 10_000


class AudienceError(OutreachError):
    """Nobody can be meant by that."""

    message = told("Choose again: that says of nobody whether they are meant.")


class LongListError(OutreachError):
    """More people than a list may name."""

    message = told("Choose them by what they have in common: a list names up to {most} people.")


class NobodyError(OutreachError):
    """An audience of none."""

    message = told("Choose more people: there is nobody whom this would reach.")


@dataclass(frozen=True, slots=True)
class Audience:
    """What narrows it; nothing for everybody. Each condition that is set must hold."""

    gate: int = 0
    """The least gate."""
    role: str = ""
    skills: tuple[str, ...] = ()
    """One of them is held."""
    languages: tuple[str, ...] = ()
    """One of them is spoken, or what they use the bot in."""
    active_days: int | None = None
    """They wrote or tapped on one of so many days, to today (UTC)."""
    silent_days: int | None = None
    """They did not for so many days."""
    worked: int | None = None
    """A project that they have given at least ``answers`` answers in."""
    answers: int = 1
    never: int | None = None
    """A project that they have given no answer in."""
    measured: int | None = None
    """A project whose hidden checks they have answered right to a share of at least ``right`` (0 to 1)."""
    right: float = 0.0
    people: tuple[int, ...] = ()
    """Their numbers (``tasks.outreach.named`` reads lists): an address in here would outlive who is erased."""

    def pack(self) -> str:
        """As JSON: what is set."""
        plain = Audience()
        return json.dumps({name: value for name, value in asdict(self).items() if value != getattr(plain, name)})

    @property
    def conditions(self) -> frozenset[str]:
        """Names of those in ``db.queries.audience.CONDITIONS``."""
        given = {
            "gate": self.gate > 0,
            "role": bool(self.role),
            "skills": bool(self.skills),
            "languages": bool(self.languages),
            "active": self.active_days is not None,
            "silent": self.silent_days is not None,
            "worked": self.worked is not None,
            "never": self.never is not None,
            "measured": self.measured is not None,
            "people": bool(self.people),
        }
        return frozenset(name for name, wanted in given.items() if wanted)

    def values(self, now: int) -> dict[str, Any]:
        """What the statements of this audience are asked with."""
        today = now // _DAY_MS
        return {
            "muted": MUTED,
            "gate": self.gate,
            "role": self.role,
            "skills": json.dumps(self.skills),
            "languages": json.dumps(self.languages),
            "now": now,
            "since": today - (self.active_days or 0),
            "until": today - (self.silent_days or 0),
            "worked": self.worked,
            "answers": self.answers,
            "never": self.never,
            "measured": self.measured,
            "right": self.right,
            "numbers": json.dumps(self.people),
        }


def unpack(text: str) -> Audience:
    """What ``pack`` made JSON of."""
    set_: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in json.loads(text).items()}
    return Audience(**set_)


def check(audience: Audience) -> None:
    """Raises OutreachError where it means nothing."""
    if len(audience.people) > MOST_PEOPLE:
        raise LongListError(most=MOST_PEOPLE)
    days = [days for days in (audience.active_days, audience.silent_days) if days is not None]
    sane = 0 <= audience.gate <= _GATES and 0 <= audience.right <= 1 and audience.answers >= 1
    if not sane or any(not 0 < one <= _MOST_DAYS for one in days) or audience.role not in {"", *ROLES}:
        raise AudienceError


@dataclass(frozen=True, slots=True)
class Size:
    """How many people it is. ``by_language`` is the language they use, the most first."""

    total: int
    by_language: Mapping[str, int]
    asleep: int
    """Those whose quiet hours it is now: they get it when they wake."""
    unreachable: int
    """Not counted: they would be meant, but have blocked the bot."""
    sample: Sequence[Listed]
    wakes: int | None = None
    """The minute of their day at which most of those asleep wake."""


def size(reader: Reader, audience: Audience, now: int) -> Size:
    """How many people a broadcast reaches at this moment, and some of them; read outside of any turn."""
    rows = list(reader.stream(queries.shares(audience.conditions), **audience.values(now)))
    languages: Counter[str] = Counter()
    for row in rows:
        languages[row.language] += row.n - row.unreachable
    sleepers = [row for row in rows if _is_asleep(row, now)]
    asleep = sum(row.n - row.unreachable for row in sleepers)
    ends: Counter[int] = Counter()
    for row in sleepers:
        ends[row.quiet_until or 0] += row.n - row.unreachable
    wakes = next((minute for minute, _n in ends.most_common(1)), None) if asleep else None
    reached = {language: n for language, n in languages.most_common() if n}
    some = _drawn(reader, audience, now) + [row.some for row in rows if row.some]
    sample = [reader.one(staff.BY_NUMBER, person=one) for one in list(dict.fromkeys(some))[:_SAMPLE]]
    unreachable = sum(row.unreachable for row in rows)
    return Size(sum(reached.values()), reached, asleep, unreachable, [one for one in sample if one], wakes)


def _drawn(reader: Reader, audience: Audience, now: int) -> list[int]:
    """Some of them, from anywhere among all people; those who stand alone are not found like this."""
    newest = reader.one(queries.NEWEST)
    end = (newest.id if newest else 0) or 0
    chance = Random(now)  # noqa: S311 - which ones does not matter
    drawn = []
    for _try in range(_SAMPLE):
        after = chance.randrange(max(1, end))
        of = audience.values(now) | {"after": after, "upto": after + _LOOKED_AT}
        if found := reader.one(queries.stretch(audience.conditions), **of):
            drawn.append(found.id)
    return drawn


def _is_asleep(row: Share, now: int) -> bool:
    return is_quiet(quiet_of(row.quiet_from, row.quiet_until), row.zone, now)


def quiet_of(start: int | None, end: int | None) -> Quiet | None:
    """Quiet hours as a row has them."""
    return None if start is None or end is None else Quiet(start, end)
