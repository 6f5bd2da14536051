"""``broadcast``: list, show, send, pause, resume, cancel."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import Opened, opened
from bot.cli.rehearsal import DryRun, rehearsed, say_touched
from bot.cli.shell import Shell, shell
from tasks.words import Join, Text, Words, _, _n

if TYPE_CHECKING:
    from db.session import Tx
    from tasks.outreach.audience import Size
    from tasks.outreach.broadcast import Draft, Standing
    from tasks.privacy.audit import Actor

app = typer.Typer(no_args_is_help=True, add_completion=False)

AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As “broadcast list” shows it.", min=1)]
_AT_ONCE = 1_000
"""Names of a list that are looked up in one turn."""


@app.callback()
def group() -> None:
    """Broadcasts: list, show, send, pause, resume, cancel."""


# --------------------------------------------------------------------------- seeing


@app.command("list")
def list_all(
    *,
    most: Annotated[int, typer.Option("--most", help="So many at the most.", min=1, max=1_000)] = 20,
    as_json: AsJson = False,
) -> None:
    """The newest broadcasts: number, state, how far, its first words."""
    from tasks.outreach import broadcast  # noqa: PLC0415 - a help text needs none of it

    here = shell()
    with opened() as work:
        found = work.database.run(lambda tx: broadcast.listed(tx, most)).result()
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        here.say(_line(here, one))
    if not found:
        here.say(_("There is none yet. Send one with: python main.py broadcast send FILE"))


@app.command()
def show(number: Number, *, as_json: AsJson = False) -> None:
    """How one stands: whom it is for, when, how far it is, and what came of it."""
    from tasks.outreach import broadcast, told  # noqa: PLC0415 - a help text needs none of it
    from tasks.outreach.outcome import outcome_of  # noqa: PLC0415 - as above

    here = shell()
    with opened() as work:
        stands = work.database.run(lambda tx: broadcast.standing(tx, number)).result()
        wanted = stands.draft.audience
        who = work.database.run(lambda tx: told.audience(tx, work.catalog, wanted)).result()
        with work.database.reading() as reader:
            came = outcome_of(reader, stands)
    if as_json:
        variants = [{**asdict(one), "share": one.share, "interval": one.interval} for one in came.variants]
        missed = [row._asdict() for row in came.missed]
        answer = {**_plain(stands), "file": _said(stands.draft), "outcome": variants, "missed": missed}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    here.say(_line(here, stands))
    here.say(_("Who: {who}", who=Join(list(who), " · ")))
    here.say(_("When: {when}", when=told.timing(stands.draft.timing)))
    for at, one in enumerate(came.variants if stands.began_at else ()):
        here.say(_("Text {letter}: {sent} got it, {began} began to work since",
                   letter="AB"[at], sent=one.sent, began=one.began))  # fmt: skip
    for row in came.missed:
        here.say(told.missed(told.why_missed(row.state, row.why), row.n))


def _line(here: Shell, one: Standing) -> Words:
    from tasks.outreach import told  # noqa: PLC0415 - a help text needs none of it

    said: list[Words] = [str(one.number), told.state(one)]
    if one.total:
        said += [_n("{sent} of {n} sent", "{sent} of {n} sent", one.total, sent=one.sent)]
        said += [_n("{n} left", "{n} left", one.left)] if one.left else []
    return Join([*said, told.beginning(one.draft.content, here.language)], " · ")


def _plain(one: Standing) -> dict[str, Any]:
    counts = ("total", "sent", "failed", "blocked", "dropped", "left", "taken")
    times = ("made_at", "starts_at", "began_at", "ended_at")
    return {"number": one.number, "state": one.state, **{name: getattr(one, name) for name in (*counts, *times)}}


def _said(made: Draft) -> dict[str, Any]:
    packed = {"content": made.content.pack(), "audience": made.audience.pack(), "timing": made.timing.pack()}
    parts = {name: json.loads(part) for name, part in packed.items()}
    return {**parts, "project": made.project, "places": made.places}


# --------------------------------------------------------------------------- sending


@app.command()
def send(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The broadcast, YAML or JSON.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say whom it would reach, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send a broadcast out of a file; the running bot does it. Every mistake with its line and its remedy."""
    here = shell()
    with opened() as work:
        made, unknown, size = _read(work, file, keep=not dry_run)
        number, state = (None, "dry run") if dry_run else _sent(work, made, size.total)
    answer = {
        "number": number,
        "state": state,
        "people": size.total,
        "by_language": dict(size.by_language),
        "asleep": size.asleep,
        "wakes": size.wakes,
        "unreachable": size.unreachable,
        "sample": [one.id for one in size.sample],
        "unknown": list(unknown),
    }
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    for words in _told(made, unknown, size):
        here.say(words)
    here.say(_END[state] if number is None else Text(_END[state].message, {"number": number}))


_END = {
    "dry run": _("Nothing was sent, and nothing has changed."),
    "waiting": _("Another admin has to confirm it, under /approvals: it is broadcast {number}."),
    "choosing": _("The running bot sends it now. How it goes: python main.py broadcast show {number}"),
}


