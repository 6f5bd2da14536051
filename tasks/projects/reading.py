"""Reading a project file: from its bytes to a ``Spec``, or to all of its mistakes at once."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from db.errors import InputError, told
from tasks.kinds import KINDS, AnswerError
from tasks.projects import remedies
from tasks.projects.mistakes import FileMistake, Path, ProjectFileError, because
from tasks.projects.outline import MOST_BYTES, Outline, outline
from tasks.projects.spec import Spec
from tasks.words import Text, _

_STAND_IN = {"id": "x", "title": "x"}
"""For keys with mistakes of their own, so that the kind's needs are looked at all the same."""


class ProjectFileUnreadableError(InputError):
    """The file cannot be opened."""

    message = told("Check the path of the project file: “{path}” cannot be read.")


def read_project(file: File) -> Spec:
    """The project of a file. Raises ProjectFileError with all mistakes, ProjectFileUnreadableError."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise ProjectFileUnreadableError(path=str(file)) from error
    return parse_project(raw, is_json=file.suffix.lower() == ".json")


def parse_project(raw: bytes, *, is_json: bool = False) -> Spec:
    """The project of a file's bytes. Raises ProjectFileError with all mistakes."""
    read = outline(raw, is_json=is_json)
    found = list(read.mistakes)
    spec: Spec | None = None
    try:
        spec = Spec.model_validate(read.data)
    except ValidationError as error:
        found += remedies.mistakes(error, read)
        spec = _rest(read.data, {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]})
    if spec:
        found += _together(spec, read)
    if found or spec is None:
        raise ProjectFileError(found)
    return spec


def _rest(data: dict[str, Any], wrong: set[str]) -> Spec | None:
    """The file without the keys that are wrong, if what the kind needs is among the rest."""
    if wrong & {"kind", "labels", "scale", "length"}:
        return None
    right = {key: value for key, value in data.items() if key not in wrong}
    return Spec.model_validate({**_STAND_IN, **right})


def _together(spec: Spec, read: Outline) -> list[FileMistake]:
    """Mistakes that only show when parts are looked at together."""
    kind, question = KINDS[spec.kind], spec.question_for_kind()
    found = [_mistake(read, (key,), remedy) for key, remedy in kind.mistakes(question)]
    if found:
        return found
    if spec.review.quiz and kind.belief == "open":
        remedy = _("leave it out: a reviewer’s quiz plants wrong answers, and those to a text cannot be made up")
        found.append(_mistake(read, ("review", "quiz"), remedy))
    for index, example in enumerate(spec.examples):
        try:
            kind.read(question, example.answer)
        except AnswerError as error:
            found.append(_mistake(read, ("examples", index, "answer"), because(error)))
    return found


def _mistake(read: Outline, path: Path, text: Text) -> FileMistake:
    return FileMistake(read.line(path), _("{key}: {mistake}", key=remedies.shown(path), mistake=text))
