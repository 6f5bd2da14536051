"""``simulate``: a made-up crowd works a project through, to see whom its checks find and what the project needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.progress import progress_bar
from bot.cli.shell import Shell, shell
from tasks.words import Money, Share, Text, Words, _, _n

if TYPE_CHECKING:
    from tasks.projects.spec import Overlap, Spec
    from tasks.simulation.findings import Findings, Group
    from tasks.simulation.plan import Cell
    from tasks.simulation.world import Plan

app = typer.Typer(add_completion=False)

_WIDTH = 100
"""Characters of a line where there is no terminal."""
_ITEMS_EACH = 15
"""Items for each person, where they are made up."""
_FEWEST, _MOST = 12, 2_000
_EXAMPLE = 1_000
"""Items that needs are told for, where no data is given."""


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The project file, YAML or JSON.")],
    *,
    data: Annotated[Path | None, typer.Option("--data", help="Its data; else items are made up.")] = None,
    people: Annotated[int, typer.Option("--people", help="How many people.", min=_FEWEST, max=_MOST)] = 200,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same crowd.", min=0)] = 1,
    grid: Annotated[bool, typer.Option("--needs/--no-needs", help="Also compare ways to run the project.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Whom a project's checks find in a simulated crowd, and what overlap, hidden checks and people it needs."""
    from bot.settings import load_settings  # noqa: PLC0415 - a help text needs none of it
    from tasks.projects.reading import read_project  # noqa: PLC0415 - as above
    from tasks.rules.defaults import operators_rules  # noqa: PLC0415 - as above
    from tasks.simulation.world import Plan  # noqa: PLC0415 - as above

    rules = operators_rules(load_settings().rules)
    plan = Plan(read_project(file), people, seed, people * _ITEMS_EACH, data, rules)
    here = shell()
    found = _found(here, plan)
    cells = _cells(here, plan) if grid else []
    if as_json:
        typer.echo(json.dumps(_plain(plan, found, cells), ensure_ascii=False))
        return
    _show_people(here, found)
    _show_result(here, plan, found)
    if cells:
        _show_needs(here, plan.spec, cells)
        here.say(_recommended(found, cells, found.outcome.items if data else _EXAMPLE, plan.spec.review.votes))


def _found(here: Shell, plan: Plan) -> Findings:
    from tasks.simulation.findings import findings  # noqa: PLC0415 - a help text needs none of it
    from tasks.simulation.world import simulated  # noqa: PLC0415 - as above

    with progress_bar(here.words(_("The crowd at work"))) as progress, simulated(plan, progress) as world:
        return findings(world)


def _cells(here: Shell, plan: Plan) -> list[Cell]:
    from tasks.simulation.plan import grid  # noqa: PLC0415 - a help text needs none of it

    with progress_bar(here.words(_("Other ways to run it"))) as progress:
        return list(grid(plan, progress))


# --------------------------------------------------------------------------- who ends where


def _show_people(here: Shell, found: Findings) -> None:
    from tasks.simulation.findings import GATES  # noqa: PLC0415 - a help text needs none of it

    heads: list[Words] = [_("People"), _("how many"), _("gate {n}", n=0), *map(str, range(1, GATES))]
    heads += [_("kept out"), _("items"), _("checked"), _("hidden")]
    _table(here, heads, [_road(group) for group in found.groups])
    heads = [_("People"), _("how many"), _("paused"), _("proposed"), _("alike"), _("in doubt"), _("false alarms")]
    _table(here, [*heads, _("missed")], [_noticed(group) for group in found.groups])
    for words in _explained(found):
        here.say(words)


def _road(group: Group) -> Sequence[Words]:
    counts = (group.people, *group.gates, group.kept_out, group.items, group.checks, group.golds)
    return [group.sort.name, *(f"{n:g}" for n in counts)]


def _noticed(group: Group) -> Sequence[Words]:
    counts = (group.people, group.paused, group.proposed, group.alike, group.doubted)
    ends = (str(group.false_alarms), "–") if group.sort.looks else ("–", str(group.misses))
    return [group.sort.name, *map(str, counts), *ends]


def _explained(found: Findings) -> Sequence[Words]:
    from tasks.simulation.findings import ENOUGH  # noqa: PLC0415 - a help text needs none of it

    look = sum(group.people for group in found.groups if group.sort.looks)
    others = [group for group in found.groups if not group.sort.looks]
    enough = sum(group.people - group.kept_out - group.few for group in others)
    late = sum(group.late for group in found.groups)
    came_late = _n("{n} person came when all was done.", "{n} people came when all was done.", late)
    return [
        *([came_late] if late else []),
        _(
            "Items and checked are medians of who worked: items answered, and those of them that others answered too "
            "or whose answer is known; hidden are the known ones."
        ),
        _(
            "False alarms: {n} of {of} who look at the items, yet are proposed for suspension, alike or in doubt.",
            n=found.false_alarms,
            of=look,
        ),
        _(
            "Missed: {n} of {of} who do not look, answered {enough} items or more, and were never paused, proposed, "
            "alike or in doubt. {few} more answered fewer; {out} never got in.",
            n=found.misses,
            of=enough,
            enough=ENOUGH,
            few=sum(group.few for group in others),
            out=sum(group.kept_out for group in others),
        ),
    ]


