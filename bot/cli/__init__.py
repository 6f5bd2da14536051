"""The shell's commands: each is a file here with an ``app`` (``typer.Typer``), loaded only when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 1 a failure, 2 bad input, 130 interrupted."""
    from bot.cli.group import commands  # noqa: PLC0415 - the package is imported for any of its files
    from bot.cli.shell import Shell, guarded  # noqa: PLC0415 - as above

    given = list(sys.argv[1:] if arguments is None else arguments)
    shell = Shell(json="--json" in given, arguments=tuple(given))
    return guarded(shell, lambda: commands().main(given, prog_name="main.py", standalone_mode=False, obj=shell))
