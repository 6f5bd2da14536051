"""A list of people that an admin wrote or sent: numbers, or ``channel:id``; and whom it names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.errors import InputError, told
from db.queries import staff
from db.session import Tx
from tasks.projects.mistakes import FileMistake
from tasks.words import Join, _

MOST_PEOPLE = 20_000
_MOST_MISTAKES = 8
_COLUMN = "person"
_BETWEEN = re.compile(r"[\s,;]+")
_NUMBER = re.compile(r"[0-9]{1,18}")
_ELSEWHERE = re.compile(r"[a-z]{1,20}:\S{1,100}")


class ListError(InputError):
    """It names nobody, and nothing of it is taken."""


class EmptyListError(ListError):
    """Nobody is in it."""

    message = told("Write numbers of people, or channel:id, one a line: there is none here.")


class LongListError(ListError):
    """More than a list may hold."""

    message = told("Send at most {most} people at once: this list is longer.")


class UnreadableListError(ListError):
    """Not text."""

    message = told("Save the list as UTF-8 text or CSV: “{name}” cannot be read.")


class WrongLinesError(ListError):
    """Lines that name nobody, by what they look like."""

    message = told("Mend these lines first, nothing of the list is taken:\n{mistakes}")

    def __init__(self, mistakes: Sequence[FileMistake]) -> None:
        super().__init__(mistakes="\n".join(map(str, mistakes)))
        self.values = {"mistakes": Join([mistake.told for mistake in mistakes], "\n")}


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a list names, each once and in its order, and what in it names nobody."""

    people: Sequence[int]
    unknown: Sequence[str]


def read(raw: bytes, name: str = "") -> Sequence[str]:
    """The names of a list, each once: of a ``.csv`` or ``.tsv`` its column ``person``, or its first one.

    Raises ListError.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableListError(name=name[:64]) from error
    table = name.lower().endswith((".csv", ".tsv"))
    lines = _cells(text, "\t" if name.lower().endswith(".tsv") else ",") if table else _words(text)
    found: dict[str, int] = {}
    try:
        for line, one in lines:
            found.setdefault(one, line)
            if len(found) > MOST_PEOPLE:
                raise LongListError(most=MOST_PEOPLE)
    except csv.Error as error:
        raise UnreadableListError(name=name[:64]) from error
    _refuse([(line, one) for one, line in found.items() if not _names(one)])
    if not found:
        raise EmptyListError
    return list(found)


def find(tx: Tx, names: Sequence[str]) -> Named:
    """The people of these names (1,000 or so a turn), but for those who are erased."""
    people: list[int] = []
    unknown: list[str] = []
    for name in names:
        channel, colon, user = name.partition(":")
        if colon:
            row = tx.one(staff.BY_CHANNEL, channel=channel, user=user)
        else:
            row = tx.one(staff.BY_NUMBER, person=int(name))
        if row is None or row.erased_at is not None:
            unknown.append(name)
        else:
            people.append(row.id)
    return Named(list(dict.fromkeys(people)), unknown)


def _words(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, one) for one in _BETWEEN.split(line) if one)


def _cells(text: str, between: str) -> Iterator[tuple[int, str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    column, first = 0, True
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if first and not _names(cells[0]):
            column = cells.index(_COLUMN) if _COLUMN in cells else 0
        else:
            yield rows.line_num, cells[column] if column < len(cells) else ""
        first = False


def _names(one: str) -> bool:
    return bool(_NUMBER.fullmatch(one) or _ELSEWHERE.fullmatch(one))


def _refuse(wrong: Sequence[tuple[int, str]]) -> None:
    if wrong:
        raise WrongLinesError(
            [
                FileMistake(line, _("write a number or channel:id: “{found}” is neither", found=one[:40]))
                for line, one in wrong[:_MOST_MISTAKES]
            ]
        )