# --------------------------------------------------------------------------- what comes out


def _show_result(here: Shell, plan: Plan, found: Findings) -> None:
    outcome = found.outcome
    here.say(
        _(
            "Result: {settled} of {items} items settled, {right} of these right; {agreed} agreed, {sure} of these "
            "right; {answers} answers for each, {hours} hours of work in all.",
            settled=outcome.settled,
            items=outcome.items,
            agreed=Share(outcome.agreed / max(outcome.settled, 1)),
            right=Share(outcome.right),
            sure=Share(outcome.right_agreed),
            answers=f"{outcome.answers_an_item:.2f}",
            hours=f"{outcome.hours:.1f}",
        )
    )
    if outcome.cost is not None and plan.spec.reward:
        here.say(_("Cost: {amount}, hidden checks included.", amount=Money(outcome.cost, plan.spec.reward.currency)))


def _show_needs(here: Shell, spec: Spec, cells: Sequence[Cell]) -> None:
    heads: list[Words] = [
        _("overlap"),
        _("hidden"),
        _("right"),
        _("disputed"),
        _("answers an item"),
        _("seconds an item"),
    ]
    if spec.reward:
        heads.append(_("cost an item"))
    _table(here, heads, [_cells_of_way(spec, cell) for cell in cells])


def _cells_of_way(spec: Spec, cell: Cell) -> Sequence[Words]:
    cells: list[Words] = [
        _overlap(cell.overlap),
        _share(cell.gold),
        f"{cell.right:.1%}",
        _share(cell.disputed),
        f"{cell.answers:.2f}",
        f"{cell.seconds:.0f}",
    ]
    if spec.reward and cell.cost is not None:
        cells.append(_("{amount}", amount=Money(round(cell.cost), spec.reward.currency)))
    return cells


def _share(value: float) -> Text:
    return _("{share}", share=Share(value))


def _overlap(overlap: Overlap) -> Words:
    if overlap.fixed:
        return str(overlap.min)
    return _("{min} to {max}, {sure}", min=overlap.min, max=overlap.max, sure=Share(overlap.confidence or 0.0))


def _recommended(found: Findings, cells: Sequence[Cell], items: int, votes: int) -> Words:
    """One line: the way to run it, and what that takes."""
    from tasks.simulation.plan import best  # noqa: PLC0415 - a help text needs none of it

    way = best(cells, votes)
    workers = sum(group.people - group.kept_out for group in found.groups)
    each = max(1.0, found.outcome.answers / max(workers, 1))
    answers = way.answers * items
    people = _n("{n} person like these", "{n} people like these", max(1, round(answers / each)))
    return _(
        "Recommended: overlap {overlap}, {gold} hidden checks. For {items} items that is about {answers} answers, "
        "{hours} hours of work: {people}, or more who do less. (A point of accuracy is taken to be worth one more "
        "answer an item.)",
        overlap=_overlap(way.overlap),
        gold=Share(way.gold),
        items=items,
        answers=round(answers),
        hours=f"{way.seconds * items / 3600:.0f}",
        people=people,
    )


def _table(here: Shell, heads: Sequence[Words], rows: Sequence[Sequence[Words]]) -> None:
    from rich.console import Console  # noqa: PLC0415 - a help text needs none of it
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table()
    for place, head in enumerate(heads):
        table.add_column(here.words(head), justify="right" if place else "left", no_wrap=not place)
    for row in rows:
        table.add_row(*map(here.words, row))
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH)).print(table)


def _plain(plan: Plan, found: Findings, cells: Sequence[Cell]) -> dict[str, Any]:
    from tasks.simulation.findings import plain  # noqa: PLC0415 - a help text needs none of it
    from tasks.simulation.plan import best  # noqa: PLC0415 - as above

    ways = [{**_way(cell), "recommended": cell is best(cells, plan.spec.review.votes)} for cell in cells]
    return {**plain(found), "ways": ways}


def _way(cell: Cell) -> dict[str, Any]:
    names = ("gold", "right", "disputed", "answers", "seconds", "cost")
    return {"overlap": cell.overlap.model_dump(mode="json"), **{name: getattr(cell, name) for name in names}}
