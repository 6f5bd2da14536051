"""``doctor``: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import typer
from sqlalchemy.engine import make_url

from bot.bootstrap import ROOT
from bot.checks import database, machine, rules, telegram
from bot.checks.finding import Finding, State
from bot.cli.shell import FAILURE, Shell, now_ms, shell
from bot.settings import Settings, load_settings

app = typer.Typer()

_SIGNS = {State.GOOD: "✓", State.ADVICE: "!", State.WRONG: "✗"}


@app.command()
def doctor(
    *,
    online: bool = typer.Option(False, "--online", help="Ask Telegram too."),
    as_json: bool = typer.Option(False, "--json", help="Answer for a program."),
) -> None:
    """What is wrong with this installation, and what to do about it: a line for each check."""
    here = shell()
    found = list(findings(load_settings(), online=online))
    if as_json:
        typer.echo(json.dumps([_plain(here, finding) for finding in found], ensure_ascii=False))
    else:
        for finding in found:
            typer.echo(f"{_SIGNS[finding.state]} {here.words(finding.about)}: {here.words(finding.said)}")
    if any(finding.state is State.WRONG for finding in found):
        raise typer.Exit(FAILURE)


def findings(settings: Settings, *, online: bool) -> Iterator[Finding]:
    """Every check, in the order in which trouble is mended."""
    yield machine.python()
    yield machine.packages(ROOT)
    yield from machine.settings_known()
    yield from machine.secrets_file(Path(".env"))
    yield from database.database(settings.database_url)
    yield rules.rules(settings.rules)
    yield machine.disk(_data_folder(settings))
    yield machine.media(settings.media_dir)
    yield machine.clock(now_ms(), ROOT)
    host, number = settings.address
    if number:
        yield machine.port(host, number)
    yield telegram.token(settings)
    yield from telegram.server(settings)
    if online:
        yield from telegram.online(settings)


def _data_folder(settings: Settings) -> Path:
    """Where it gets full first: beside the SQLite file, else where the media are."""
    file = make_url(settings.database_url).database if settings.database_url.startswith("sqlite") else None
    return Path(file).parent if file else settings.media_dir


def _plain(here: Shell, finding: Finding) -> dict[str, str]:
    return {"check": here.words(finding.about), "state": finding.state, "said": here.words(finding.said)}
