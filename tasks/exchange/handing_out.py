"""Files that somebody in charge takes out of a project: on record before they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from db.session import Database, Tx
from tasks.exchange.complete import writable
from tasks.exchange.exports import export, named
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which file: of a project by its key, what of it, where to, in which format (None: by its name)."""

    key: str
    what: str
    out: Path
    format: str | None = None


def hand_out(
    database: Database, catalog: Catalog, actor: Actor, wanted: Wanted, now: int, progress: Callable[[int, int], None]
) -> int:
    """Write it; how many rows. Raises UnknownProjectError, ExportError, UnwritableError; then nothing is on record."""
    named(wanted.what, wanted.out, wanted.format)
    writable(wanted.out)

    def turn(tx: Tx) -> None:
        known = catalog.by_key(tx, wanted.key)
        record(tx, actor, Act("export", project=known.id, figures={"what": wanted.what}), now)

    database.run(turn).result()
    return export(database, catalog, wanted.key, wanted.what, wanted.out, wanted.format, progress)
