"""What pydantic found in a project file, as sentences that say what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from tasks.projects.mistakes import FileMistake, Path, WrongError
from tasks.projects.outline import Outline
from tasks.projects.spec import Spec
from tasks.words import Text, _

_NEAR = 60


def mistakes(error: ValidationError, read: Outline, model: type[BaseModel] = Spec) -> list[FileMistake]:
    """All that is wrong with a file that ``model`` is of, with lines."""
    found = []
    for detail in error.errors(include_url=False):
        path: Path = detail["loc"]
        raised = detail.get("ctx", {}).get("error")
        wrongs = raised.wrongs if isinstance(raised, WrongError) else [((), _sentence(detail, path, model))]
        for below, text in wrongs:
            found.append(FileMistake(read.line(path + below), _at(path + below, text)))
    return found


def _at(path: Path, text: Text) -> Text:
    if not path:
        return text
    return _("{key}: {mistake}", key=shown(path), mistake=text)


def shown(path: Path) -> str:
    """A path as people write it: ``labels[2].key``, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _sentence(detail: ErrorDetails, path: Path, model: type[BaseModel]) -> Text:
    if detail["type"] == "extra_forbidden":
        return _unknown_key(path, model)
    given = detail.get("ctx", {})
    plain = _plain(detail, _known(path, model))
    if plain:
        return plain
    bound = _bound(detail["type"], given)
    return bound or _("write this differently: {detail}", detail=detail["msg"])


def _plain(detail: ErrorDetails, known: Sequence[str]) -> Text | None:
    return {
        "missing": _("add this key: the file cannot do without it"),
        "string_type": _("write words or a number here"),
        "int_type": _("write a whole number here"),
        "int_parsing": _("write a whole number here: “{found}” is none", found=_short(detail["input"])),
        "int_from_float": _("write a whole number here"),
        "float_type": _("write a number here"),
        "float_parsing": _("write a number here: “{found}” is none", found=_short(detail["input"])),
        "finite_number": _("write a number here"),
        "bool_type": _("write true or false here"),
        "bool_parsing": _("write true or false here"),
        "tuple_type": _("write a list here, each entry on a line that begins with “- ”"),
        "model_type": _("write keys with values here: {keys}", keys=", ".join(known)),
        "model_attributes_type": _("write keys with values here: {keys}", keys=", ".join(known)),
        "string_pattern_mismatch": _("use only the letters a to z, digits and “-”, at most 64 of them"),
        "datetime_type": _("write a date with its time and zone, such as 2026-12-01T09:00+09:00"),
        "datetime_parsing": _("write a date with its time and zone, such as 2026-12-01T09:00+09:00"),
        "datetime_from_date_parsing": _("write a date with its time and zone, such as 2026-12-01T09:00+09:00"),
        "timezone_aware": _("add the zone, such as +09:00 or Z"),
    }.get(detail["type"])


def _bound(kind: str, given: Mapping[str, Any]) -> Text | None:
    limit = str(next(iter(given.values()), ""))
    return {
        "greater_than_equal": _("choose a higher number: it must be {limit} or more", limit=limit),
        "greater_than": _("choose a higher number: it must be above {limit}", limit=limit),
        "less_than_equal": _("choose a lower number: it must be {limit} or less", limit=limit),
        "less_than": _("choose a lower number: it must be below {limit}", limit=limit),
        "literal_error": _("write one of these: {limit}", limit=limit.replace("'", "")),
        "too_long": _("write fewer: {limit} is the most", limit=str(given.get("max_length"))),
        "string_too_long": _("write less: {limit} characters are the most", limit=str(given.get("max_length"))),
        "string_too_short": _("write something here: it is empty"),
    }.get(kind)


def _short(found: object) -> str:
    text = str(found)
    return text if len(text) < _NEAR else f"{text[:_NEAR]}…"


def _unknown_key(path: Path, model: type[BaseModel]) -> Text:
    known = _known(path[:-1], model)
    near = process.extractOne(str(path[-1]), known, score_cutoff=_NEAR)
    if near:
        return _("did you mean “{nearest}”? there is no such key", nearest=near[0])
    return _("take this key out: there is none of that name; these are known: {keys}", keys=", ".join(known))


def _known(path: Path, model: type[BaseModel]) -> list[str]:
    """Keys that the part at ``path`` of a file that ``model`` is of may have."""
    for part in path:
        if isinstance(part, int):
            continue
        field = next((f for name, f in model.model_fields.items() if (f.alias or name) == part), None)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for argument in get_args(annotation) if (model := _model_in(argument))), None)
