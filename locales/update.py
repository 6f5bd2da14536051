"""Brings the catalogues up to date with the code: ``python -m locales.update``, then translate what it names.

The same as ``pybabel extract`` and ``pybabel update`` with the options of docs/language.md; besides, it writes
the English catalogue, whose sentences are the ids themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg  # type: ignore[attr-defined]  # the stubs are of an older Babel
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "locales"
KEYWORDS = {"_": None, "_n": (1, 2), "told": None}
"""What marks a sentence in the code: see tasks.words and db.errors."""


def extract() -> Catalog:
    """All sentences that the code says now."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")
    template = Catalog(
        project="Crowdloom",
        version="",
        header_comment="# The sentences of Crowdloom.",
        last_translator="",
        language_team="",
        charset="utf-8",
    )
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    for file_name, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        template.add(message, None, [(file_name, 0)], auto_comments=comments, context=context)
    return template


def catalogue_files() -> list[Path]:
    """The catalogue of each language."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/messages.po"))


def read(file: Path) -> Catalog:
    """A language's catalogue."""
    with file.open("rb") as source:
        return read_po(source, locale=file.parent.parent.name)


def sentences(catalog: Catalog) -> Iterator[Message]:
    """Its sentences, without the header."""
    return (message for message in catalog if message.id)


def untranslated(catalog: Catalog) -> list[Message]:
    """Sentences that lack a form, or are guessed only."""
    return [message for message in sentences(catalog) if message.fuzzy or not all(_forms(message))]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _write(catalog: Catalog, file: Path) -> None:
    """Write a catalogue, unless only the date at its head would change."""
    fresh = BytesIO()
    catalog.msgid_bugs_address = ""
    write_po(fresh, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    if not file.exists() or _undated(fresh.getvalue()) != _undated(file.read_bytes()):
        file.write_bytes(fresh.getvalue())


def _undated(content: bytes) -> list[bytes]:
    return [line for line in content.splitlines() if b"-Date: " not in line]


def _update(file: Path, template: Catalog) -> list[Message]:
    catalog = read(file)
    catalog.update(deepcopy(template), no_fuzzy_matching=True)
    if file.parent.parent.name == "en":
        for message in sentences(catalog):
            message.string = message.id
    _write(catalog, file)
    return untranslated(catalog)


def main() -> None:
    """Extract, update every language, and name what waits for a translation."""
    template = extract()
    _write(template, LOCALES / "messages.pot")
    for file in catalogue_files():
        waiting = _update(file, template)
        typer.echo(f"{file.relative_to(ROOT)}: {len(waiting)} of {len(template)} wait for a translation")
        for message in waiting:
            typer.echo(f"  {message.id}")


if __name__ == "__main__":
    main()
