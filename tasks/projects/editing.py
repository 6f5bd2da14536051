"""Editing a project that is there, a field at a time: read as its file is read, refused where others were quicker.

Whoever edits says on which revision they began. Where another has come in between nothing is changed, and both edits
are shown, until somebody says which is to stand. See docs/decisions/edits.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from db.errors import InputError, told
from db.queries import audit, projects
from db.queries.audit import Link
from db.session import Tx
from tasks.calendar import zone_of
from tasks.money import budget
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Catalog, Known
from tasks.projects.changes import fixed_keys_changed, revision
from tasks.projects.errors import ClosedForGoodError, FixedAfterLaunchError
from tasks.projects.mistakes import ProjectFileError
from tasks.projects.reading import parse_project
from tasks.projects.spec import Spec
from tasks.projects.writing import plain
from tasks.words import Text, Words, _

BY_LANGUAGE = frozenset({"title", "instructions", "question"})
_NUMBERS = frozenset({"overlap.max", "limits.per_day"})
MOMENTS = frozenset({"schedule.opens", "schedule.deadline"})
_CLOCK = "%Y-%m-%d %H:%M"
_NOTHING = frozenset({"", "-", "–"})
_MARK = "# revision "
_MARKED = re.compile(rb"(?m)^# revision (\d{1,9})\s*$")

FIELDS: Mapping[str, Words] = MappingProxyType(
    {
        "title": _("Title"),
        "instructions": _("Instructions"),
        "question": _("Question"),
        "overlap.max": _("Answers at the most"),
        "limits.per_day": _("Items a day"),
        "schedule.opens": _("Opens"),
        "schedule.deadline": _("Due"),
    }
)
"""What can be edited by writing one message; the budget has a way of its own, all the rest is edited in the file."""


class MomentError(InputError):
    """No day and time."""

    message = told("Write a day and a time, such as 2026-12-10 18:00: “{said}” is none.")


@dataclass(frozen=True, slots=True)
class Changed:
    """What somebody else has changed meanwhile: the key, before and after (as JSON has them), by whom, when."""

    key: str
    before: Any
    after: Any
    by: int | None
    at: int


def fields(known: Known) -> Sequence[str]:
    """Those that may change now: what answers depend on only before the launch."""
    return [name for name in FIELDS if name != "overlap.max" or known.state == "draft"]


def written(known: Known, field: str, language: str, zone: str = "UTC") -> str:
    """How a field stands, as it would be written, by the clock of that zone; empty where it is not said."""
    value: Any = known.spec.model_dump(mode="json")
    for part in field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, Mapping):
        value = value.get(language) or next(iter(value.values()), "")
    if value is not None and field in MOMENTS:
        return datetime.fromisoformat(value).astimezone(zone_of(zone)).strftime(_CLOCK)
    return "" if value is None else str(value)


def read(known: Known, field: str, said: str, language: str, zone: str = "UTC") -> Spec:
    """The project with this field as it was written, times by the clock of that zone; a dash leaves it out.

    Raises MomentError, ProjectFileError with what is wrong, as of a file, and FixedAfterLaunchError.
    """
    data = plain(known.spec)
    words = said.strip()
    value: Any = None if words in _NOTHING else words
    if field in BY_LANGUAGE and value is not None:
        before = data.get(field)
        value = {**before, language: words} if isinstance(before, dict) and "" not in before else words
    if field in MOMENTS and value is not None:
        value = _moment(words, zone)
    if field in _NUMBERS and words.isdecimal():
        value = int(words)
    if field == "overlap.max":
        data["overlap"] = {"min": known.spec.overlap.min, "max": value}
        if known.spec.overlap.confidence is not None:
            data["overlap"]["confidence"] = known.spec.overlap.confidence
    else:
        _put(data, field.split("."), value)
    spec = parse_project(json.dumps(data, ensure_ascii=False).encode(), is_json=True)
    _refuse(known, spec)
    return spec


def _moment(words: str, zone: str) -> str:
    """As project files have it; a zone that is written goes before that of whoever writes."""
    try:
        then = datetime.fromisoformat(" ".join(words.split()))
    except ValueError:
        raise MomentError(said=words[:40]) from None
    return (then if then.tzinfo else then.replace(tzinfo=zone_of(zone))).isoformat(timespec="minutes")


def _put(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        data = data.setdefault(part, {})
    if value is None:
        data.pop(path[-1], None)
    else:
        data[path[-1]] = value


def _refuse(known: Known, spec: Spec) -> None:
    if known.state == "closed":
        raise ClosedForGoodError(key=known.key)
    changed = fixed_keys_changed(known.spec, spec) if known.state != "draft" else []
    if changed:
        raise FixedAfterLaunchError(key=known.key, keys=", ".join(changed))


def apply(tx: Tx, catalog: Catalog, actor: Actor, known: Known, spec: Spec, now: int) -> Known | None:
    """Let the project follow the edited file; None where it is no longer as ``known``: then nothing has changed.

    Raises ClosedForGoodError, FixedAfterLaunchError, BudgetBelowSpentError.
    """
    tx.one(projects.HEAD_LOCKED, key=known.key)
    stands = catalog.get(tx, known.id)
    if (stands.revision, stands.state == "draft") != (known.revision, known.state == "draft"):
        return None
    _refuse(stands, spec)
    if spec == stands.spec:
        return stands
    purse = replace(stands, spec=spec).purse
    if purse and stands.state != "draft":
        budget.follow(tx, purse, now)
    tx.run(projects.REVISE, id=stands.id, spec=spec.model_dump_json())
    record(tx, actor, Act("revise", project=stands.id, figures=revision(stands.spec, spec)), now)
    return catalog.get(tx, stands.id)


# --------------------------------------------------------------------------- two admins


def changed_since(tx: Tx, known: Known, base: int) -> Sequence[Changed]:
    """What others have changed since that revision, the newest first."""
    missing = known.revision - base
    if missing <= 0:
        return []
    rows = tx.all(audit.REVISIONS, project=known.id, most=missing)
    return [one for row in rows for one in _changed(row)]


def _changed(row: Link) -> list[Changed]:
    figures = json.loads(row.figures)
    if row.what == "budget":
        return [Changed("budget", figures.get("before"), figures.get("after"), row.actor, row.at)]
    before, after = figures.get("before", {}), figures.get("after", {})
    found = [one for key in figures.get("keys", ()) for one in _apart(key, before.get(key), after.get(key))]
    return [Changed(*one, row.actor, row.at) for one in found]


def _apart(key: str, before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    """Of a key with keys in it, those that differ."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return [(key, before, after)]
    inner = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [(f"{key}.{name}", before.get(name), after.get(name)) for name in inner]


def marked(text: str, known: Known) -> str:
    """A project file with the revision that it is of, as a remark on its first line."""
    return f"{_MARK}{known.revision}\n\n{text}"


def mark_of(raw: bytes) -> int | None:
    """The revision that a file was written of, where it says so."""
    found = _MARKED.search(raw[:65_536])
    return int(found[1]) if found else None


def mistakes_of(error: ProjectFileError) -> Sequence[Words]:
    """What is wrong with what was written, without the line and the key of a file that nobody sees."""
    return [_bare(mistake.text) for mistake in error.mistakes]


def _bare(text: Text) -> Words:
    said = text.values.get("mistake", text)
    return said if isinstance(said, Text) else text
