"""``test``: the tests, as ``.ci/run`` runs them too."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from db.errors import FailureError, told

app = typer.Typer(add_completion=False)
_ALL_OF_THEM = ("--numprocesses=auto", "--maxprocesses=8")


class NoTestToolsError(FailureError):
    """The environment holds what the bot needs, but not what its tests need."""

    message = told("Install requirements-dev.txt into {python} or leave out CROWDLOOM_BOOTSTRAP: pytest is not there.")


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False)
def run_tests(arguments: Annotated[list[str] | None, typer.Argument(metavar="[PYTEST ARGUMENTS]...")] = None) -> None:
    """Run the tests, on all processors; or give pytest's own arguments, which then decide alone."""
    if find_spec("pytest") is None:
        raise NoTestToolsError(python=sys.executable)
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-m", "pytest", *(arguments or _ALL_OF_THEM)], cwd=root, check=False)  # noqa: S603
    raise typer.Exit(done.returncode)
