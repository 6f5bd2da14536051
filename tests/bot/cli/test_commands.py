"""The command line: one sentence for each mistake, exit codes, JSON for programs, nothing loaded in vain."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.cli.group import COMMANDS, version
from bot.cli.shell import Shell, guarded
from db.errors import DatabaseUnavailableError, InputError

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ``.env`` and no database of the developer's; sentences in English."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = _run(capsys, "--help")
    assert code == 0
    assert all(name in out for name in COMMANDS)


def test_nothing_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = _run(capsys)
    assert code == 0
    assert "Usage" in out


def test_the_version_is_that_of_the_project_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "--version")[:2] == (0, f"crowdloom {version()}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["projct", "list"], "Try “python main.py project”: “projct” is no command.\n"),
        (["zzzz"], "Run “python main.py --help” to see what there is: “zzzz” is no command.\n"),
        (["db", "upgrade", "--jsn"], "No such option: --jsn"),
        (["db", "upgrad"], "No such command 'upgrad'."),
        (["--language"], "Option '--language' requires an argument."),
    ],
)
def test_a_misused_command_is_one_line_and_exit_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_a_bad_setting_is_exit_2_and_json_for_a_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROWDLOOM_LISTEN", "here")
    code, out, err = _run(capsys, "doctor", "--json")
    assert code == 2
    assert json.loads(out)["error"].startswith("Set CROWDLOOM_LISTEN to ")
    assert err == ""


def test_a_database_that_is_brought_up_to_date_stays_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "db", "upgrade")[1].startswith("The database is at revision")
    code, out, _err = _run(capsys, "db", "upgrade", "--json")
    assert code == 0
    assert json.loads(out)["changed"] is False


def test_a_file_that_is_no_database_is_one_line_and_exit_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.db").write_text("these are notes, not a database " * 200)
    monkeypatch.setenv("CROWDLOOM_DATABASE_URL", f"sqlite:///{tmp_path / 'notes.db'}")
    code, _out, err = _run(capsys, "db", "upgrade")
    assert (code, err) == (1, f"{DatabaseUnavailableError.message}\n")


def test_a_newer_database_is_left_alone(
    capsys: pytest.CaptureFixture[str], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    monkeypatch.setenv("CROWDLOOM_DATABASE_URL", sqlite_url)
    code, _out, err = _run(capsys, "db", "upgrade")
    assert code == 1
    assert err == "Update Crowdloom: the database is of a later version (9999) than this program.\n"


def _guarded(error: BaseException, **shell: Any) -> int:
    def command() -> None:
        raise error

    return guarded(Shell(language="en", **shell), command)


def test_an_unexpected_error_is_one_line_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    token = "123456789:" + "a" * 35
    assert _guarded(RuntimeError(f"boom\nat /bot{token}/getMe"), arguments=("run",)) == 1
    err = capsys.readouterr().err
    assert err.startswith("Run it again as “python main.py --debug run”")
    assert err.count("\n") == 1
    assert token not in err
    assert "Traceback" not in err


def test_debug_shows_where_it_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert _guarded(RuntimeError("boom"), debug=True) == 1
    assert "Traceback" in capsys.readouterr().err


def test_exit_codes_follow_the_tree_of_errors() -> None:
    assert _guarded(InputError()) == 2
    assert _guarded(DatabaseUnavailableError()) == 1
    assert _guarded(KeyboardInterrupt()) == 130


def test_a_language_without_a_sentence_speaks_english_and_one_with_it_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "tlh_QO.UTF-8")
    assert _run(capsys, "zzzz")[2].startswith("Run “python main.py --help”")
    assert Shell(language="ko-KR").sentence(InputError()) != str(InputError())


def test_a_command_of_the_shell_loads_no_messenger_and_no_web(tmp_path: Path) -> None:
    code = (
        "import sys; from bot.cli import main; main(['db', 'upgrade']); main(['--help']);"
        "print(sorted({'aiogram', 'telegram', 'aiohttp', 'pyarrow', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - words of ours
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
