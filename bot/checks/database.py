"""Checks of the database: it opens, it can be written, it is up to date, a commit is durable, its ledger adds up."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.checks.finding import Finding, good, wrong
from bot.checks.ledger import ledger
from db.errors import CrowdloomError
from db.migrations.upgrade import current, head
from db.session import Database, open_database
from db.statement import change
from tasks.words import _

_PATIENCE = 30.0
"""Seconds to wait for a turn."""
_ASKED = {
    "sqlite": (("PRAGMA journal_mode", "PRAGMA synchronous"), (("wal",), ("2", "3"))),
    "postgresql": (
        ("SHOW fsync", "SHOW synchronous_commit"),
        (("on",), ("on", "local", "remote_apply", "remote_write")),
    ),
}
"""What is asked of each kind of database, and the answers under which a commit is durable."""
_WRITE = change("UPDATE alembic_version SET version_num = version_num")


def database(url: str) -> Iterable[Finding]:
    """All that there is to say about the database at ``url``; changes nothing, and makes no file."""
    if url.startswith("sqlite") and not Path(make_url(url).database or "").exists():
        yield _not_there_yet(Path(make_url(url).database or "").absolute())
        return
    try:
        opened = open_database(url)
    except (CrowdloomError, SQLAlchemyError, OSError):
        yield _unreachable()
        return
    try:
        yield from _looked_at(opened)
    except (CrowdloomError, SQLAlchemyError, OSError):
        yield _unreachable()
    finally:
        opened.close()


def _unreachable() -> Finding:
    return wrong(
        _("Database"), _("Check CROWDLOOM_DATABASE_URL and that the database is running: it cannot be opened.")
    )


def _not_there_yet(file: Path) -> Finding:
    folder = next(place for place in file.parents if place.is_dir())
    if os.access(folder, os.W_OK):
        return good(_("Database"), _("made at the first start"))
    return wrong(
        _("Database"), _("Let this user write to {folder}: the database is to be made there.", folder=str(folder))
    )


def _looked_at(opened: Database) -> Iterable[Finding]:
    revision = current(opened.engine)
    if revision != head():
        yield wrong(
            _("Database"),
            _(
                "Run “python main.py db upgrade”: the database is at revision {found}, the program at {wanted}.",
                found=revision or "0",
                wanted=head(),
            ),
        )
        return
    try:
        opened.run(lambda tx: tx.run(_WRITE)).result(timeout=_PATIENCE)
    except Exception:  # noqa: BLE001 - each driver has its own; the remedy is the same
        yield wrong(_("Database"), _("Let this user write to the database: it can be read only."))
        return
    yield good(_("Database"), _("written, at revision {revision}", revision=head()))
    yield _durable(opened)
    yield from ledger(opened)


def _durable(opened: Database) -> Finding:
    """Whether a confirmed answer survives a power cut."""
    asked, enough = _ASKED[opened.engine.dialect.name]
    with opened.engine.connect() as connection:
        found = [str(connection.exec_driver_sql(question).scalar()) for question in asked]
    if all(value in values for value, values in zip(found, enough, strict=True)):
        return good(_("Durability"), _("a commit survives a power cut"))
    return wrong(
        _("Durability"), _("Set {knobs} back: an answer could be lost in a power cut.", knobs=", ".join(asked))
    )
