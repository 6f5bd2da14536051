"""Databases for the tests of their own shape: one shared and migrated, one empty."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from db.migrations.upgrade import config
from db.session import Database, open_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def statement_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated database, shared by the module's tests, each of which takes back what it did."""
    if request.param == "sqlite":
        copy = tmp_path_factory.mktemp("statements") / "statements.db"
        copy.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        opened = open_database(f"sqlite:///{copy}")
        yield opened
        opened.close()
        return
    server = str(request.getfixturevalue("postgres_server"))
    template = request.getfixturevalue("postgres_template")
    name = f"statements_{secrets.token_hex(4)}"
    _on(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    opened = open_database(make_url(server).set(database=name).render_as_string(hide_password=False))
    yield opened
    opened.close()
    _on(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def alembic_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database for pytest-alembic to walk."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield opened.engine
        opened.close()
        return
    server = str(request.getfixturevalue("postgres_server"))
    name = f"empty_{secrets.token_hex(4)}"
    _on(server, f"CREATE DATABASE {name}")
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg", database=name))
    yield engine
    engine.dispose()
    _on(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def alembic_config(alembic_engine: Engine) -> Config:
    """Our own settings of alembic."""
    return config(alembic_engine)


def _on(server: str, statement: str) -> None:
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
