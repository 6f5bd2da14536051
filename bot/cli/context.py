"""What a command of the shell works with: settings, an open and migrated database, the projects, the media."""

from __future__ import annotations

import fcntl
import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.shell import now_ms
from bot.settings import Settings, load_settings
from db.errors import DatabaseUnavailableError, FailureError, told
from db.session import Database, open_database

if TYPE_CHECKING:
    from bot.parts import Parts
    from tasks.projects.catalog import Catalog
    from tasks.projects.media import MediaStore
    from tasks.projects.rules import Rule

_UPGRADE_LOCK = 0x43_52_4C_4D
"""Key of PostgreSQL's advisory lock: one process upgrades, the others wait ("CRLM")."""


class DatabaseNewerError(FailureError):
    """The database was written by a later version."""

    message = told("Update Crowdloom: the database is of a later version ({revision}) than this program.")


@dataclass(frozen=True, slots=True)
class Opened:
    """The parts that commands share."""

    settings: Settings
    database: Database
    catalog: Catalog
    media: MediaStore
    now_ms: Callable[[], int]
    rng: random.Random
    rules: Sequence[Rule]
    """Those of projects that have none of their own."""

    @property
    def auto_reviewers(self) -> bool:
        """Whether who passes a reviewer's quiz is a reviewer at once."""
        return self.settings.reviewers == "auto"

    def given(self, channel: str, user: str) -> str:
        """The role that the settings give to the id of a channel; empty where they say nothing."""
        return "owner" if channel == "telegram" and user in {str(one) for one in self.settings.admins} else ""

    def for_bot(self) -> Parts:
        """What a bot is built of."""
        from bot.parts import Parts  # noqa: PLC0415 - most commands build none

        return Parts(
            self.database,
            self.catalog,
            self.media,
            self.now_ms,
            self.rng,
            self.settings.media_dir.parent / "files",
            self.rules,
            self.auto_reviewers,
            self.settings.payout_minimum,
            self.settings.second_admin,
            self.settings.reminders_per_day,
            named=[("telegram", str(admin)) for admin in self.settings.admins],
        )


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Opened]:
    """The parts, with the database at its newest shape; closed at the end.

    Raises RulesUnreadableError, RulesFileError, DatabaseUnavailableError, DatabaseNewerError.
    """
    from tasks.projects.catalog import Catalog  # noqa: PLC0415 - a group's help needs none of it
    from tasks.projects.media import MediaStore  # noqa: PLC0415 - as above
    from tasks.rules.defaults import operators_rules  # noqa: PLC0415 - as above

    settings = settings or load_settings()
    rules = operators_rules(settings.rules)
    with opened_database(settings.database_url) as database:
        media = MediaStore(settings.media_dir)
        yield Opened(settings, database, Catalog(), media, now_ms, random.SystemRandom(), rules)


@contextmanager
def opened_database(url: str) -> Iterator[Database]:
    """The database alone, at its newest shape. Raises DatabaseUnavailableError, DatabaseNewerError."""
    with reachable_database(url) as database:
        bring_up_to_date(database.engine)
        yield database


@contextmanager
def reachable_database(url: str) -> Iterator[Database]:
    """The database as it is, closed at the end. Raises DatabaseUnavailableError."""
    try:
        database = open_database(url)
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnavailableError from error
    try:
        yield database
    finally:
        database.close()


def bring_up_to_date(engine: Engine) -> bool:
    """Migrate a database that is new or behind; whether there was anything to do."""
    from db.migrations.upgrade import current, head, upgrade  # noqa: PLC0415 - cheap; alembic is loaded by upgrade only

    try:
        if current(engine) == head():
            return False
        with _alone(engine):
            if current(engine) == head():
                return False
            _upgraded(engine, upgrade)
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnavailableError from error
    return True


def _upgraded(engine: Engine, upgrade: Callable[[Engine], None]) -> None:
    from alembic.util import CommandError  # noqa: PLC0415 - slow to load, and seldom needed

    from db.migrations.upgrade import current  # noqa: PLC0415 - as above

    try:
        upgrade(engine)
    except CommandError as error:
        raise DatabaseNewerError(revision=current(engine) or "") from error


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Hold what keeps other processes from upgrading at the same time."""
    if engine.dialect.name == "sqlite":
        folder = os.open(Path(engine.url.database or ".").absolute().parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    else:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
            yield
