"""Brings a database to the newest shape; alembic is loaded only when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent
_HEAD = "0006"


def head() -> str:
    """The newest revision there is."""
    return _HEAD


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def config(engine: Engine) -> Config:
    """Alembic's settings for this database (no alembic.ini is needed)."""
    from alembic.config import Config  # noqa: PLC0415 - slow to load, and seldom needed

    made = Config()
    made.set_main_option("script_location", str(_HERE))
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Walk up to ``revision``."""
    from alembic import command  # noqa: PLC0415 - slow to load, and seldom needed

    command.upgrade(config(engine), revision)
