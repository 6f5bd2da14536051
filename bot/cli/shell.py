"""The person at the shell: their language, what is said to them, and how errors reach them."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import typer

from db.errors import CrowdloomError, FailureError, InputError, told
from tasks.words import Text, Words

INTERRUPTED = 130
BAD_INPUT = 2
FAILURE = 1


class UnexpectedError(FailureError):
    """An error that nobody thought of."""

    message = told("Run it again as “python main.py --debug {command}” and tell us what it shows: {reason}.")


def now_ms() -> int:
    """This moment, milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def _language_of(environ: Mapping[str, str]) -> str:
    """Language code in POSIX locale variables: ``ko_KR.UTF-8`` is ``ko-KR``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            code = value.partition(".")[0].partition("@")[0].replace("_", "-")
            return "en" if code in {"C", "POSIX"} else code
    return "en"


@dataclass(slots=True)
class Shell:
    """How to talk to the one who called the command; every command finds it in its context (``shell()``)."""

    json: bool = False
    """A program reads the answer."""
    arguments: tuple[str, ...] = ()
    language: str = field(default_factory=lambda: _language_of(os.environ))
    debug: bool = False

    def words(self, words: Words) -> str:
        """``words`` in this shell's language."""
        if isinstance(words, str):
            return words
        from bot.translate import Translator  # noqa: PLC0415 - babel is loaded only where there is something to say

        translator = Translator(now_ms)
        return translator.words(words, translator.negotiate(self.language))

    def say(self, words: Words, *, err: bool = False) -> None:
        """Print a line."""
        typer.echo(self.words(words), err=err)

    def sentence(self, error: CrowdloomError) -> str:
        """An error's sentence in this shell's language."""
        plain = all(isinstance(value, str | int) for value in error.values.values())
        if self.language.startswith("en") and plain:
            return str(error)
        return self.words(Text(error.message, error.values))

    def tell(self, sentence: str) -> None:
        """Say what went wrong: a line on standard error, or JSON on standard output for a program."""
        if self.json:
            typer.echo(json.dumps({"error": sentence}, ensure_ascii=False))
        else:
            typer.echo(sentence, err=True)


def shell() -> Shell:
    """The shell of the command that is running now."""
    from typer._click.globals import get_current_context  # noqa: PLC0415 - typer has no other way to it

    found = get_current_context().find_object(Shell)
    return found or Shell()


def guarded(shell: Shell, command: Callable[[], Any]) -> int:
    """Run ``command``; whatever happens in it becomes one sentence and an exit code."""
    try:
        code = command()
    except CrowdloomError as error:
        shell.tell(shell.sentence(error))
        return BAD_INPUT if isinstance(error, InputError) else FAILURE
    except typer.TyperException as error:
        return _usage(shell, error)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place: nobody is shown a traceback unasked
        return _unexpected(shell, error)
    return code if isinstance(code, int) else 0


def _usage(shell: Shell, error: typer.TyperException) -> int:
    """A misused command, in one line with where to read on; a lone group has its help for an answer."""
    from typer._click.exceptions import NoArgsIsHelpError  # noqa: PLC0415 - it is the help, not an error

    if isinstance(error, NoArgsIsHelpError):
        typer.echo(error.format_message())
        return 0
    context = getattr(error, "ctx", None)
    hint = f" See “python {context.command_path} --help”." if context else ""
    shell.tell(" ".join(error.format_message().split()) + hint)
    return error.exit_code


def _unexpected(shell: Shell, error: Exception) -> int:
    from bot.log import redact  # noqa: PLC0415 - only where something went wrong

    if shell.debug:
        import traceback  # noqa: PLC0415 - as above

        sys.stderr.write(redact("".join(traceback.format_exception(error))))
    reason = redact(" ".join(f"{type(error).__name__}: {error}".split()))[:300]
    shell.tell(shell.sentence(UnexpectedError(command=redact(" ".join(shell.arguments)), reason=reason)))
    return FAILURE
