"""The bootstrap: installs once, starts over after an interruption, says one sentence where it cannot."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import threading
from pathlib import Path

import pytest

from bot import bootstrap
from bot.bootstrap import RUNTIME, STAMP, TESTS, UNFINISHED, Refusal, missing

HASH = "    --hash=sha256:" + "0" * 64


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose requirements nothing on this machine has."""
    for name in (RUNTIME, TESTS):
        (tmp_path / name).write_text(f"no-such-thing==1.0 \\\n{HASH}\n# for {name}\n")
    return tmp_path


@pytest.fixture
def installs(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been installed; the environment is made of an empty file."""
    done: list[str] = []

    def make(venv: Path) -> list[str]:
        (venv / "bin").mkdir(parents=True, exist_ok=True)
        (venv / "bin" / "python").touch()
        return ["pip"]

    monkeypatch.setattr(bootstrap, "_pip", make)
    monkeypatch.setattr(bootstrap, "_install", lambda _pip, file, _lock: done.append(file.name))
    monkeypatch.setattr(sys, "prefix", str(root / "usr"))
    monkeypatch.setattr(sys, "base_prefix", str(root / "usr"))
    return done


def _start(root: Path, *arguments: str) -> Path | None:
    return bootstrap._python_for(["main.py", *arguments], root)


def test_the_first_start_installs_and_the_second_does_not(root: Path, installs: list[str]) -> None:
    assert _start(root, "demo") == root / ".venv" / "bin" / "python"
    assert _start(root, "demo") == root / ".venv" / "bin" / "python"
    assert installs == [RUNTIME]


def test_only_the_tests_install_what_tests_need(root: Path, installs: list[str]) -> None:
    _start(root, "test")
    _start(root, "demo")
    assert installs == [TESTS]


def test_other_requirements_are_installed_anew(root: Path, installs: list[str]) -> None:
    _start(root, "demo")
    (root / RUNTIME).write_text(f"no-such-thing==2.0 \\\n{HASH}\n")
    _start(root, "demo")
    assert installs == [RUNTIME, RUNTIME]


def test_an_interrupted_installation_is_started_over(
    root: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def interrupted(*_given: object) -> None:
            (root / ".venv" / "half-written").touch()
            raise KeyboardInterrupt

        patch.setattr(bootstrap, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            _start(root, "demo")
    assert (root / ".venv" / UNFINISHED).exists()
    assert not (root / ".venv" / STAMP).exists()
    _start(root, "demo")
    assert not (root / ".venv" / "half-written").exists()
    assert not (root / ".venv" / UNFINISHED).exists()
    assert installs == [RUNTIME]


def test_two_starts_at_once_install_once(root: Path, installs: list[str]) -> None:
    starts = [threading.Thread(target=_start, args=(root, "demo")) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert installs == [RUNTIME]


def test_inside_its_environment_the_process_goes_on_as_it_is(
    root: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _start(root, "demo")
    monkeypatch.setattr(sys, "prefix", str(root / ".venv"))
    assert _start(root, "demo") is None
    assert installs == [RUNTIME]


def test_an_active_environment_that_has_everything_is_used(
    root: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = root / "other" / "lib" / "python3.11" / "site-packages" / "no_such_thing-1.0.dist-info"
    packages.mkdir(parents=True)
    (packages / "METADATA").write_text("Metadata-Version: 2.1\nName: no_such_thing\nVersion: 1.0\n")
    monkeypatch.setattr(sys, "prefix", str(root / "other"))
    assert _start(root, "demo") is None
    assert installs == []


def test_it_can_be_turned_off(root: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROWDLOOM_BOOTSTRAP", "off")
    assert _start(root, "demo") is None
    assert installs == []


def test_an_old_python_is_told_in_one_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    with pytest.raises(Refusal, match=r"Start it with Python 3\.11 or newer"):
        _start(root, "demo")


def test_a_machine_that_cannot_install_is_told_the_package(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(Refusal, match="python3-venv"):
        _start(root, "demo")


def test_a_refusal_ends_the_process_with_1(
    root: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_given: object) -> None:
        raise Refusal("Check the network.")

    monkeypatch.setattr(bootstrap, "_install", refuse)
    with pytest.raises(SystemExit) as ended:
        bootstrap.ensure(["main.py", "demo"], root)
    assert ended.value.code == "Check the network."
    assert installs == []
    assert "Installing what is needed" in capsys.readouterr().err


def test_missing_knows_versions_names_and_markers(tmp_path: Path) -> None:
    (tmp_path / "a_b-1.0.dist-info").mkdir()
    (tmp_path / "a_b-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: A_b\nVersion: 1.0\n")
    pins = tmp_path / "pins.txt"
    pins.write_text(
        f"a-b==1.0 \\\n{HASH}\nc==1 ; sys_platform == 'win32' \\\n{HASH}\nd==2 \\\n{HASH}\n"
        f"a-b==2.0 ; python_full_version >= '3.12' \\\n{HASH}\n"
    )
    assert missing(pins, [str(tmp_path)]) == ["d"]