def _read(work: Opened, file: Path, *, keep: bool) -> tuple[Draft, Sequence[str], Size]:
    """The draft of a file, who of its list is not known, whom it reaches. Nobody at all is an error."""
    from tasks.outreach import audience, named  # noqa: PLC0415 - a help text needs none of it
    from tasks.outreach.file import read_broadcast  # noqa: PLC0415 - as above
    from tasks.outreach.filed import Filing  # noqa: PLC0415 - as above

    filing = Filing(*read_broadcast(file), file.parent, _languages())
    names, now = filing.names(), work.now_ms()
    people: dict[int, None] = {}
    unknown: list[str] = []
    for at in range(0, len(names), _AT_ONCE):
        found = work.database.run(partial(named.find, names=names[at : at + _AT_ONCE])).result()
        people |= dict.fromkeys(found.people)
        unknown += found.unknown
    made = work.database.run(lambda tx: filing.draft(tx, work.catalog, list(people), now)).result()
    made = filing.pictured(made, _keeps(work) if keep else _looks)
    with work.database.reading() as reader:
        size = audience.size(reader, made.audience, now)
    if not size.total:
        raise audience.NobodyError
    return made, unknown, size


def _languages() -> tuple[str, ...]:
    from bot.translate import Translator  # noqa: PLC0415 - as above

    return Translator(lambda: 0).languages()


def _keeps(work: Opened) -> Callable[[bytes, str], str]:
    from tasks.projects.pictures import made_small  # noqa: PLC0415 - loads what pictures need

    return lambda raw, name: work.media.put(made_small(raw, name))


def _looks(raw: bytes, name: str) -> str:
    """Whether it could be kept; it is not."""
    from tasks.projects.pictures import made_small  # noqa: PLC0415 - as above

    made_small(raw, name)
    return "-"


def _sent(work: Opened, made: Draft, people: int) -> tuple[int, str]:
    """It is on its way, or waits for a second admin, in one turn: its number, and which of the two."""
    from tasks import approval, asked  # noqa: PLC0415 - a help text needs none of it
    from tasks.outreach import broadcast  # noqa: PLC0415 - as above
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above

    now = work.now_ms()

    def turn(tx: Tx) -> tuple[int, str]:
        number = broadcast.draft(tx, SHELL, made, now)
        if approval.over(work.settings.second_admin, people=people):
            broadcast.wait(tx, number)
            wanted = approval.Ask("broadcast", asked.of_broadcast(number, made, people), people)
            approval.ask(tx, SHELL, wanted, now)
            return number, "waiting"
        broadcast.send(tx, work.catalog, SHELL, number, now)
        return number, "choosing"

    return work.database.run(turn).result()


def _told(made: Draft, unknown: Sequence[str], size: Size) -> Sequence[Words]:
    """Whom it reaches, when, and who reads what."""
    from tasks.outreach import told  # noqa: PLC0415 - a help text needs none of it

    some = Join([_("No. {number}", number=one.id) for one in size.sample], ", ")
    said: list[Words] = [told.reach(size.total, size.by_language, size.asleep, size.wakes)]
    said += [_("Such as: {people}", people=some), _("When: {when}", when=told.timing(made.timing))]
    said += told.fallbacks(made.content.variants[0], size.by_language)
    if size.unreachable:
        said.append(told.unreachable(size.unreachable))
    if unknown:
        said.append(told.left_out(unknown))
    return said


# --------------------------------------------------------------------------- holding


def _moved(number: int, move: Callable[..., None], said: Words, *, dry_run: bool, as_json: bool) -> None:
    from tasks.outreach import broadcast  # noqa: PLC0415 - a help text needs none of it
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above

    def turn(tx: Tx, actor: Actor, now: int) -> Standing:
        move(tx, actor, number, now)
        return broadcast.standing(tx, number)

    with rehearsed(dry_run=dry_run) as work:
        stands = work.database.run(lambda tx: turn(tx, SHELL, work.now_ms())).result()
        say_touched([_line(shell(), stands)], dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps(_plain(stands)))
    elif not dry_run:
        shell().say(said)


@app.command()
def pause(number: Number, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Send no more of it for now."""
    from tasks.outreach.broadcast import pause as move  # noqa: PLC0415 - a help text needs none of it

    said = _("It is paused. Go on with: python main.py broadcast resume {number}", number=str(number))
    _moved(number, move, said, dry_run=dry_run, as_json=as_json)


@app.command()
def resume(number: Number, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Go on where it was."""
    from tasks.outreach.broadcast import resume as move  # noqa: PLC0415 - as above

    _moved(number, move, _("It goes on."), dry_run=dry_run, as_json=as_json)


@app.command()
def cancel(number: Number, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Send no more of it, ever; who has it has it."""
    from tasks.outreach.broadcast import cancel as move  # noqa: PLC0415 - as above

    _moved(number, move, _("It is called off."), dry_run=dry_run, as_json=as_json)
