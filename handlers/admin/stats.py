"""How projects go, to look at: all of them in a few lines, one in pictures with its figures, and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Album, Document, Key, Line, Picture, Screen, Start, State, Style, Toast, Turn
from tasks.projects import own
from tasks.projects.catalog import Known, progress
from tasks.words import Join, Local, Moment, Share, Words, _, _n

_ON_A_PAGE = 6
_FAILED = _("Please try again in a moment: something on our side did not work.")


def stats(visit: Visit, argument: str = "") -> Turn:
    """All projects, or the pictures of the one that is named."""
    key = argument.strip()
    return _draw(visit, key) if key else _all(visit, 0)


def _all(visit: Visit, page: int | None) -> Turn:
    """Those that run first, then the newest."""
    found = visit.desk.catalog.all(visit.tx, own.owner(visit.who))
    every = sorted(found, key=lambda known: (known.state != "live", -known.id))
    page, shown = page_of(every, page or 0, _ON_A_PAGE)
    lines = [Line(_n("{n} project", "{n} projects", len(every)), Style.STRONG)]
    for known in shown:
        lines += [Line(Local(known.spec.title), Style.QUOTE), Line(_in_a_line(visit, known))]
    keys = [[Key(Local(known.spec.title), "stats.draw", known.key)] for known in shown]
    keys += [list(row) for row in pager("stats.all", page, len(every), _ON_A_PAGE)]
    return show(State("stats"), Screen(lines, keys or [[Key(_("All projects"), "projects.list", 0)]]))


def _in_a_line(visit: Visit, known: Known) -> Words:
    """Settled, answered, right, disputed, due: what a turn can tell without counting rows."""
    counts = progress(visit.tx, known.id)
    said: list[Words] = [
        _("{settled} of {total} settled", settled=counts.settled, total=counts.tasks),
        _n("{n} answer", "{n} answers", counts.answers),
    ]
    if counts.gold_seen:
        said.append(_("hidden checks right {share}", share=Share(counts.gold_correct / counts.gold_seen)))
    if counts.disputed:
        said.append(_n("{n} dispute", "{n} disputes", counts.disputed))
    deadline = known.spec.schedule.deadline
    if deadline and counts.settled < counts.tasks:
        said.append(_("due {when}", when=Moment(round(deadline.timestamp() * 1000))))
    return Join(said, " · ")


# --------------------------------------------------------------------------- one project


def _draw(visit: Visit, key: str) -> Turn:
    """The pictures are drawn outside of the turn; what stands here stays until they come."""
    known = visit.project(key)
    wanted = {"key": known.key, "language": visit.who.language or "en", "zone": visit.who.zone}
    told = Toast(_("The pictures are on their way."))
    if visit.flow:
        return Turn(None, [told, Start("charts", wanted)])
    waiting = Screen([Line(told.words)], [[Key(_("All projects"), "stats.all", 0)]])
    return Turn(State("stats"), [*show(None, waiting).actions, Start("charts", wanted)])


def _drawn(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """Pictures above, the same figures below them."""
    if "key" not in outcome:
        return again(outcome["mistakes"][0] if outcome.get("mistakes") else _FAILED)
    known = visit.project(outcome["key"])
    pictures = [Picture(content, title) for content, title in outcome["pictures"]]
    lines = [Line(Local(known.spec.title), Style.STRONG), Line(_in_a_line(visit, known))]
    lines += [Line(words) for words in outcome["lines"]]
    if not pictures:
        lines.append(Line(_("There is nothing to draw yet: pictures come with the first answers.")))
    keys = [
        [
            Key(_("Figures as a file"), "stats.file", known.key),
            Key(_("Report for an audit"), "stats.report", known.key),
        ]
        if pictures
        else [],
        [Key(_("Look again"), "stats.draw", known.key), Key(_("The project"), "projects.card", known.key)],
        [Key(_("All projects"), "stats.all", 0)],
    ]
    shown = show(State("stats", {"key": known.key}), Screen(lines, [row for row in keys if row]), fresh=bool(pictures))
    return Turn(shown.state, [*([Album(pictures)] if pictures else []), *shown.actions])


def _file(visit: Visit, key: str) -> Turn:
    known = visit.project(key)
    return Turn(None, [Toast(_("Your file is on its way.")), Start("figures", {"key": known.key})])


def _report(visit: Visit, key: str) -> Turn:
    """What it takes out is on record: by whom, and through which channel."""
    who = visit.who
    wanted = {"key": visit.project(key).key, "person": who.id, "channel": who.channel}
    reader = {"language": who.language or "en", "zone": who.zone}
    return Turn(None, [Toast(_("Your file is on its way.")), Start("report", {**wanted, **reader})])


def _written(visit: Visit, outcome: Mapping[str, Any]) -> Turn:  # noqa: ARG001 - every job is given the visit
    if "path" not in outcome:
        return again(_("Please try again in a moment: the file could not be written."))
    return Turn(None, [Document(outcome["path"], outcome["name"])])


STATS = Flow(
    "stats",
    permit="request",
    commands={"stats": Menu(stats, _("Plots and figures"), permit="request")},
    presses={"all": _all, "draw": _draw, "file": _file, "report": _report},
    finished={"charts": _drawn, "figures": _written, "report": _written},
)
