"""Editing a project by chat: choose a field and write it, or get the file; whoever comes second is shown both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.admin.project_card import card
from handlers.flow import Flow, Visit, again, show
from handlers.parts.conflict import conflict
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks.projects import editing
from tasks.projects.catalog import Known
from tasks.projects.mistakes import ProjectFileError
from tasks.words import City, Local, Words, _


def _fields(visit: Visit, key: str) -> Turn:
    """What may be changed now, and the file for all the rest."""
    known = visit.project(key)
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("What do you want to change?"), Style.STRONG),
        Line(_("The rest stands in the project file: change it there and send it back here."), Style.FAINT),
    ]
    fields = [Key(editing.FIELDS[name], "edit.field", {"key": key, "field": name}) for name in editing.fields(known)]
    if known.spec.reward:
        fields.append(Key(_("Budget"), "budget.ask", key))
    rows = [fields[at : at + 2] for at in range(0, len(fields), 2)] if known.state != "closed" else []
    rows += [[Key(_("Send me the file"), "new.change", key), Key(_("More items"), "new.items", key)]]
    return show(State("projects", {"key": key, "at": "edit"}), Screen(lines, [*rows, [_back(key)]]))


def _field(visit: Visit, wanted: Mapping[str, str]) -> Turn:
    """How it stands; the edit holds the revision on which it was begun."""
    known, field = visit.project(wanted["key"]), wanted["field"]
    stands = editing.written(known, field, visit.who.language or "en", visit.who.zone or "UTC")
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(editing.FIELDS[field], Style.STRONG),
        Line(stands, Style.QUOTE) if stands else Line(_("Nothing stands there yet.")),
        Line(_how(visit, known, field), Style.FAINT),
    ]
    memory = {"key": known.key, "field": field, "revision": known.revision}
    return show(State("edit", memory), Screen(lines, [[Key(_("Back"), "edit.fields", known.key)]]))


def _how(visit: Visit, known: Known, field: str) -> Words:
    """How it is written: in their language where there are several, by their clock."""
    if field in editing.MOMENTS:
        return _(
            "Write it as a message, such as 2026-12-10 18:00, by the clock of {city}; a dash leaves it out.",
            city=City(visit.who.zone or "UTC"),
        )
    language = visit.who.language or "en"
    if field in editing.BY_LANGUAGE and len(known.spec.title) > 1:
        return _("Write it anew in {language}.", language=visit.desk.languages.get(language, language))
    return _HOW.get(field, _("Write it anew as a message."))


_HOW: Mapping[str, Words] = {
    "overlap.max": _("Write a number as a message."),
    "limits.per_day": _("Write a number as a message; a dash leaves it out."),
}


def _said(visit: Visit, said: Said) -> Turn:
    memory = visit.memory
    if not {"key", "field", "revision"} <= memory.keys():
        return again(_("Please tap one of the keys below the message."))
    return _take(visit, dict(memory), said.text)


def _mine(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """Theirs was seen: mine is put on top of it."""
    return _take(visit, dict(wanted), str(wanted["said"]))


def _take(visit: Visit, wanted: Mapping[str, Any], said: str) -> Turn:
    known = visit.project(str(wanted["key"]))
    field, language = str(wanted["field"]), visit.who.language or "en"
    try:
        spec = editing.read(known, field, said, language, visit.who.zone or "UTC")
    except ProjectFileError as error:
        return again(editing.mistakes_of(error)[0])
    if known.revision != wanted["revision"]:
        return _both(visit, known, {**wanted, "said": said})
    if editing.apply(visit.tx, visit.desk.catalog, visit.actor, known, spec, visit.now) is None:
        return _both(visit, visit.project(known.key), {**wanted, "said": said})
    return card(visit, known.key, _("Changed: {field}", field=editing.FIELDS[field]))


def _both(visit: Visit, known: Known, wanted: Mapping[str, Any]) -> Turn:
    lines = [
        *conflict(visit, known, int(wanted["revision"])),
        Line(_("Yours, {field}:", field=editing.FIELDS[str(wanted["field"])]), Style.STRONG),
        Line(str(wanted["said"])[:300], Style.QUOTE),
    ]
    mine = {"key": known.key, "field": wanted["field"], "revision": known.revision, "said": wanted["said"]}
    keys = [[Key(_("Keep theirs"), "projects.card", known.key)], [Key(_("Take mine"), "edit.mine", mine)]]
    return show(State("edit", {"key": known.key}), Screen(lines, keys))


def _back(key: str) -> Key:
    return Key(_("Back"), "projects.card", key)


EDIT = Flow("edit", permit="request", presses={"fields": _fields, "field": _field, "mine": _mine}, said=_said)
