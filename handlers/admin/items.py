"""What data a project gets: a file that is sent, or items that are written here, one a line, with known answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.admin import guided
from handlers.ask.labels import label_words
from handlers.flow import Visit, show
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tasks.words import Join, Local, _, _n

_SHOWN = 5


def project_of(visit: Visit, memory: Mapping[str, Any]) -> tuple[Spec, Known | None]:
    """The project that data are for, and the one that is there of its name."""
    if memory.get("to"):
        known = visit.project(str(memory["to"]))
        return known.spec, known
    spec = Spec.model_validate_json(memory["file"])
    return spec, visit.desk.catalog.find(visit.tx, spec.id)


def asks(visit: Visit, memory: Mapping[str, Any]) -> Turn:
    """For the data of a project, with what has been written so far. ``memory`` has ``file`` or ``to``."""
    spec, there = project_of(visit, memory)
    items = memory.get("items") or []
    lines = [Line(Local(spec.title), Style.STRONG), *_so_far(spec, items)]
    if not items:
        lines.append(Line(_("Now send its data: a .csv, .tsv, .jsonl or .zip file.")))
    if not spec.show.image:
        lines.append(
            Line(_("Write more, one a line, or go on.") if items else _("Or write some items here, one a line."))
        )
    if not spec.show.image and spec.labels:
        example = _("For example: {item} = {label}", item=_("Grandma’s stew"), label=Local(spec.labels[0].text))
        lines.append(Line(_("Where you know the answer, write it behind “=”."), Style.FAINT))
        lines.append(Line(example, Style.FAINT))
    on = [[Key(_n("Go on with {n} item", "Go on with {n} items", len(items)), "new.go")]] if items else []
    on += [[Key(_("Start over"), "new.over")]] if items else []
    on += [[Key(_("Change only the project file"), "new.only")]] if there and memory.get("file") and not items else []
    back = [[Key(_("Back"), "new.ask", guided.STEPS[-1])]] if memory.get("draft") else []
    return show(
        State("new", {**memory, "step": "items"}),
        Screen(lines, [*on, *back, [Key(_("All projects"), "projects.list", 0)]]),
    )


def _so_far(spec: Spec, items: Sequence[Sequence[str]]) -> Sequence[Line]:
    if not items:
        return []
    newest = items[-_SHOWN:]
    shown = [Join((item[:80], label_words(spec, gold)), " = ") if gold else item[:80] for item, gold in newest]
    known = sum(1 for _item, gold in items if gold)
    count = _n("{n} item", "{n} items", len(items))
    if known:
        count = _n("{n} item, {known} with a known answer", "{n} items, {known} with a known answer", len(items),
                   known=known)  # fmt: skip
    return [Line(count), Line(Join(shown, "\n"), Style.QUOTE)]
