"""The group of all commands: a module of ``bot.cli`` is imported when its command is called, not before."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from bot.cli.shell import Shell
from db.errors import InputError, told

COMMANDS = {
    "demo": "A chat in the browser, a sample project, a simulated crowd: nothing to set.",
    "run": "The bot: long polling, or a webhook when CROWDLOOM_WEBHOOK_URL is set.",
    "chat": "Talk to the bot in the terminal.",
    "project": "Projects: check, add, list, show, launch, pause, close.",
    "broadcast": "A message to many: list, show, send, pause, resume, cancel.",
    "worker": "People: list, show, role, suspend, lift, proposals, decide.",
    "rejection": "Rejecting many answers at once: preview, propose, list, confirm, decline.",
    "payout": "Payouts: list, export, confirm.",
    "approval": "What waits for a second admin: list, confirm, decline.",
    "schedule": "What is done by itself: list, pause, resume, run, change, add, remove.",
    "audit": "What was done by people in charge and by rules: verify, list, export.",
    "export": "Write results, answers, behaviour or quality of a project to a file.",
    "evidence": "Write the whole history of one item to a file.",
    "aggregate": "From a file of answers to one label a task with its confidence; no project, no database.",
    "simulate": "Whom a project’s checks find in a simulated crowd, and what overlap, checks and people it needs.",
    "doctor": "What is wrong with this installation, and what to do about it.",
    "db": "Bring the database up to date.",
    "test": "Run the tests; what follows goes to pytest.",
}
"""Name of a command, which is its module's too, and its line in the help."""


class UnknownCommandError(InputError):
    """There is no such command, and none like it."""

    message = told("Run “python main.py --help” to see what there is: “{name}” is no command.")


class MistypedCommandError(InputError):
    """There is no such command, but one like it."""

    message = told("Try “python main.py {nearest}”: “{name}” is no command.")


class Commands(TyperGroup):
    """Commands by name, from ``COMMANDS``."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - TyperGroup's own signature
        """Names, in the order in which they are read."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command itself; in the help only its line, since that needs no import."""
        if cmd_name not in COMMANDS:
            raise _unknown(cmd_name)
        if ctx.meta.get("listing"):
            return TyperCommand(cmd_name, help=COMMANDS[cmd_name])
        command = get_command(import_module(f"bot.cli.{cmd_name}").app)
        command.name = cmd_name
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """All commands with a line each."""
        ctx.meta["listing"] = True
        super().format_help(ctx, formatter)


def _unknown(name: str) -> InputError:
    near = get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
    return MistypedCommandError(name=name, nearest=near[0]) if near else UnknownCommandError(name=name)


def version() -> str:
    """The version in ``pyproject.toml``, its one place."""
    file = Path(__file__).parents[2] / "pyproject.toml"
    return str(tomllib.loads(file.read_text("utf-8"))["project"]["version"])


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"crowdloom {version()}")
        raise typer.Exit


def commands() -> TyperGroup:
    """The whole command line."""
    app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

    @app.callback()
    def start(
        context: typer.Context,
        language: Annotated[str, typer.Option(help="Language of what is said here; else that of LANG.")] = "",
        debug: Annotated[bool, typer.Option("--debug", help="Show where an unexpected error came from.")] = False,
        _version: Annotated[
            bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
        ] = False,
    ) -> None:
        """Crowdloom turns a messenger into a workplace for micro-tasks."""
        shell: Shell = context.obj
        shell.language, shell.debug = language or shell.language, debug

    return cast("TyperGroup", get_command(app))
