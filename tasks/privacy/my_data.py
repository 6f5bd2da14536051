"""Everything that is stored of a person as one file: a ZIP of JSON files, and a text that says what each is for."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from db.queries import stored
from db.session import Database, Reader, chunks
from tasks.behaviour.habits import Habits
from tasks.exchange.complete import complete
from tasks.kept import unpack
from tasks.privacy.audit import Act, Actor, record
from tasks.privacy.pseudonym import pseudonym
from tasks.privacy.stored import Part, parts
from tasks.projects.catalog import Catalog, Known
from tasks.quality import model
from tasks.words import Join, Moment, Words, _, _n

Say = Callable[[Words], str]
"""Words as the person reads them."""

_TIMES = frozenset({"at", "lease_ends", "paused_until"})
_WORDS = frozenset({("notice", "words"), ("proposal", "why"), ("enrolment", "paused_for"), ("enrolment", "doubts")})
"""Words of ours, kept for a language (``tasks.kept``)."""
_WRITTEN = frozenset({"words", "why", "note", "address"})
"""Words of people, where they are not ours: as they are, whatever they look like."""
_AT_ONCE = 1_000
_encode = json.JSONEncoder(ensure_ascii=False).encode
_JSON = frozenset('[{"')
_EPOCH = date(1970, 1, 1)


def write(database: Database, catalog: Catalog, person: int, out: Path, now: int, say: Say) -> int:
    """Write the file; how many rows it holds. Raises UnwritableError; then nothing is left behind."""
    when = datetime.fromtimestamp(now / 1000, UTC).timetuple()[:6]
    projects = _projects(database, catalog, person)
    total, told = 0, []
    act = Act("export", person, figures={"what": "my data"})
    database.run(lambda tx: record(tx, Actor(person), act, now)).result()
    with complete(out) as place, database.reading() as reader, ZipFile(place, "w", ZIP_DEFLATED) as archive:
        for part in parts():
            rows = _write(archive, _entry(f"{part.name}.json", when), _rows(reader, part, person, projects, say))
            told.append(Join((f"{part.name}.json · ", _n("{n} row", "{n} rows", rows), " · ", part.what)))
            total += rows
        archive.writestr(_entry("README.txt", when), "\n\n".join(map(say, _about(now, told))) + "\n")
    return total


def _projects(database: Database, catalog: Catalog, person: int) -> Sequence[Known]:
    return database.run(
        lambda tx: [catalog.get(tx, one.project) for one in tx.all(stored.PROJECTS, person=person)]
    ).result()


def _entry(name: str, when: Any) -> ZipInfo:
    entry = ZipInfo(name, when)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _about(now: int, told: Sequence[Words]) -> Sequence[Words]:
    return (
        _("Everything that is stored of you, as it was {when}.", when=Moment(now)),
        Join(told, "\n"),
        _("Times are in UTC. An item is told by its id: the item itself belongs to whoever asks."),
        _(
            "Left out: numbers of other people; until a project is closed, what would show which of its items are "
            "checks; and questions of quizzes that others are still to be asked."
        ),
    )


def _write(archive: ZipFile, entry: ZipInfo, rows: Iterator[Mapping[str, Any]]) -> int:
    """One JSON list, a row a line; how many."""
    count = 0
    with archive.open(entry, "w") as file:
        for some in chunks(rows, _AT_ONCE):
            file.write((",\n" if count else "[\n").encode())
            file.write(",\n".join(map(_encode, some)).encode())
            count += len(some)
        file.write(b"\n]\n" if count else b"[]\n")
    return count


# --------------------------------------------------------------------------- rows


def _rows(reader: Reader, part: Part, person: int, projects: Sequence[Known], say: Say) -> Iterator[Mapping[str, Any]]:
    if not part.by_project:
        yield from _of(reader, part, part.others | part.asked | part.checks, say, person=person)
        return
    joined = reader.one(stored.JOINED, person=person)
    for known in projects:
        hidden = part.others | part.asked | (part.checks if known.state != "closed" else frozenset())
        named = {"name_in_exports": pseudonym(known.id, person, joined.at if joined else 0)}
        for row in _of(reader, part, hidden, say, person=person, project=known.id):
            yield {**row, **named} if part.table == "enrolment" else row


def _of(reader: Reader, part: Part, hidden: frozenset[str], say: Say, **of: int) -> Iterator[Mapping[str, Any]]:
    every = [one for one in stored.columns(part.table) if one.name not in hidden]
    asked = [one for one in every if one.name != part.who or part.who == "id"]
    names = [one.name for one in asked]
    keys = [name.removesuffix("_id") if name in {"project_id", "task_id"} else name for name in names]
    reads = [_how_to_read(part.table, one, say) for one in asked]
    statement = stored.of_person(part.table, part.who, names, by_project="project" in of)
    for row in reader.stream(statement, **of):
        yield {
            key: cell if cell is None or read is None else read(cell)
            for key, read, cell in zip(keys, reads, row, strict=True)
        }


# --------------------------------------------------------------------------- cells


def _how_to_read(table: str, column: stored.Stored, say: Say) -> Callable[[Any], Any] | None:
    """What makes sense of a cell: a time, a day, words, the lists and objects inside a text; None for a plain one."""
    name, holds = column
    if holds is int and (name in _TIMES or name.endswith("_at")):
        return _time
    if holds is int and name == "day":
        return _day
    if holds is str and (table, name) in _WORDS:
        return partial(_words, say)
    if holds is str:
        return None if name in _WRITTEN else _inside
    return _BYTES.get(name, _plain) if holds is bytes else bool if holds is bool else None


def _time(cell: int) -> str:
    return datetime.fromtimestamp(cell / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _day(cell: int) -> str:
    return (_EPOCH + timedelta(days=cell)).isoformat()


def _inside(cell: str) -> Any:
    try:
        return json.loads(cell) if cell[:1] in _JSON else cell
    except ValueError:
        return cell


def _words(say: Say, cell: str) -> str:
    inside = _inside(cell)
    return say(Join([unpack(one) for one in inside], " ") if isinstance(inside, list) else unpack(inside))


def _plain(cell: bytes) -> str:
    return b64encode(cell).decode()


def _parts_of_one(cell: bytes) -> Sequence[float]:
    return [round(byte / 255, 3) for byte in cell]


def _habits(cell: bytes) -> Mapping[str, Any]:
    """Counts, where they stand and stood before the last answer, histograms, the last answers."""
    found = Habits.unpack(cell)
    stand = {"now": found.now._asdict(), "before": found.before._asdict()}
    told = {"times": found.times, "mix": found.mix, "hours": found.hours, "ring": list(found.ring)}
    return {"counts": asdict(found.counts), **stand, **told}


_BYTES: Mapping[str, Callable[[bytes], Any]] = MappingProxyType(
    {
        "confusion": model.unpack,
        "kept": _habits,
        "recent_gold": _parts_of_one,
        "recent_agreed": _parts_of_one,
        "recent_reviewed": _parts_of_one,
    }
)
