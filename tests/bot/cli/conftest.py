"""A shell in English, in a folder and with a database of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def english(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine speaks."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CROWDLOOM_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def command(english: None, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: ARG001 - it speaks so
    """Runs a command; its exit code, what it said and what it complained of."""

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
