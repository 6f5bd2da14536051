"""``worker``: list, show, role, suspend, lift, pause, skill, note, message, bonus, check, proposals, decide."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import personnel
from bot.cli.charge import AsJson, Person, Why, charge, done, say_done
from bot.cli.context import opened
from bot.cli.rehearsal import DryRun, rehearsed, say_touched
from bot.cli.shell import Shell, shell
from tasks.words import Join, Words, _

if TYPE_CHECKING:
    from db.queries.staff import Listed
    from db.session import Tx
    from tasks.charge import Charge
    from tasks.reports.profile import Whole

app = typer.Typer(no_args_is_help=True, add_completion=False)
for verb in personnel.VERBS:
    app.command()(verb)


@app.callback()
def group() -> None:
    """People: list, show, role, suspend, lift, pause, skill, note, message, bonus, check, proposals, decide."""


# --------------------------------------------------------------------------- seeing


@app.command("list")
def list_all(
    *,
    role: Annotated[str, typer.Option("--role", help="Only worker, reviewer or admin.")] = "",
    suspended: Annotated[bool, typer.Option("--suspended", help="Only who is suspended.")] = False,
    after: Annotated[int, typer.Option("--after", help="Go on after this number.", min=0)] = 0,
    most: Annotated[int, typer.Option("--most", help="So many at the most.", min=1, max=10_000)] = 100,
    as_json: AsJson = False,
) -> None:
    """People by number: role, gate, language, channel."""
    from db.queries import staff  # noqa: PLC0415 - a help text needs none of it
    from tasks.access import ROLES  # noqa: PLC0415 - as above
    from tasks.reports.card import listed  # noqa: PLC0415 - as above
    from tasks.staff import UnknownRoleError  # noqa: PLC0415 - as above

    here = shell()
    if role and role not in ROLES:
        raise UnknownRoleError(role=role[:32], roles=", ".join(ROLES))
    wanted = {"role": role, "suspended": int(suspended), "after": after, "most": most + 1}
    with opened() as work:
        found = work.database.run(lambda tx: tx.all(staff.LIST, **wanted)).result()
    shown = found[:most]
    if as_json:
        typer.echo(json.dumps([listed(person) for person in shown], ensure_ascii=False))
        return
    for person in shown:
        here.say(_line(person))
    if not shown:
        here.say(_("Nobody yet."))
    elif len(found) > most:
        here.say(_("Go on with: --after {number}", number=shown[-1].id), err=True)


def _line(person: Listed) -> Words:
    from tasks.reports.card import head  # noqa: PLC0415 - a help text needs none of it

    return _("{head} · {language} · {channel}", head=head(person), language=person.language, channel=person.channel)


@app.command()
def show(named: Person, *, as_json: AsJson = False) -> None:
    """What is known of one person's work, and what was done to them."""
    from tasks.personnel.contact import look_up  # noqa: PLC0415 - a help text needs none of it
    from tasks.reports.card import card, plain  # noqa: PLC0415 - as above
    from tasks.reports.profile import figures_plain, whole  # noqa: PLC0415 - as above

    here = shell()
    with opened() as work:

        def turn(tx: Tx) -> Whole:
            person = look_up(tx, charge(work), named, work.now_ms())
            return whole(tx, card(tx, work.catalog, person))

        found = work.database.run(turn).result()
        now = work.now_ms()
    if as_json:
        typer.echo(json.dumps({**plain(found.card), **figures_plain(found)}, ensure_ascii=False))
        return
    for words in _card(found, now):
        here.say(words)


def _card(found: Whole, now: int) -> Iterator[Words]:
    from tasks.reports import card as words  # noqa: PLC0415 - a help text needs none of it
    from tasks.reports import profile  # noqa: PLC0415 - as above

    yield words.head(found.card.person)
    yield Join((profile.head(found, found.card.person.language), found.card.person.channel), " · ")
    yield from profile.states(found, now)
    yield from profile.figures(found.sums)
    yield from (words.works(known, row) for known, row in found.card.works)
    if found.card.reviews:
        yield words.reviews(found.card.reviews)
    yield from map(words.earned, found.card.earned)
    yield from (line for twins in found.card.twins for line in words.twins(twins))
    yield from map(words.act, found.card.acts)


# --------------------------------------------------------------------------- doing


