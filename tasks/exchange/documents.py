"""The report on quality as a document, for one reader: complete or not there, as every export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from db.session import Database, Tx
from tasks.calendar import zone_of
from tasks.exchange.complete import complete, writable
from tasks.privacy.audit import Act, Actor, record
from tasks.privacy.pseudonym import pseudonym
from tasks.projects.catalog import Catalog, Known
from tasks.words import Words

DOCUMENTS = ("html", "json")
"""Formats of the report, beside those of all exports."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads it: in words of their language, days as they write them, by their clock; and when (milliseconds)."""

    say: Callable[[Words], str]
    date: Callable[[datetime], str]
    zone: str
    language: str
    now: int


def form_of(out: Path, form: str | None) -> str:
    """The format that is asked for, by the suffix of the file where none is given."""
    return (form or out.suffix.removeprefix(".")).lower()


def is_document(what: str, out: Path, form: str | None) -> bool:
    """Whether the report is asked for as a document."""
    return what == "quality" and form_of(out, form) in DOCUMENTS


def write_report(
    database: Database, catalog: Catalog, actor: Actor, key: str, out: Path, form: str, reading: Reading
) -> None:
    """Write it as ``form``, html or json. That it is taken out is on record before it is written.

    Raises UnknownProjectError, UnwritableError; then nothing is left behind.
    """
    writable(out)

    def turn(tx: Tx) -> Known:
        known = catalog.by_key(tx, key)
        record(tx, actor, Act("export", project=known.id, figures={"what": "quality"}), reading.now)
        return known

    known = database.run(turn).result()
    with complete(out) as part:
        part.write_text(_text(database, known, form, reading), "utf-8")


def _text(database: Database, known: Known, form: str, reading: Reading) -> str:
    from tasks.reports.canvas import Voice  # noqa: PLC0415 - loads matplotlib
    from tasks.reports.document import as_html, as_json  # noqa: PLC0415 - as above
    from tasks.reports.dossier import dossier_of  # noqa: PLC0415 - as above
    from tasks.reports.progress import read  # noqa: PLC0415 - as above

    with database.reading() as reader:
        course = read(reader, known, reading.now)
        dossier = dossier_of(reader, known, course, _pseudonyms(known))
    if form == "json":
        return as_json(dossier)
    return as_html(dossier, course, Voice(reading.say, reading.date, zone_of(reading.zone)), reading.language)


def _pseudonyms(known: Known) -> Callable[[int, int | None], str]:
    return lru_cache(None)(lambda person, joined_at: pseudonym(known.id, person, joined_at or 0))
