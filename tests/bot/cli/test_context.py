"""What commands work with: a database that is new is made, one that is behind is brought up to date, by one process."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.cli.context import bring_up_to_date, opened, opened_database, reachable_database
from bot.settings import load_settings
from db.errors import DatabaseUnavailableError
from db.migrations.upgrade import current, head
from tasks.rules.defaults import RulesFileError


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/empty.db"
        return
    server = make_url(request.getfixturevalue("postgres_server")).set(drivername="postgresql+psycopg")
    name = f"empty_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def test_many_processes_at_once_upgrade_a_new_database_once(empty_url: str) -> None:
    def start(_number: int) -> bool:
        with reachable_database(empty_url) as database:
            return bring_up_to_date(database.engine)

    with ThreadPoolExecutor(4) as together:
        changed = list(together.map(start, range(4)))
    assert sum(changed) == 1
    with opened_database(empty_url) as database:
        assert current(database.engine) == head()


def test_rules_with_a_mistake_are_told_before_anything_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n  - if: {skips_in_row: {from: 3}}\n    then: pawse\n")
    settings = load_settings(None, rules=file, database_url=f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(RulesFileError, match="Line 3"), opened(settings):
        pass
    assert not (tmp_path / "none.db").exists()


def test_a_database_that_cannot_be_reached_is_one_error() -> None:
    with pytest.raises(DatabaseUnavailableError), opened_database("postgresql://u:p@127.0.0.1:1/x"):
        pass


def test_a_command_has_all_parts_and_a_clock(tmp_path: Path) -> None:
    settings = load_settings(None, database_url=f"sqlite:///{tmp_path}/a.db", media_dir=tmp_path / "media")
    with opened(settings) as parts:
        assert parts.settings is settings
        assert parts.database.run(parts.catalog.all).result() == []
        assert parts.now_ms() > 1_700_000_000_000
