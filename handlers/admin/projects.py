"""Projects by chat: send a project file and its data, launch with a key, see how it goes, get the results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Document, Key, Line, Screen, Start, State, Style, Toast, Turn
from tasks.consensus import corrections
from tasks.consensus.corrections import Doubts
from tasks.projects import funding, lifecycle
from tasks.projects.catalog import Known, progress
from tasks.words import Local, Share, Words, _, _n

_ON_A_PAGE = 8
_BAR = 10
_STATES: Mapping[str, Words] = {
    "draft": _("not launched yet"),
    "live": _("running"),
    "paused": _("paused"),
    "closed": _("closed"),
}


# --------------------------------------------------------------------------- seeing


def manage(visit: Visit, _argument: str = "") -> Turn:
    """All projects, whatever their state."""
    return _list(visit, 0)


def _list(visit: Visit, page: int | None, toast: Words | None = None) -> Turn:
    every = sorted(visit.desk.catalog.all(visit.tx), key=lambda known: -known.id)
    page, shown = page_of(every, page or 0, _ON_A_PAGE)
    lines = [Line(_n("{n} project", "{n} projects", len(every)), Style.STRONG)]
    lines += [Line(_("{title}: {state}", title=Local(one.spec.title), state=_STATES[one.state])) for one in shown]
    lines.append(Line(_("To begin a new one, send its project file here."), Style.FAINT))
    keys = [[Key(Local(one.spec.title), "projects.card", one.key)] for one in shown]
    keys += [list(row) for row in pager("projects.list", page, len(every), _ON_A_PAGE)]
    return show(State("projects"), Screen(lines, keys or [[Key(_("Look again"), "projects.list", 0)]]), toast)


def card(visit: Visit, key: str, toast: Words | None = None) -> Turn:
    """How one project stands, and what can be done with it."""
    known = visit.desk.catalog.by_key(visit.tx, key)
    found = corrections.doubts(visit.tx, known)
    stands = funding.funds(visit.tx, known)
    money = [Line(words) for words in funding.told_of(known, stands)] if stands else []
    lines = [*_figures(visit, known), *money, *_found(found)]
    answered = progress(visit.tx, known.id).answers > 0
    return show(State("projects", {"key": key}), Screen(lines, _keys(known, found, answered=answered)), toast)


def _figures(visit: Visit, known: Known) -> Sequence[Line]:
    counts = progress(visit.tx, known.id)
    settled = counts.settled
    share = settled / counts.tasks if counts.tasks else 0.0
    full = round(share * _BAR)
    lines = [
        Line(_("{title}: {state}", title=Local(known.spec.title), state=_STATES[known.state]), Style.STRONG),
        Line(
            _(
                "{bar} {share}: {settled} of {total} items settled",
                bar="▓" * full + "░" * (_BAR - full),
                share=Share(share),
                settled=settled,
                total=counts.tasks,
            )
        ),
        Line(_n("{n} answer so far", "{n} answers so far", counts.answers)),
    ]
    if settled:
        lines.append(
            Line(
                _(
                    "agreed {agreed} · disputed {disputed}",
                    agreed=Share(counts.agreed / settled),
                    disputed=Share(counts.disputed / settled),
                )
            )
        )
    if counts.decided:
        lines.append(Line(_("decided by reviewers {share}", share=Share(counts.decided / settled))))
    if counts.gold_seen:
        lines.append(Line(_("right on hidden checks {share}", share=Share(counts.gold_correct / counts.gold_seen))))
    return lines


def _found(found: Doubts) -> Sequence[Line]:
    """What the cross-checks of all answers together say that a person should look at."""
    lines = []
    if found.settled:
        lines.append(
            Line(
                _n(
                    "⚠ {n} settled item is not sure any more by what is known now",
                    "⚠ {n} settled items are not sure any more by what is known now",
                    found.settled,
                )
            )
        )
    if found.known:
        lines.append(
            Line(
                _n(
                    "⚠ Check {n} known answer: nearly everybody contradicts it, it is not asked any more ({rows})",
                    "⚠ Check {n} known answers: nearly everybody contradicts them, none is asked any more ({rows})",
                    found.known_count,
                    rows=", ".join(found.known) + (" …" if found.known_count > len(found.known) else ""),
                )
            )
        )
    if found.people:
        lines.append(
            Line(
                _n(
                    "The answers of {n} person hardly depend on the item: they count for little now",
                    "The answers of {n} people hardly depend on the item: they count for little now",
                    found.people,
                ),
                Style.FAINT,
            )
        )
    return lines


def _keys(known: Known, found: Doubts, *, answered: bool) -> Sequence[Sequence[Key]]:
    forward: Mapping[str, Sequence[Key]] = {
        "draft": [Key(_("Launch"), "projects.launch", known.key)],
        "live": [Key(_("Pause"), "projects.pause", known.key)],
        "paused": [Key(_("Go on"), "projects.launch", known.key), Key(_("Close"), "projects.closing", known.key)],
        "closed": [],
    }
    some = min(found.settled, corrections.MOST)
    again = [Key(_n("Weigh {n} item again", "Weigh {n} items again", some), "projects.again", known.key)]
    rows = [
        forward[known.state],
        again if found.settled and known.state != "closed" else [],
        [
            Key(_("Results"), "projects.export", {"key": known.key, "what": "results"}),
            Key(_("Answers"), "projects.export", {"key": known.key, "what": "answers"}),
            Key(_("Behaviour"), "projects.export", {"key": known.key, "what": "behaviour"}),
            Key(_("Quality"), "projects.export", {"key": known.key, "what": "quality"}),
        ],
        [Key(_("Plots"), "stats.draw", known.key)] if answered else [],
        [Key(_("Change the budget"), "budget.ask", known.key)] if known.spec.reward and known.state != "closed" else [],
        [Key(_("Reject answers"), "rejections.of_project", known.key)] if answered and known.state != "closed" else [],
        [Key(_("Look again"), "projects.card", known.key), Key(_("All projects"), "projects.list", 0)],
    ]
    return [row for row in rows if row]


# --------------------------------------------------------------------------- doing


def _by(visit: Visit) -> Mapping[str, Any]:
    """Who starts a job, for the record."""
    return {"person": visit.who.id, "channel": visit.who.channel}


def _changing(change: Callable[..., object], done: Words) -> Callable[[Visit, str], Turn]:
    def press(visit: Visit, key: str) -> Turn:
        change(visit.tx, visit.desk.catalog, key, visit.now, visit.actor)
        return card(visit, key, done)

    return press


def _again(visit: Visit, key: str) -> Turn:
    return Turn(None, [Toast(_("They are being weighed again.")), Start("again", {"key": key, **_by(visit)})])


def _weighed(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if "tasks" not in outcome:
        return again(_("Please try again in a moment: something on our side did not work."))
    done = _(
        "Weighed again: {tasks}. One more answer is asked for {asked} of them, {changed} are decided otherwise.",
        tasks=outcome["tasks"],
        asked=outcome["asked"],
        changed=outcome["changed"],
    )
    return card(visit, outcome["key"], done)


def _closing(visit: Visit, key: str) -> Turn:
    known = visit.desk.catalog.by_key(visit.tx, key)
    lines = [
        Line(_("Close it for good?"), Style.STRONG),
        Line(_("Nobody can answer any more, and it cannot be opened again. The results stay.")),
    ]
    keys = [[Key(_("Back"), "projects.card", known.key)], [Key(_("Close for good"), "projects.close", known.key)]]
    return show(State("projects", {"key": key}), Screen(lines, keys))


def _export(visit: Visit, wanted: Mapping[str, str]) -> Turn:
    return Turn(None, [Toast(_("Your file is on its way.")), Start("export", {**wanted, **_by(visit)})])


def _exported(visit: Visit, outcome: Mapping[str, Any]) -> Turn:  # noqa: ARG001 - every job is given the visit
    if "path" not in outcome:
        return again(_("Please try again in a moment: the file could not be written."))
    return Turn(None, [Document(outcome["path"], outcome["name"])])


PROJECTS = Flow(
    "projects",
    permit="administer",
    commands={"projects": Menu(manage, _("Projects"), permit="administer")},
    presses={
        "list": _list,
        "card": card,
        "launch": _changing(lifecycle.launch, _("It is running.")),
        "pause": _changing(lifecycle.pause, _("It is paused.")),
        "again": _again,
        "closing": _closing,
        "close": _changing(lifecycle.close, _("It is closed.")),
        "export": _export,
    },
    finished={"export": _exported, "again": _weighed},
)
