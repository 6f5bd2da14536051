"""Writing a project file: YAML with a remark above each part, as somebody would write it who knows the format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tasks.projects.mistakes import english
from tasks.projects.spec import Spec
from tasks.words import Text, _

Say = Callable[[Text], str]
"""Puts a remark into the language of whoever will read the file."""

_WIDTH = 100
_PLAIN = re.compile(r"[^\W_]([\w .+/-]*[\w+/-])?")
_SECONDS = re.compile("([1-9][0-9]*)s")
_UNITS: Mapping[str, int] = MappingProxyType({"d": 86_400, "h": 3_600, "m": 60, "s": 1})
_DURATIONS = frozenset(
    {
        "lease", "per_question", "retry_after", "expires_after", "hold", "redo_within", "appeal_within",
        "decide_within", "keep", "pause",
    }
)  # fmt: skip
_NULLS = frozenset({"null", "Null", "NULL"})
_UNPRINTABLE = re.compile("[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_REMARKS: Mapping[str, Text] = MappingProxyType(
    {
        "id": _("Names the project for good"),
        "title": _("Stands in the list of projects"),
        "topic": _("By which people choose what they like"),
        "instructions": _("Shown before the work, and with “⋯” at any time"),
        "kind": _("How people answer: choice, multi-choice, rating or text"),
        "question": _("Stands above the answer keys"),
        "labels": _("The answers: “key” is for data and results, “text” is what people read"),
        "scale": _("The steps, and what the first and the last of them mean"),
        "length": _("Characters that an answer has"),
        "show": _("Columns of the data that people see"),
        "examples": _("Shown with the instructions"),
        "overlap": _("Answers that an item gets: a number, or more and more until it is sure"),
        "gold": _("The most of the items that are hidden checks"),
        "qualification": _("What comes before the work"),
        "audience": _("Who may work on it"),
        "reward": _("What an answer pays, and the most that all may cost"),
        "limits": _("Bounds for one person"),
        "review": _("How disputed items and single answers are decided"),
        "schedule": _("When it opens, and when it is due"),
        "privacy": _("How items are protected, and how long they are kept"),
        "rules": _("What follows from how somebody works"),
    }
)


def write(spec: Spec, say: Say = english) -> str:
    """The text of a project file that reads as this project: what is as by default is left out."""
    parts = [f"# {say(_REMARKS[key])}\n{_entry(key, value)}" for key, value in plain(spec).items()]
    return "\n\n".join(parts) + "\n"


def plain(spec: Spec) -> dict[str, Any]:
    """The project as a file has it: dicts, lists and scalars, without what is as by default."""
    data: dict[str, Any] = _tidy(spec.model_dump(mode="json", exclude_defaults=True))
    if spec.question == spec.title:
        data.pop("question", None)
    if "overlap" in data and spec.overlap.fixed:
        data["overlap"] = spec.overlap.min
    elif "overlap" in data:
        data["overlap"] = {"min": spec.overlap.min, "max": spec.overlap.max, **data["overlap"]}
    return data


def _tidy(value: Any, key: str = "") -> Any:
    """Without what is not said, and durations in the largest unit that says them."""
    if isinstance(value, dict):
        return {name: _tidy(inner, name) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    seconds = _SECONDS.fullmatch(value) if isinstance(value, str) and key in _DURATIONS else None
    return _span(int(seconds[1])) if seconds else value


def _span(seconds: int) -> str:
    unit, length = next((unit, length) for unit, length in _UNITS.items() if seconds % length == 0)
    return f"{seconds // length}{unit}"


def _entry(key: str, value: Any) -> str:
    return "\n".join([f"{key}:{first}" if n == 0 else first for n, first in enumerate(_below(value, 0))])


def _below(value: Any, depth: int) -> Iterator[str]:
    """What stands behind a colon, and the lines below it, ``depth`` levels in."""
    indent = "  " * (depth + 1)
    if _is_block(value):
        yield " |-"
        yield from (indent + line if line else "" for line in value.split("\n"))
    elif _fits(value, depth):
        yield f" {_flow(value)}"
    elif isinstance(value, dict):
        yield ""
        for key, inner in value.items():
            first, *rest = _below(inner, depth + 1)
            yield f"{indent}{_scalar(key)}:{first}"
            yield from rest
    else:
        yield ""
        yield from (f"{indent}- {_flow(inner)}" for inner in value)


def _fits(value: Any, depth: int) -> bool:
    """Whether it stands on one line; several things of a list stand below each other."""
    if not isinstance(value, dict | list) or not value:
        return True
    if isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        return False
    several_lines = isinstance(value, dict) and any(_is_block(inner) for inner in value.values())
    return not several_lines and len(_flow(value)) + 2 * depth < _WIDTH


def _is_block(value: Any) -> bool:
    """Whether it is words of several lines that can stand as they are."""
    if not isinstance(value, str) or "\n" not in value:
        return False
    lines = value.split("\n")
    return bool(lines[0].strip() and lines[-1].strip()) and not any(
        _UNPRINTABLE.search(line) or line[:1].isspace() or line[-1:].isspace() for line in lines
    )


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """A scalar: bare where nothing could be mistaken, else in double quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if not isinstance(value, str) or (_PLAIN.fullmatch(text) and text not in _NULLS and text.isascii()):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_UNPRINTABLE.sub(_escaped, quoted)}"'


def _escaped(match: re.Match[str]) -> str:
    return {"\n": "\\n", "\t": "\\t"}.get(match[0]) or f"\\u{ord(match[0]):04x}"
