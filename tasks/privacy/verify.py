"""Whether the chain of records holds: which were changed, removed, put in or moved since they were recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from db.errors import InputError, told
from db.queries import audit
from db.queries.audit import Link
from db.session import Database, Reader
from tasks.privacy import chain
from tasks.words import Moment, Text, Words, _

_MOST_TOLD = 100
"""So many breaks are named; all are counted."""
_AT_ONCE = 1_000
_HASH = re.compile(r"[0-9a-f]{64}")
Progress = Callable[[int, int], None]
"""Told how many records of how many are read."""


class HashError(InputError):
    """What was given is no hash."""

    message = told("Give the whole hash, 64 digits and letters from a to f, as “audit verify” has printed it.")


@dataclass(frozen=True, slots=True)
class Break:
    """A record that is not as it should be; ``number`` None where it has none, ``to`` the last of those missing."""

    how: str
    """changed | missing | cut (missing at the end) | added | beyond (the end) | wordless | end (its row)"""
    number: int | None
    at: int | None = None
    what: str = ""
    row: int | None = None
    """The ``id`` of its row."""
    to: int | None = None


@dataclass(slots=True)
class Verified:
    """What was found."""

    records: int = 0
    since: int | None = None
    """When the first was made, milliseconds since 1970."""
    hash: str = chain.START
    """Of the newest record."""
    breaks: list[Break] = field(default_factory=list)
    """The first of them, by number."""
    broken: int = 0
    known: bool = True
    """Whether the hash that was noted before is in the chain."""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.broken and self.known


def verify(database: Database, noted: str, progress: Progress) -> Verified:
    """Read all records once, in bounded memory. ``noted`` is a hash of before that must be among them, or empty.

    Raises HashError.
    """
    noted = noted.strip().lower()
    if noted and not _HASH.fullmatch(noted):
        raise HashError
    found = Verified(known=not noted)
    with database.reading() as reader:
        end = reader.one(audit.NEWEST)
        for broken in _breaks(reader, end, noted, found, progress):
            found.broken += 1
            if len(found.breaks) < _MOST_TOLD:
                found.breaks.append(broken)
    return found


def _breaks(
    reader: Reader, end: audit.Newest | None, noted: str, found: Verified, progress: Progress
) -> Iterator[Break]:
    number, total = 0, end.number if end else None
    wordless: dict[int | None, Link] = {}
    for row in reader.stream(audit.CHAIN):
        place = row.number or 0
        if place < 1 or (total is not None and place > total):
            yield _named("added" if place < 1 else "beyond", row)
            continue
        if place > number + 1:
            yield Break("missing", number + 1, to=place - 1)
        elif not _holds(row, found.hash):  # behind a gap nobody can say
            yield _named("changed", row)
        _note_words(row, wordless)
        number, found.hash = place, row.hash
        _count(found, row, noted)
        if not found.records % _AT_ONCE:
            progress(found.records, total or found.records)
    yield from _end(end, number, found.hash)
    yield from (_named("wordless", row) for row in wordless.values())
    yield from (_named("added", row) for row in reader.stream(audit.UNCHAINED))


def _count(found: Verified, row: Link, noted: str) -> None:
    found.records += 1
    found.since = row.at if found.since is None else found.since
    found.known = found.known or row.hash == noted


def _end(end: audit.Newest | None, number: int, last: str) -> Iterator[Break]:
    if end is not None and end.number > number:
        yield Break("cut", number + 1, to=end.number)
    elif end is None or end.hash != last:
        yield Break("end", number)


def _holds(row: Link, before: str) -> bool:
    """Whether a record says what it said when it was recorded, behind the record that was before it then."""
    try:
        words = json.loads(row.figures).get(chain.WORDS)
        return row.hash == chain.hash_of(row, before) and _words_hold(row, words)
    except (ValueError, AttributeError):
        return False


def _words_hold(row: Link, words: object) -> bool:
    if words is None:
        return not row.salt
    return row.digest == chain.digest(words, row.salt)


def _note_words(row: Link, wordless: dict[int | None, Link]) -> None:
    """Words are only missing where a later record says that the person was erased."""
    if row.what == "erase":
        wordless.pop(row.person, None)
    elif row.digest and not row.salt:
        wordless.setdefault(row.person, row)


def _named(how: str, row: Link) -> Break:
    return Break(how, row.number, row.at, row.what, row.id)


# --------------------------------------------------------------------------- in words

_HOW: Mapping[str, Text] = MappingProxyType(
    {
        "changed": _("{record} is not as it was recorded, or not in its place"),
        "added": _("{record} was put in from outside"),
        "beyond": _("{record} stands beyond the end of the chain: it was put in, or the end was set back"),
        "wordless": _("{record} has lost its words, and no erasure of the person is on record after it"),
    }
)


def told_of(one: Break) -> Words:
    """A break in words, with the record's name."""
    if one.how == "end":
        return _(
            "The row that says where the chain ends was changed: the newest record is {number}", number=one.number or 0
        )
    if one.to is not None:
        return _missing(one.number or 0, one.to, at_the_end=one.how == "cut")
    when = Moment(one.at or 0)
    if one.number is None:
        record = _(
            "A record without a number (row {row}, {when}, “{what}”)", row=one.row or 0, when=when, what=one.what
        )
    else:
        record = _("Record {number} ({when}, “{what}”)", number=one.number, when=when, what=one.what)
    how = _HOW[one.how]
    return Text(how.message, {"record": record})


def _missing(first: int, last: int, *, at_the_end: bool) -> Words:
    if first == last:
        one = _("Record {first} is missing at the end", first=first)
        return one if at_the_end else _("Record {first} is missing", first=first)
    many = _("Records {first} to {last} are missing at the end", first=first, last=last)
    return many if at_the_end else _("Records {first} to {last} are missing", first=first, last=last)
