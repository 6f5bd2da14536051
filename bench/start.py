"""Start to ready, and memory at rest: ``run`` on an empty database, ``project list``, ``demo``.

The reference of ``run`` is the import of its Telegram library alone, in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.telegram import ROOT, child, cpu_seconds, said

COLUMNS = ("wall s", "cpu s", "of importing the library", "rss MB")
_LIBRARIES = {"aiogram": "aiogram", "python-telegram-bot": "telegram.ext"}
_PYTHON = [sys.executable, "main.py"]


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each command; the middle one of several runs."""
    runs = 1 if short else 5
    for library, module in _LIBRARIES.items():
        imported = _middle([_wait([sys.executable, "-c", f"import {module}"], {}) for _ in range(runs)])
        yield _row(f"import {module}", imported, 0.0)
        yield _row(f"run ({library})", _middle([_run(library) for _ in range(runs)]), imported[1])
    with tempfile.TemporaryDirectory() as folder:
        settings = {"CROWDLOOM_DATABASE_URL": f"sqlite:///{folder}/start.db"}
        _wait([*_PYTHON, "db", "upgrade"], settings)
        yield _row("project list", _middle([_wait([*_PYTHON, "project", "list"], settings) for _ in range(runs)]), 0.0)
    yield _row("demo", _middle([_demo() for _ in range(runs)]), 0.0)


Figures = tuple[float, float, float]
"""Wall seconds, processor seconds, megabytes."""


def _middle(found: list[Figures]) -> Figures:
    return sorted(found)[len(found) // 2]


def _row(what: str, found: Figures, reference: float) -> tuple[str, ...]:
    of = f"{found[1] - reference:+.2f} s" if reference else ""
    return what, f"{found[0]:.2f}", f"{found[1]:.2f}", of, f"{found[2]:.0f}"


def _wait(command: list[str], settings: Mapping[str, str]) -> Figures:
    """A command that ends by itself."""
    began = time.perf_counter()
    started = subprocess.Popen(  # noqa: S603 - our own programs
        command, cwd=ROOT, env={**os.environ, "CROWDLOOM_BOOTSTRAP": "off", **settings}, stdout=subprocess.DEVNULL
    )
    _pid, _status, usage = os.wait4(started.pid, 0)
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _run(library: str) -> Figures:
    """``run`` until it asks the fake server for updates."""
    with tempfile.TemporaryDirectory() as folder, child([sys.executable, "-m", "tests.fakes.botapi"], {}) as server:
        here = said(server)
        settings = {
            "CROWDLOOM_API_URL": here["url"],
            "CROWDLOOM_BOT_TOKEN": here["token"],
            "CROWDLOOM_BOT_LIBRARY": library,
            "CROWDLOOM_DATABASE_URL": f"sqlite:///{folder}/start.db",
            "CROWDLOOM_MEDIA_DIR": f"{folder}/media",
            "CROWDLOOM_LISTEN": "127.0.0.1:0",
        }
        return _until("ready", [*_PYTHON, "run"], settings)


def _demo() -> Figures:
    return _until("http://", [*_PYTHON, "demo", "--no-browser", "--port", "0"], {})


def _until(word: str, command: list[str], settings: Mapping[str, str]) -> Figures:
    """Start, and wait for a line with this word; then look at the process at rest."""
    began = time.perf_counter()
    with child(command, {"CROWDLOOM_BOOTSTRAP": "off", **settings}, subprocess.STDOUT) as started:
        assert started.stdout is not None  # noqa: S101 - opened as a pipe
        while (line := started.stdout.readline()) and word not in line:
            pass
        wall, cpu = time.perf_counter() - began, cpu_seconds(started.pid)
        return wall, cpu, _resident(started.pid)


def _resident(pid: int) -> float:
    """Megabytes that a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
