"""For whom a project is, by its own file, and how many people fit now; counted outside of the turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Screen, Start, State, Style, Turn
from tasks.access import may
from tasks.outreach import told
from tasks.outreach.filed import of_project
from tasks.projects.catalog import Known
from tasks.words import Join, Local, Words, _, _n


def _look(visit: Visit, key: str) -> Turn:
    known = visit.project(key)
    screen = _screen(visit, known, [Line(_("Counting how many fit …"), Style.FAINT)])
    count = Start("fits", {"audience": of_project(known).pack(), "key": known.key})
    return Turn(State("fits", {"key": known.key}), [*show(None, screen).actions, count])


def _counted(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """The same screen with the numbers, where it stands there still."""
    if "total" not in outcome:
        mistakes: Sequence[Words] = outcome.get("mistakes") or ()
        return again(
            mistakes[0] if mistakes else _("Please try again in a moment: something on our side did not work.")
        )
    if visit.flow != "fits" or visit.memory.get("key") != outcome.get("key"):
        return Turn(None, [])
    known = visit.project(str(outcome["key"]))
    each = [_("{language} {n}", language=code or "–", n=n) for code, n in outcome["by_language"].items()]
    lines = [
        Line(_n("{n} person fits now", "{n} people fit now", outcome["total"]), Style.STRONG),
        *([Line(Join(each, " · "))] if each else []),
        Line(_("Those who have blocked the bot or want no such messages are not counted."), Style.FAINT),
    ]
    return show(State("fits", {"key": known.key}), _screen(visit, known, lines))


def _screen(visit: Visit, known: Known, lines: Sequence[Line]) -> Screen:
    wanted = of_project(known)
    asked = (
        told.audience(visit.tx, visit.desk.catalog, wanted) if wanted.conditions else [_("Everybody who works here.")]
    )
    whom = [Line(words) for words in asked]
    by_invitation = [Line(_("Only who has an invitation: the numbers are of those who could get one."))]
    head = [Line(Local(known.spec.title), Style.HEAD), Line(_("For whom it is"), Style.STRONG), *whom]
    head += by_invitation if known.spec.audience.invited else []
    tells = may(visit.who.role, "administer") and known.state == "live"
    keys = [[Key(_("Broadcast"), "broadcast.of_project", known.key)]] if tells else []
    return Screen([*head, *lines], [*keys, [Key(_("Back"), "projects.card", known.key)]])


FITS = Flow("fits", permit="request", presses={"look": _look}, finished={"fits": _counted})
