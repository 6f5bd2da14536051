"""The lock that one process alone holds on a database, for as long as it lives: whoever has it leads."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine

_KEY = 0x43_52_4C_44
"""Of PostgreSQL's advisory lock ("CRLD"); advisory locks are of one database each."""
_ALIVE = {"tcp_keepalives_idle": 5, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 2, "idle_session_timeout": 0}
"""What the server is asked for: a machine that has died without a word is known as dead after 15 s."""

_NEAR: Mapping[str, Any] = {
    "connect_timeout": 10,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
}
"""What is asked for on this side: a server that has gone without a word is known as gone as soon."""


class Lock(Protocol):
    """Held by one process at a time, and by none that has died. All of it may block for as long as a network does."""

    def take(self) -> bool:
        """Whether it is held by now: taken just now, or still. Raises what the driver raises; then it is not held."""

    def leave(self) -> None:
        """Let go of it, if it is held."""


def lock_of(engine: Engine) -> Lock:
    """The lock of a database, not yet taken."""
    if engine.dialect.name == "sqlite":
        return FileLock(f"{engine.url.database}-lead")
    return SessionLock(engine)


class FileLock:
    """A lock on a file beside a SQLite database: the system takes it back when the process ends, however it ends."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """See ``Lock.take``."""
        if self._file is None:
            self._file = self._locked()
        elif not self._same(self._file):
            self.leave()
        return self._file is not None

    def _locked(self) -> int | None:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        except OSError:
            os.close(file)
            raise
        return file

    def _same(self, file: int) -> bool:
        """Whether it is still the file of that name: somebody may have removed it, and another made a new one."""
        try:
            return os.path.samestat(os.fstat(file), Path(self._path).stat())
        except OSError:
            return False

    def leave(self) -> None:
        """See ``Lock.leave``."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


class SessionLock:
    """An advisory lock of PostgreSQL on a connection of its own: the server takes it back when the session ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Any = None
        self._held = False

    def take(self) -> bool:
        """See ``Lock.take``."""
        try:
            if self._session is None:
                self._session = self._connected()
            if self._held:
                self._session.execute("SELECT 1")
            else:
                self._held = bool(self._session.execute(f"SELECT pg_try_advisory_lock({_KEY})").fetchone()[0])
        except BaseException:
            self.leave()
            raise
        return self._held

    def _connected(self) -> Any:
        from psycopg import Connection  # noqa: PLC0415 - only where it is used

        address = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        session = Connection.connect(address, **_NEAR)
        session.autocommit = True
        for name, value in _ALIVE.items():
            with suppress(Exception):  # an older server knows one of them not
                session.execute(f"SET {name} = {value}")
        return session

    def leave(self) -> None:
        """See ``Lock.leave``."""
        session, held = self._session, self._held
        self._session, self._held = None, False
        if session is not None:
            with suppress(Exception):
                if held:  # the server hears of a closed session in its own time, of this at once
                    session.execute(f"SELECT pg_advisory_unlock({_KEY})")
            with suppress(Exception):
                session.close()
