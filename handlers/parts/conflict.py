"""Two who edit one project: what others have changed since one began."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from handlers.flow import Visit
from handlers.talk import Line, Style
from tasks.projects import own
from tasks.projects.catalog import Known
from tasks.projects.editing import changed_since
from tasks.words import Local, Moment, Words, _

_MOST, _MOST_OF_VALUE = 6, 120


def conflict(visit: Visit, known: Known, base: int) -> Sequence[Line]:
    """Field, before, after, who, when; and the question which is to stand."""
    found = changed_since(visit.tx, known, base)[:_MOST]
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("Somebody else has changed it since you began:"), Style.STRONG),
    ]
    for one in found:
        said = _(
            "{key}: {before} → {after} ({who}, {when})",
            key=one.key,
            before=_value(one.before),
            after=_value(one.after),
            who=_who(visit, one.by),
            when=Moment(one.at),
        )
        lines.append(Line(said))
    return [*lines, Line(_("Nothing of yours has been taken yet. Which is to stand?"))]


def _who(visit: Visit, person: int | None) -> Words:
    if person == visit.who.id:
        return _("yourself")
    if own.owner(visit.who) is not None:
        return _("the team")
    return _("the shell") if person is None else _("No. {number}", number=person)


def _value(value: Any) -> str:
    """A value as its file has it; long ones are cut."""
    if value is None:
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_OF_VALUE else text[: _MOST_OF_VALUE - 1] + "…"
