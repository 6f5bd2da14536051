"""The three figures of a person, each with its parts, for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.flow import Flow, Visit, show
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.behaviour.figures import Figure, Figures, figures, overall
from tasks.reports.person import projects_of, roughly
from tasks.words import Join, Local, Share, Words, _

_PROJECTS_SHOWN = 6
_LEAST = 10
"""A part of fewer answers is not told."""
_CHECKED = frozenset({"expertise", "diligence", "proficiency", "gold", "agreement", "accuracy"})
"""What rests on checked answers: told roughly, or it would show which items are checks."""

_NAMES: Sequence[tuple[str, Words, Words]] = (
    ("expertise", _("Expertise"), _("how right your answers are")),
    ("diligence", _("Diligence"), _("whether you read, decide and finish")),
    ("proficiency", _("Proficiency"), _("how fast you are at the same rightness; 50% is typical")),
)
NAMES: Mapping[str, Words] = {field: name for field, name, _says in _NAMES}
"""What each of the figures is called."""
PARTS: Mapping[str, Words] = {
    "gold": _("right on items whose answer is known"),
    "agreement": _("right by what all agreed on"),
    "time": _("took the time to read"),
    "steadiness": _("steady pace"),
    "variety": _("answers as varied as others’"),
    "finished": _("finished what you took"),
    "speed": _("speed; 50% is typical"),
    "accuracy": _("right answers"),
}


def _show(visit: Visit, _value: object = None) -> Turn:
    """Over all projects, and a key for each to see the parts."""
    whole = overall(visit.tx, visit.desk.catalog, visit.who.id).whole
    lines = [Line(_("Your figures"), Style.STRONG), *_lines(whole)]
    lines.append(Line(_("They choose work for you and what is checked. Nobody is rejected or suspended by them.")))
    shown = projects_of(visit.tx, visit.desk.catalog, visit.who.id)[:_PROJECTS_SHOWN]
    keys = [[Key(_("My page"), "me.overview")]]
    keys += [[Key(Local(known.spec.title), "figures.project", known.id)] for known in shown]
    return show(State("figures"), Screen(lines, keys))


def _project(visit: Visit, project: int) -> Turn:
    known = visit.desk.catalog.get(visit.tx, project)
    lines = [Line(Local(known.spec.title), Style.STRONG), *_lines(figures(visit.tx, known, visit.who.id))]
    return show(State("figures"), Screen(lines, [[Key(_("My figures"), "figures.show")]]))


def _lines(found: Figures) -> list[Line]:
    """Each figure with what it says, and its parts below; one line while none is known."""
    if all(getattr(found, field).value is None for field, _name, _says in _NAMES):
        return [Line(_("They come with the first items that you do here."))]
    lines = []
    for field, name, says in _NAMES:
        figure: Figure = getattr(found, field)
        value: Words = _("not known yet") if figure.value is None else _("{share}", share=_share(field, figure.value))
        lines.append(Line(_("{name}: {value} · {says}", name=name, value=value, says=says)))
        parts: list[Words] = [
            _("{share} {part}", share=_share(part.name, part.value), part=PARTS[part.name])
            for part in figure.parts
            if part.count >= _LEAST
        ]
        if parts and figure.value is not None:
            lines.append(Line(Join(parts, " · "), Style.FAINT))
    return lines


def _share(name: str, value: float) -> Share:
    return Share(roughly(value) if name in _CHECKED else value)


FIGURES = Flow("figures", permit="own", presses={"show": _show, "project": _project})