@app.command()
def role(
    named: Person,
    new: Annotated[str, typer.Argument(metavar="ROLE", help="worker, reviewer or admin.")],
    *,
    reason: Why,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make somebody a worker, a reviewer or an admin; they are told, with the reason."""
    from tasks import touching  # noqa: PLC0415 - a help text needs none of it
    from tasks.staff import set_role  # noqa: PLC0415 - as above

    def change(tx: Tx, by: Charge, person: Listed, now: int) -> None:
        set_role(tx, by, person, new, reason, now)

    done(
        named,
        change,
        lambda number: _("No. {number} is told about the new role.", number=number),
        as_json=as_json,
        dry_run=dry_run,
        touches=lambda tx, person: touching.role(tx, person, new),
    )


@app.command()
def suspend(named: Person, *, reason: Why, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Let somebody do no work until it is lifted; they are told, with the reason. Their answers stay."""
    from tasks import touching  # noqa: PLC0415 - a help text needs none of it
    from tasks.staff import suspend as stop  # noqa: PLC0415 - as above

    def change(tx: Tx, by: Charge, person: Listed, now: int) -> None:
        stop(tx, by, person, reason, now)

    done(
        named,
        change,
        lambda number: _("No. {number} is suspended, and told so.", number=number),
        as_json=as_json,
        dry_run=dry_run,
        touches=touching.suspend,
    )


@app.command()
def lift(named: Person, *, reason: Why, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """End a suspension; they are told, with the reason."""
    from tasks.staff import lift as end  # noqa: PLC0415 - a help text needs none of it

    def change(tx: Tx, by: Charge, person: Listed, now: int) -> None:
        end(tx, by, person, reason, now)

    done(
        named,
        change,
        lambda number: _("No. {number} can work again, and is told so.", number=number),
        as_json=as_json,
        dry_run=dry_run,
    )


@app.command()
def bonus(
    named: Person,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In the project’s currency, such as 5000 or 0.50.")],
    *,
    project: Annotated[str, typer.Option("--project", metavar="ID", help="Out of which project’s budget.")],
    reason: Why,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Pay somebody a bonus out of a project’s budget; they are told, with the reason."""
    from tasks import touching  # noqa: PLC0415 - a help text needs none of it
    from tasks.bonus import give, read  # noqa: PLC0415 - as above
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above
    from tasks.staff import find  # noqa: PLC0415 - as above

    with rehearsed(dry_run=dry_run) as work:

        def turn(tx: Tx) -> tuple[Listed, Sequence[Words]]:
            known, person = work.catalog.by_key(tx, project), find(tx, named)
            touched = touching.bonus(tx, known, person.id, read(known, amount)) if dry_run else ()
            give(tx, known, SHELL, person, read(known, amount), reason, work.now_ms())
            return person, touched

        person, touched = work.database.run(turn).result()
        say_touched(touched, dry_run=dry_run)
    if as_json or not dry_run:
        say_done(person, _("Paid: No. {number} is told.", number=person.id), as_json=as_json)


@app.command()
def check(
    named: Person,
    *,
    project: Annotated[str, typer.Option("--project", metavar="ID", help="In which project.")],
    answers: Annotated[int, typer.Option("--answers", help="How many, drawn by chance.")] = 10,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Let reviewers look at some answers of somebody that nobody has looked at."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.review import spot  # noqa: PLC0415 - as above
    from tasks.staff import find  # noqa: PLC0415 - as above

    with rehearsed(dry_run=dry_run) as work:

        def turn(tx: Tx) -> int:
            known, person = work.catalog.by_key(tx, project), find(tx, named)
            return spot.draw(tx, SHELL, known, person.id, answers, work.rng, work.now_ms())

        drawn = work.database.run(turn).result()
    if as_json:
        typer.echo(json.dumps({"drawn": drawn}))
    else:
        shell().say(spot.said(drawn))


# --------------------------------------------------------------------------- what waits


@app.command()
def proposals(*, as_json: AsJson = False) -> None:
    """What rules propose and nobody has decided yet."""
    from db.queries import staff  # noqa: PLC0415 - a help text needs none of it
    from tasks.reports.card import proposed  # noqa: PLC0415 - as above

    here = shell()
    with opened() as work:

        def turn(tx: Tx) -> list[tuple[Any, Words]]:
            return [(row, proposed(tx, work.catalog, row)) for row in tx.all(staff.WAITING, most=1_000)]

        found = work.database.run(turn).result()
    if as_json:
        typer.echo(json.dumps([_proposal(here, row, words) for row, words in found], ensure_ascii=False))
        return
    for row, words in found:
        here.say(_("{proposal}: No. {number}, {what}", proposal=row.id, number=row.person, what=words))
    if not found:
        here.say(_("Nothing waits for a decision."))


def _proposal(here: Shell, row: Any, words: Words) -> dict[str, Any]:
    figures = json.loads(row.figures)
    return {"proposal": row.id, "person": row.person, "what": row.what, "why": here.words(words), "figures": figures}


@app.command()
def decide(
    proposal: Annotated[int, typer.Argument(metavar="PROPOSAL", help="Its number in “worker proposals”.")],
    *,
    accept: Annotated[bool, typer.Option("--accept/--decline", help="Do what is proposed, or leave all as it is.")],
    reason: Why,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Accept or decline what a rule proposes; the person is told, with the reason."""
    from tasks import touching  # noqa: PLC0415 - a help text needs none of it
    from tasks.staff import decide as settle  # noqa: PLC0415 - as above
    from tasks.staff import find, proposal_of  # noqa: PLC0415 - as above

    with rehearsed(dry_run=dry_run) as work:

        def turn(tx: Tx) -> tuple[Listed, Sequence[Words]]:
            proposed = proposal_of(tx, proposal)
            touched = touching.proposal(tx, find(tx, str(proposed.person)), proposed.what) if accept else ()
            person = settle(tx, charge(work), proposal, reason, work.now_ms(), accept=accept)
            return find(tx, str(person.id)), touched

        person, touched = work.database.run(turn).result()
        say_touched(touched, dry_run=dry_run)
    if as_json or not dry_run:
        say_done(person, _("Decided: No. {number} is told.", number=person.id), as_json=as_json)
