"""``worker pause``, ``skill``, ``note`` and ``message``: what is done for one person, from the shell as by chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.charge import AsJson, Person, Why, done
from bot.cli.rehearsal import DryRun
from tasks.words import _

if TYPE_CHECKING:
    from db.queries.staff import Listed
    from db.session import Tx
    from tasks.charge import Charge


def pause(
    named: Person,
    *,
    days: Annotated[int, typer.Option("--days", help="For so many days; 0 ends a pause.")] = 1,
    reason: Why,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Give somebody no new items for some days, or end that; they are told, with the reason."""
    from tasks.personnel import resting  # noqa: PLC0415 - a help text needs none of it

    def change(tx: Tx, by: Charge, person: Listed, now: int) -> None:
        if days:
            resting.pause(tx, by, person, days, reason, now)
        else:
            resting.go_on(tx, by, person, reason, now)

    done(
        named, change, lambda number: _("Done: No. {number} is told.", number=number), dry_run=dry_run, as_json=as_json
    )


def skill(
    named: Person,
    name: Annotated[str, typer.Argument(metavar="SKILL", help="As project files name it.")],
    *,
    take: Annotated[bool, typer.Option("--take", help="Take it back.")] = False,
    days: Annotated[int, typer.Option("--days", help="It ends after so many days; 0 for never.", min=0)] = 0,
    reason: Why,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Give somebody a skill, or take it back; they are told, with the reason."""
    from tasks.personnel import granting  # noqa: PLC0415 - a help text needs none of it

    def change(tx: Tx, by: Charge, person: Listed, now: int) -> None:
        if take:
            granting.revoke(tx, by, person, name, reason, now)
        else:
            granting.grant(tx, by, person, name, days or None, reason, now)

    done(
        named, change, lambda number: _("Done: No. {number} is told.", number=number), dry_run=dry_run, as_json=as_json
    )


def note(
    named: Person,
    words: Annotated[str, typer.Option("--why", help="What is to be noted.")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Note something about somebody for people in charge; the person finds it in their own data."""
    from tasks.personnel import remarks  # noqa: PLC0415 - a help text needs none of it

    def change(tx: Tx, by: Charge, person: Listed, now: int) -> None:
        remarks.add(tx, by, person, words, now)

    done(named, change, lambda number: _("Noted about No. {number}.", number=number), dry_run=dry_run, as_json=as_json)


def message(
    named: Person,
    words: Annotated[str, typer.Option("--why", help="What they read, word for word.")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Write to somebody, from the team; they can answer once, and the answer stands on their card."""
    from tasks.personnel import letters  # noqa: PLC0415 - a help text needs none of it

    def change(tx: Tx, by: Charge, person: Listed, now: int) -> None:
        letters.write(tx, by, person, words, now)

    done(
        named,
        change,
        lambda number: _("It is on its way to No. {number}.", number=number),
        dry_run=dry_run,
        as_json=as_json,
    )


VERBS: tuple[Callable[..., None], ...] = (pause, skill, note, message)
