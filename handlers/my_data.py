"""``/mydata``: everything that is stored of a person, as a file for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.flow import Flow, Menu, Visit, again
from handlers.parts.own import spoken
from handlers.talk import Document, Key, Line, Screen, Show, Start, State, Style, Turn
from tasks.words import _


def _get(visit: Visit, _argument: object = None) -> Turn:
    spoken(visit)
    who = visit.who
    lines = [
        Line(_("Your file comes as a message here."), Style.STRONG),
        Line(_("It holds everything that is stored of you, and says of each part what it is for.")),
    ]
    keys = [[Key(_("To the projects"), "menu.projects")], [Key(_("My page"), "me.overview")]]
    job = Start("my_data", {"person": who.id, "language": who.language, "zone": who.zone or "UTC"})
    return Turn(State("my_data"), [Show(Screen(lines, keys)), job])


def _written(visit: Visit, outcome: Mapping[str, Any]) -> Turn:  # noqa: ARG001 - every finished job is given the visit
    if outcome.get("busy"):
        return Turn(None, [])
    if "path" not in outcome:
        return again(_("Please try again in a moment: the file could not be written."))
    return Turn(None, [Document(outcome["path"], outcome["name"])])


MY_DATA = Flow(
    "my_data",
    permit="own",
    commands={"mydata": Menu(_get, _("Get my data"), permit="own")},
    presses={"get": _get},
    finished={"my_data": _written},
)
