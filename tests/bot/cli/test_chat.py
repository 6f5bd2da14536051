"""``chat``: the bot in the terminal and through a pipe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.chat import lines
from db.session import open_database
from tests.support.bots import ANIMALS, add_project

ROOT = Path(__file__).parents[3]
Chat = Callable[..., str]


@pytest.fixture
def chat(
    english: None,  # noqa: ARG001 - it speaks so
    tmp_path: Path,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Chat:
    """Says lines to the bot, from a file as standard input; what it answered."""
    database = open_database(sqlite_url)
    try:
        add_project(database, ANIMALS, [{"caption": "small and grey"}, {"caption": "big and brown"}], now=1)
    finally:
        database.close()

    def say(*said: str, options: tuple[str, ...] = ()) -> str:
        (tmp_path / "said").write_text("".join(f"{line}\n" for line in said), encoding="utf-8")
        with (tmp_path / "said").open(encoding="utf-8") as source:
            monkeypatch.setattr(sys, "stdin", source)
            assert main(["chat", *options]) == 0
        return capsys.readouterr().out

    return say


def test_an_answer_is_given_by_numbers(chat: Chat) -> None:
    out = chat("1", "[Later]", "1", "1", "[Cat]")
    assert "Welcome!" in out
    assert "Look closely." in out
    assert "Which animal is this?\n[1] Cat   [2] Dog" in out
    assert "✓ Cat" in out
    assert "\x1b" not in out
    assert "> " not in out


def test_the_conversation_goes_on_at_the_next_start(chat: Chat) -> None:
    first = chat("1", "[Later]", "1", "1")
    again = chat("2")
    assert "Welcome!" in first
    assert "Welcome!" not in again
    assert "1 open project" in again


def test_each_role_is_somebody_else(chat: Chat) -> None:
    assert "Welcome!" in chat("/projects")
    out = chat("/projects", options=("--as", "admin"))
    assert "Welcome!" not in out
    assert "Which animal? · running" in out
    assert "/projects is not one of them" in chat("1", "/projects")


def test_the_language_is_that_of_the_machine_or_chosen(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert "반가워요!" in chat()
    assert "Welcome!" in chat(options=("--language", "en"))
    assert "Welcome!" in chat()


def test_a_language_that_is_not_there_is_one_line(chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
    assert chat()
    assert main(["chat", "--language", "tlh"]) == 2
    assert capsys.readouterr().err == "Choose one of these languages: en, ko. There is no “tlh” yet.\n"


def test_an_unknown_role_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chat", "--as", "king"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


async def test_lines_come_whole_from_a_pipe() -> None:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            for piece in (b"on", b"e\ntwo\nth", "ree 한".encode()[:5], "한".encode()[-2:] + b"\nlast"):
                pipe.write(piece)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(reading, encoding="utf-8") as source:
        found = [line async for line in lines(source)]
    writer.join()
    assert found[:2] == ["one", "two"]
    assert found[-1] == "last"
    assert len(found) == 4


async def test_bytes_that_are_no_text_stop_nothing() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"\xff\xfe\n")
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as source:
        assert [line async for line in lines(source)] == ["\ufffd\ufffd"]


def _process(tmp_path: Path, sqlite_url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, str(ROOT / "main.py"), "chat"],
        cwd=tmp_path,
        env={**os.environ, "CROWDLOOM_DATABASE_URL": sqlite_url, "LANG": "C.UTF-8", "CROWDLOOM_BOOTSTRAP": "off"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_pipe_that_ends_ends_it(tmp_path: Path, sqlite_url: str) -> None:
    with _process(tmp_path, sqlite_url) as chatting:
        out, err = chatting.communicate("1\n[Later]\n", timeout=60)
    assert (chatting.returncode, err) == (0, "")
    assert "Nothing to do just now." in out


def test_ctrl_c_ends_it(tmp_path: Path, sqlite_url: str) -> None:
    with _process(tmp_path, sqlite_url) as chatting:
        assert chatting.stdout
        while "[1]" not in chatting.stdout.readline():
            pass
        chatting.send_signal(signal.SIGINT)
        _out, err = chatting.communicate(timeout=60)
    assert (chatting.returncode, err) == (0, "")
