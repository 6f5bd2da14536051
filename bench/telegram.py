"""Answers through Telegram's API: the bot against a bare echo bot of the same library, on a fake server.

Both do the same calls for a press: answer it, edit the message. Processor time is that of the bot's process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.house import database_in, fill

COLUMNS = ("library", "answers/s", "p50 ms", "p99 ms", "cpu ms/answer", "of the bare bot's rate")
_PEOPLE = 32
_TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).parent.parent
_BARE = {"aiogram": "bench.bare_aiogram", "python-telegram-bot": "bench.bare_ptb"}


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """The bare bot, then ours, for each library."""
    taps = 200 if short else 3_000
    for library, module in _BARE.items():
        bare = _run([sys.executable, "-m", module], {}, taps)
        yield _row("bare echo bot", library, bare, bare)
        with tempfile.TemporaryDirectory() as folder:
            database = database_in(Path(folder))
            fill(database, 40_000)
            database.close()
            settings = {
                "CROWDLOOM_BOT_LIBRARY": library,
                "CROWDLOOM_DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "CROWDLOOM_MEDIA_DIR": f"{folder}/media",
                "CROWDLOOM_LISTEN": "127.0.0.1:0",
                "CROWDLOOM_LOG_LEVEL": "warning",
                "CROWDLOOM_BOOTSTRAP": "off",
            }
            ours = _run([sys.executable, "main.py", "run"], settings, taps)
        yield _row("crowdloom", library, ours, bare)


def _row(what: str, library: str, found: Mapping[str, float], bare: Mapping[str, float]) -> tuple[str, ...]:
    return (
        what,
        library,
        f"{found['taps_per_second']:,.0f}",
        f"{found['p50_ms']:.0f}",
        f"{found['p99_ms']:.0f}",
        f"{found['cpu_ms']:.2f}",
        f"{found['taps_per_second'] / bare['taps_per_second']:.2f}",
    )


def _run(command: list[str], settings: Mapping[str, str], taps: int) -> dict[str, float]:
    """Let the crowd tap; what it saw, and the bot's processor time an answer."""
    crowd = [sys.executable, "-m", "tests.fakes.botapi", "--crowd", str(_PEOPLE), "--taps", str(taps)]
    with child(crowd, {}) as server:
        here = said(server)
        with child(
            command, {"CROWDLOOM_API_URL": here["url"], "CROWDLOOM_BOT_TOKEN": here["token"], **settings}
        ) as bot:
            said(server)
            before = cpu_seconds(bot.pid)
            found: dict[str, float] = said(server)
            found["cpu_ms"] = (cpu_seconds(bot.pid) - before) / taps * 1000
            return found


def said(server: subprocess.Popen[str]) -> Any:
    """The next line of the fake server."""
    assert server.stdout is not None  # noqa: S101 - opened as a pipe
    return json.loads(server.stdout.readline())


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def child(
    command: list[str], settings: Mapping[str, str], errors: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[str]]:
    """A process of ours that is told to stop at the end; ``errors`` is where its standard error goes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CROWDLOOM_")}
    started = subprocess.Popen(  # noqa: S603 - our own programs
        command, cwd=ROOT, env={**environment, **settings}, stdout=subprocess.PIPE, stderr=errors, text=True
    )
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
