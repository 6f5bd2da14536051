"""Everybody in pages, by one thing that they are: each page costs the same, however many people there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from db.queries import roll
from db.queries.staff import Listed
from db.session import Tx
from db.statement import Statement
from tasks.access import ROLES

__all__ = ["MOST_TRAIL", "ROLES", "Among", "Listed", "page", "words"]

MOST_TRAIL = 5
"""So many pages back one can go."""
_DAY_MS = 86_400_000
_WEEK, _MONTH = 7, 30
_LAST = 1 << 62

Place = tuple[int, int]
"""After which day and number a page begins; the day counts only where people are listed by it."""

_LISTS: Mapping[str, Statement[Listed]] = MappingProxyType(
    {
        "all": roll.EVERYBODY,
        "newest": roll.NEWEST,
        "active": roll.ACTIVE,
        "silent": roll.SILENT,
        "doubt": roll.IN_DOUBT,
        "paused": roll.PAUSED,
        "suspended": roll.SUSPENDED,
        "unreachable": roll.UNREACHABLE,
        "role": roll.IN_CHARGE,
        "gate": roll.AT_GATE,
        "language": roll.SPEAKING,
        "project": roll.WORKING_ON,
        "skill": roll.HOLDING,
    }
)
_DAYS: Mapping[str, int] = MappingProxyType({"active": _WEEK - 1, "silent": _MONTH})
"""How many days back the line is."""
_FROM_THE_END = frozenset({"newest", *_DAYS})
_NEXT = MappingProxyType({"language": roll.NEXT_LANGUAGE, "skill": roll.NEXT_SKILL})


@dataclass(frozen=True, slots=True)
class Among:
    """Which people: ``by`` is a key of the lists, ``value`` the role, gate, language, project or skill."""

    by: str = "all"
    value: Any = None

    @property
    def start(self) -> Place:
        """Where the first page begins."""
        return (_LAST >> 32, _LAST) if self.by in _FROM_THE_END else (0, 0)


def page(tx: Tx, among: Among, after: Sequence[int], most: int, now: int) -> tuple[Sequence[Listed], Place | None]:
    """People of one page, and where the next begins; None after the last."""
    values: dict[str, Any] = {"after": after[1], "most": most + 1}
    statement = _LISTS[among.by]
    if among.by == "role" and among.value == "worker":
        statement = roll.WORKERS
    elif among.by in _NAMED:
        values[among.by] = among.value
    if among.by in {"paused", "skill"}:
        values["now"] = now
    if among.by in _DAYS:
        values |= {"day": now // _DAY_MS - _DAYS[among.by], "seen": after[0]}
    found = tx.all(statement, **values)
    shown = found[:most]
    return shown, (_day(tx, among, shown[-1]), shown[-1].id) if len(found) > most else None


_NAMED = frozenset({"role", "gate", "language", "project", "skill"})


def _day(tx: Tx, among: Among, last: Listed) -> int:
    found = tx.one(roll.SEEN, person=last.id) if among.by in _DAYS else None
    return found.day if found else 0


def words(tx: Tx, by: str, after: str, most: int) -> Sequence[str]:
    """The languages or skills that somebody has, by the alphabet, from the one after ``after``."""
    found: list[str] = []
    while len(found) < most:
        row = tx.one(_NEXT[by], named=after)
        if row is None or row.word is None:
            break
        after = row.word
        found.append(after)
    return found
