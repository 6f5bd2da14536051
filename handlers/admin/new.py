"""Project files and data that somebody in charge sends by chat, wherever their conversation stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from handlers.admin import payouts
from handlers.admin.projects import card
from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Screen, Sent, Show, Start, State, Style, Turn
from tasks.access import may
from tasks.money.confirmation import is_one
from tasks.projects import own
from tasks.words import Local, Words, _, _n

_PROJECT_FILES = frozenset({".yaml", ".yml", ".json"})
_DATA_FILES = frozenset({".csv", ".tsv", ".jsonl", ".zip"})


def _by(visit: Visit) -> Mapping[str, Any]:
    """Who starts a job, for the record."""
    return {"person": visit.who.id, "channel": visit.who.channel, "owner": own.owner(visit.who)}


def _sent(visit: Visit, sent: Sent) -> Turn:
    suffix = PurePath(sent.name).suffix.lower()
    if sent.too_big or not sent.path:
        return again(_("Send a smaller file, or use the shell: this one is too big for a chat."))
    if suffix == ".csv" and may(visit.who.role, "administer") and is_one(Path(sent.path)):
        return payouts.sent(visit, sent)
    if suffix in _PROJECT_FILES:
        return _waiting(_("Reading the project file …"), {}, "check", {"path": sent.path})
    if suffix not in _DATA_FILES:
        return again(_("Send a project file (.yaml, .json) or a data file (.csv, .tsv, .jsonl, .zip)."))
    project = visit.memory.get("file") if visit.flow == "new" else None
    if project is None:
        return again(_("Send the project file first, then its data: I do not know yet what these rows are for."))
    return _waiting(_("Reading the data …"), visit.memory, "import", {"path": project, "data": sent.path, **_by(visit)})


def _waiting(says: Words, memory: Mapping[str, Any], job: str, arguments: Mapping[str, Any]) -> Turn:
    screen = Screen([Line(says)], [[Key(_("All projects"), "projects.list", 0)]])
    return Turn(State("new", memory), [Show(screen), Start(job, arguments)])


def _checked(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if "key" not in outcome:
        return _mistakes(visit, outcome, _("Mend the project file and send it again:"))
    lines = [
        Line(_("The project file is fine."), Style.STRONG),
        Line(Local(outcome["title"]), Style.QUOTE),
        Line(_("Now send its data: a .csv, .tsv, .jsonl or .zip file.")),
    ]
    screen = Screen(lines, [[Key(_("All projects"), "projects.list", 0)]])
    return show(State("new", {"file": outcome["path"]}), screen)


def _imported(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if "key" not in outcome:
        return _mistakes(visit, outcome, _("Mend the data file and send it again. Nothing of it was taken:"))
    added = _n("{n} new item", "{n} new items", outcome["added"])
    return card(visit, outcome["key"], toast=added)


def _mistakes(visit: Visit, outcome: Mapping[str, Any], head: Words) -> Turn:
    lines = [Line(head, Style.STRONG), *(Line(words) for words in outcome.get("mistakes", ()))]
    if outcome.get("failed"):
        lines = [Line(_("Please try again in a moment: something on our side did not work."), Style.STRONG)]
    if outcome.get("more"):
        lines.append(Line(_n("… and {n} more", "… and {n} more", outcome["more"]), Style.FAINT))
    return show(State("new", visit.memory), Screen(lines, [[Key(_("All projects"), "projects.list", 0)]]))


NEW = Flow("new", permit="request", sent=_sent, anywhere=True, finished={"check": _checked, "import": _imported})
