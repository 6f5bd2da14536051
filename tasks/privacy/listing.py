"""Records of what was done, by what they are about: listed, and written to a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.errors import InputError, told
from db.queries import audit
from db.queries.audit import Link
from db.session import Database, Tx, chunks
from tasks.exchange.complete import complete, writable
from tasks.exchange.formats import WRITERS
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Catalog
from tasks.projects.errors import UnknownProjectError

COLUMNS = ("number", "at", "by", "channel", "rule", "what", "person", "project", "figures", "without_words", "hash")
"""Header names of the file."""
_TEXT = frozenset({"channel", "rule", "what", "project", "figures", "hash"})
_AT_ONCE = 2_000
_ALL = 1 << 62


class RecordsFormatError(InputError):
    """There is no such format."""

    message = told("Name the file with one of {known}: “{format}” is none of them.")


@dataclass(frozen=True, slots=True)
class About:
    """Which records: by a person's number, a project's, what was done, since when; None or empty for all."""

    person: int | None = None
    project: int | None = None
    what: str = ""
    since: int = 0
    owner: int | None = None
    """Only of projects of this requester, and only what names nobody but who did it."""

    @property
    def values(self) -> dict[str, Any]:
        """For the statement."""
        of = {"person": self.person, "project": self.project, "owner": self.owner}
        return {"what": self.what, "since": self.since, **{name: one for name, one in of.items() if one is not None}}

    def statement(self, *, newest: bool) -> Any:
        """The statement for them."""
        of = {"person": self.person, "project": self.project, "owner": self.owner}
        return audit.listed(**{name: one is not None for name, one in of.items()}, newest=newest)


def newest(tx: Tx, about: About, most: int, before: int = _ALL) -> Sequence[Link]:
    """The newest of them, those with an ``id`` below ``before``."""
    found: Sequence[Link] = tx.all(about.statement(newest=True), **about.values, before=before, most=most)
    return found


def wordless(row: Link) -> bool:
    """Whether an erasure has taken words out of it."""
    return bool(row.digest) and not row.salt


@dataclass(frozen=True, slots=True)
class By:
    """Who takes records out, and when."""

    actor: Actor
    now: int


def write(
    database: Database, catalog: Catalog, by: By, about: About, out: Path, progress: Callable[[int, int], None]
) -> int:
    """Write them to a file, the oldest first, which is on record itself; how many.

    Raises RecordsFormatError, UnwritableError; then nothing is left behind.
    """
    form = out.suffix.removeprefix(".").lower()
    if form not in WRITERS:
        raise RecordsFormatError(format=out.suffix, known=", ".join(f".{known}" for known in WRITERS))
    writable(out)
    act = Act("export", about.person, about.project, {"what": "audit"})
    database.run(lambda tx: record(tx, by.actor, act, by.now)).result()
    keys: dict[int | None, str | None] = {None: None}
    done = 0
    with complete(out) as part, database.reading() as reader, closing(WRITERS[form](part, COLUMNS, _TEXT)) as writer:
        end = reader.one(audit.NEWEST)
        for rows in chunks(reader.stream(about.statement(newest=False), **about.values, before=_ALL), _AT_ONCE):
            for project in {row.project for row in rows} - keys.keys():
                keys[project] = _key(database, catalog, project)
            writer.write([_cells(row, keys[row.project]) for row in rows])
            done += len(rows)
            progress(done, max(done, end.number if end else 0))
    return done


def _key(database: Database, catalog: Catalog, project: int | None) -> str | None:
    def turn(tx: Tx) -> str:
        return catalog.get(tx, project or 0).key

    try:
        return database.run(turn).result()
    except UnknownProjectError:
        return None


def _cells(row: Link, key: str | None) -> Sequence[Any]:
    said = (row.number, moment(row.at), row.actor, row.channel or None, row.rule or None, row.what, row.person, key)
    return (*said, row.figures, wordless(row), row.hash)


def plain(row: Link, key: str | None) -> dict[str, Any]:
    """A record as JSON has it."""
    cells = dict(zip(COLUMNS, _cells(row, key), strict=True))
    return {**cells, "figures": json.loads(row.figures)}


def moment(millis: int) -> str:
    """Milliseconds since 1970 as ISO 8601 in UTC."""
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
