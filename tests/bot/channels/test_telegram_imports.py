"""Each library is loaded only by its own channel."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LIST = "import sys, {module}; print(*sorted({{'aiogram', 'telegram', 'httpx'}} & set(sys.modules)))"


@pytest.mark.parametrize(
    ("module", "loaded"),
    [
        ("bot.channels.telegram", ""),
        ("bot.pace", ""),
        ("bot.channels.aiogram", "aiogram"),
        ("bot.channels.ptb", "httpx telegram"),
    ],
)
def test_what_a_module_loads(module: str, loaded: str) -> None:
    code = _LIST.format(module=module)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == loaded
