"""All that an auditor is told of a project, as plain data: what the report in JSON holds and the one in HTML shows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from db.queries import dossier
from db.session import Reader
from tasks.projects.catalog import Known
from tasks.reports.course import Course
from tasks.reports.interval import wilson
from tasks.reports.quality import Name, Row, report

Dossier = Mapping[str, Any]
"""JSON: ``project``, ``admission``, ``checks``, ``agreement``, ``gold``, ``review``, ``exceptions``, ``people``,
``records``."""

VERSION = 1
_MOST_RECORDS = 1_000
_ALPHA = "Krippendorff's alpha"
_EXCEPTIONS = ("rejected", "sent back", "correction", "withdrawn")


def dossier_of(reader: Reader, known: Known, course: Course, name: Name) -> Dossier:
    """Everything but what every single item and answer rests on: that is in the report as a table."""
    rows = list(takewhile(lambda row: row[0] not in {"task", "answer"}, report(reader, known, name)))
    return {
        "version": VERSION,
        "made_at": _moment(course.now),
        "project": _project(known, course),
        "admission": _admission(reader, known),
        "checks": _checks(reader, known),
        "agreement": _agreement(rows),
        "gold": _gold(course),
        "review": [_figure(row) for row in rows if row[0] == "review"],
        "exceptions": _exceptions(reader, known, rows),
        "people": list(_people(rows)),
        "records": _records(reader, known, name),
    }


def _project(known: Known, course: Course) -> Mapping[str, Any]:
    counts = ("tasks", "answers", "settled", "agreed", "disputed", "decided")
    return {
        "id": known.key,
        "title": dict(known.spec.title),
        "kind": known.spec.kind,
        "state": known.state,
        "revision_of_file": known.revision,
        **{name: getattr(course, name) for name in counts},
        "first_answer": _moment(course.hours[0].hour * 3_600_000) if course.hours else None,
    }


# --------------------------------------------------------------------------- people and checks


def _admission(reader: Reader, known: Known) -> Mapping[str, Any]:
    """What was asked of people before the work, and how they did."""
    entered = reader.one(dossier.ENTERED, project=known.id)
    return {
        "asked": {
            "audience": known.spec.audience.model_dump(mode="json"),
            "qualification": known.spec.qualification.model_dump(mode="json", by_alias=True),
            "limits": known.spec.limits.model_dump(mode="json", by_alias=True),
        },
        "enrolled": entered.people if entered else 0,
        "worked": (entered.worked if entered else 0) or 0,
        "paused": (entered.paused if entered else 0) or 0,
        "quizzes": [
            {**row._asdict(), "score": None if row.score is None else round(float(row.score), 4)}
            for row in reader.stream(dossier.TRIED, project=known.id)
        ],
    }


def _checks(reader: Reader, known: Known) -> Mapping[str, Any]:
    """How each type of data was checked: the rules of the file, and how items came to their state."""
    return {
        "overlap": known.spec.overlap.model_dump(mode="json"),
        "gold": known.spec.gold.model_dump(mode="json"),
        "review": known.spec.review.model_dump(mode="json", by_alias=True),
        "own_rules": None if known.spec.rules is None else len(known.spec.rules),
        "ways": [row._asdict() for row in reader.stream(dossier.WAYS, project=known.id)],
    }


# --------------------------------------------------------------------------- figures


def _agreement(rows: Sequence[Row]) -> Mapping[str, Any]:
    found = [row for row in rows if row[2] == _ALPHA]
    whole = next((_interval(row) for row in found if row[0] == "project"), None)
    return {
        "alpha": whole,
        "labels": [{"label": row[1], **_interval(row)} for row in found if row[0] == "label"],
        "shares": [{"label": row[1], "share": row[3]} for row in rows if row[2] == "share of the tasks"],
        "confusion": [
            {"right": row[1], "answered": row[2].removeprefix("answered "), "share": row[3]}
            for row in rows
            if row[0] == "confusion"
        ],
    }


def _interval(row: Row) -> Mapping[str, Any]:
    return {"value": row[3], "low": row[4], "high": row[5]}


def _gold(course: Course) -> Mapping[str, Any]:
    """Hidden checks, with Wilson's interval."""
    right, seen = course.gold
    if not seen:
        return {"seen": 0, "right": 0, "share": None, "low": None, "high": None}
    low, high = wilson(right, seen)
    return {"seen": seen, "right": right, "share": round(right / seen, 6), "low": round(low, 6), "high": round(high, 6)}


def _figure(row: Row) -> Mapping[str, Any]:
    return {"subject": row[1], "figure": row[2], **_interval(row), "note": row[6]}


def _exceptions(reader: Reader, known: Known, rows: Sequence[Row]) -> Mapping[str, Any]:
    """What did not go the usual way."""
    counted = reader.one(dossier.COUNTED, project=known.id)
    return {
        "answers": counted.answers if counted else 0,
        "rejected": counted.rejected if counted else 0,
        "reviewed": [
            _figure(row)
            for row in rows
            if row[0] == "review" and (row[1] == "appeals" or any(word in row[2] for word in _EXCEPTIONS))
        ],
        "weighed_again": next((row[3] for row in rows if row[2] == "settled tasks weighed again by themselves"), 0),
        "items": [
            {"task_id": row[1], "figure": row[2], "value": row[3], "note": row[6]} for row in rows if row[0] == "item"
        ],
    }


def _people(rows: Sequence[Row]) -> Iterator[Mapping[str, Any]]:
    """A worker each, by pseudonym."""
    kept: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        if row[0] == "worker":
            kept[row[1]][row[2]] = {**_interval(row), "note": row[6]}
    for name, figures in kept.items():
        yield {"worker": name, "figures": figures}


# --------------------------------------------------------------------------- who changed what


def _records(reader: Reader, known: Known, name: Name) -> Mapping[str, Any]:
    """The newest first; words that people wrote of each other are part of what is audited."""
    count = reader.one(dossier.COUNT_RECORDS, project=known.id)
    return {
        "count": count.n if count else 0,
        "newest": [
            {
                "at": _moment(row.at),
                "by": _who(row, name),
                "what": row.what,
                "about": name(row.person, row.person_joined) if row.person is not None else None,
                "figures": json.loads(row.figures),
                "hash": row.hash or None,
            }
            for row in reader.stream(dossier.RECORDS, project=known.id, most=_MOST_RECORDS)
        ],
    }


def _who(row: dossier.Record, name: Name) -> str:
    if row.actor is not None:
        return name(row.actor, row.actor_joined)
    return f"rule: {row.rule}" if row.rule else row.channel or "by itself"


def _moment(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
