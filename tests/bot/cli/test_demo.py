"""``demo`` from the shell: its address, its end, a port in use, and what it does not load."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

_ROOT = Path(__file__).parents[3]
_WATCH = """
import sys
from bot.cli import main
code = main(["--language", "en", "demo", "--no-browser", "--port", "0"])
print(sorted({"aiogram", "telegram", "pyarrow", "numpy", "matplotlib"} & sys.modules.keys()), code)
"""


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_without_a_messengers_library_and_ends_when_told(
    environment: dict[str, str], tmp_path: Path, end: signal.Signals
) -> None:
    command = [sys.executable, "-c", _WATCH]
    environment["TMPDIR"] = str(tmp_path)
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("Open http://127.0.0.1:")
        with urlopen(said.split()[1]) as page:  # noqa: S310 - the address of this machine
            assert page.status == 200
        process.send_signal(end)
        assert process.stdout.read().splitlines()[-1] == "[] 0"
    assert not list(tmp_path.iterdir())


def test_a_port_in_use_is_told_with_what_to_do(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "main.py", "--language", "en", "demo", "--no-browser", "--port", port]
        done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert done.stderr == f"Choose another --port, or leave it out: port {port} is in use.\n"
