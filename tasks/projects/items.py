"""From a row of a data file to a task: what the worker sees, the known answer, what makes it the same row."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from hashlib import sha256
from typing import Any, NamedTuple

from rapidfuzz import process

from db.errors import CrowdloomError
from tasks.exchange.rows import Row
from tasks.kinds import KINDS
from tasks.projects.errors import NoSuchColumnError, NothingShownError
from tasks.projects.media import Keep
from tasks.projects.mistakes import WrongError
from tasks.projects.spec import Show, Spec
from tasks.words import _, error_words

RESERVED = ("id", "gold", "why", "split", "prior")
"""Columns that are no part of the item."""
SPLITS = ("work", "gold", "practice", "quiz")
_KNOWN = SPLITS[1:]
"""Splits whose tasks need a known answer."""
_LONGEST_ID = 200
_LONGEST_TEXT = 3_000
_LONGEST_WHY = 500


class Prepared(NamedTuple):
    """A row that is fit to be a task. ``split`` is empty where the file leaves it to the project's shares."""

    number: int
    row: str
    digest: str
    item: str
    pictures: str
    split: str
    gold: str | None
    why: str | None
    prior: str | None


def shown_of(spec: Spec, columns: Collection[str]) -> Spec:
    """The project with what it shows made certain. Raises NoSuchColumnError, NothingShownError."""
    item = [column for column in columns if column not in RESERVED]
    names = ", ".join(item)
    for column in (spec.show.image, spec.show.text):
        if column and column not in item:
            raise NoSuchColumnError(column=column, columns=names)
    if spec.show.image or spec.show.text:
        return spec
    guessed = Show(image="image" if "image" in item else None, text="text" if "text" in item else None)
    if not guessed.image and not guessed.text:
        if len(item) != 1:
            raise NothingShownError(columns=names)
        guessed = Show(text=item[0])
    return spec.model_copy(update={"show": guessed})


def preparing(spec: Spec, picture: Callable[[str], bytes], keep: Keep) -> Callable[[Row], Prepared]:
    """How rows of this project become tasks. ``picture`` gives the file that a cell names.

    What it returns raises WrongError or a CrowdloomError where the row is bad.
    """
    kind, question, show = KINDS[spec.kind], spec.question_for_kind(), spec.show
    written = json.JSONEncoder(ensure_ascii=False).encode
    canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode

    def known(cell: str) -> str | None:
        return written(kind.read(question, cell)) if cell.strip() else None

    def pictured(name: str) -> tuple[dict[str, str], list[str]]:
        if not name or show.image is None:
            return {}, []
        kept = keep(picture(name), name)
        return {show.image: kept.content}, [kept.source]

    def prepare(row: Row) -> Prepared:
        cells = row.cells
        image = cells.get(show.image, "").strip() if show.image else ""
        _check_shown(cells.get(show.text, "").strip() if show.text else "", image)
        pictures, sources = pictured(image)
        gold = known(cells.get("gold", ""))
        return Prepared(
            row.number,
            _id(row),
            _digest(row, sources, canonical),
            written({name: cell for name, cell in cells.items() if name not in RESERVED}),
            written(pictures),
            _split(cells.get("split", "").strip().lower(), gold),
            gold,
            _why(cells.get("why", "").strip()),
            known(cells.get("prior", "")),
        )

    return prepare


def why_not(error: WrongError | CrowdloomError) -> WrongError:
    """The reason why a row is bad, in one form."""
    return error if isinstance(error, WrongError) else WrongError(error_words(error))


def _check_shown(text: str, image: str) -> None:
    if not text and not image:
        raise WrongError(_("give it something to show: its cells are empty"))
    if len(text) > _LONGEST_TEXT:
        raise WrongError(_("show at most {most} characters: it has {found}", most=_LONGEST_TEXT, found=len(text)))


def _id(row: Row) -> str:
    name = row.cells.get("id", "").strip()
    if len(name) > _LONGEST_ID:
        raise WrongError(_("choose a shorter id: {most} characters are the most", most=_LONGEST_ID))
    if not name.isprintable():
        raise WrongError(_("take line breaks and control characters out of the id"))
    return name or str(row.number)


def _split(said: str, gold: str | None) -> str:
    if said and said not in SPLITS:
        near = process.extractOne(said, SPLITS)
        raise WrongError(_("did you mean “{nearest}”? “{found}” is not a split", nearest=near[0], found=said))
    if said in _KNOWN and gold is None:
        raise WrongError(_("add the known answer in “gold”: a row of the split “{split}” needs one", split=said))
    return said


def _why(why: str) -> str | None:
    if len(why) > _LONGEST_WHY:
        raise WrongError(
            _("explain it in at most {most} characters: “why” has {found}", most=_LONGEST_WHY, found=len(why))
        )
    return why or None


def _digest(row: Row, sources: list[str], canonical: Callable[[Any], str]) -> str:
    """SHA-256 of the row whatever the order of its columns, and of its pictures' files."""
    filled = {name: cell for name, cell in row.cells.items() if cell}
    if any("\x00" in cell for cell in filled.values()):
        raise WrongError(_("take the null characters out: no screen can show them"))
    try:
        return sha256(canonical([filled, sources]).encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise WrongError(_("mend the half characters (\\ud800 to \\udfff): no screen can show them")) from error
