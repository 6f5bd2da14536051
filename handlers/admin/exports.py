"""What can be taken out of a project as a file, each with what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.flow import Flow, Visit, again, show
from handlers.talk import Document, Key, Line, Screen, Start, State, Style, Toast, Turn
from tasks import touching
from tasks.words import Join, Local, Words, _

_FILES: Mapping[str, tuple[Words, Words]] = {
    "results": (_("Results"), _("Results: each item with its label, how sure it is, and why it stopped.")),
    "answers": (_("Answers"), _("Answers: each one with who gave it, by a pseudonym, when, and how fast.")),
    "behaviour": (_("Behaviour"), _("Behaviour: each assignment with its timings and counts.")),
    "quality": (_("Quality"), _("Quality: the figures that an auditor reads.")),
}


def _choose(visit: Visit, key: str) -> Turn:
    known = visit.project(key)
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("Which file?"), Style.STRONG),
        Line(Join(touching.export(visit.tx, known), " · ")),
        *(Line(says) for _label, says in _FILES.values()),
        Line(_("People stand in them by pseudonyms alone; that it was taken out is on record."), Style.FAINT),
    ]
    keys = [Key(label, "exports.write", {"key": key, "what": what}) for what, (label, _says) in _FILES.items()]
    rows = [keys[:2], keys[2:], [Key(_("Back"), "projects.card", key)]]
    return show(State("projects", {"key": key, "at": "export"}), Screen(lines, rows))


def _write(visit: Visit, wanted: Mapping[str, str]) -> Turn:
    known = visit.project(wanted["key"])
    by = {"person": visit.who.id, "channel": visit.who.channel}
    what = {"key": known.key, "what": wanted["what"], **by}
    return Turn(None, [Toast(_("Your file is on its way.")), Start("export", what)])


def _written(visit: Visit, outcome: Mapping[str, Any]) -> Turn:  # noqa: ARG001 - every job is given the visit
    if "path" not in outcome:
        return again(_("Please try again in a moment: the file could not be written."))
    return Turn(None, [Document(outcome["path"], outcome["name"])])


EXPORTS = Flow("exports", permit="request", presses={"choose": _choose, "write": _write}, finished={"export": _written})
