"""A YAML or JSON text as plain data with the line of every value: scalars stay as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from tasks.projects.mistakes import FileMistake, Path, ProjectFileError
from tasks.words import Text, _

MOST_BYTES = 1_000_000
_DEEPEST = 12
_MOST_VALUES = 50_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass
class Outline:
    """``data`` is of dict, list, str and None; ``lines`` (from 1) has the path of each key and each entry."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[FileMistake] = field(default_factory=list)
    """What is wrong with the text itself, though it can be read."""

    def line(self, path: Path) -> int:
        """The line of the value, or of the nearest one above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def outline(raw: bytes, *, is_json: bool = False) -> Outline:
    """Read the text. Raises ProjectFileError where it cannot be read on."""
    text = _checked_json(_decoded(raw)) if is_json else _decoded(raw)
    read = Outline()
    try:
        _Builder(yaml.parse(text, Loader=yaml.SafeLoader), read).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _stop(mark.line + 1 if mark else 1, _syntax(error)) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        raise _stop(before.count("\n") + 1, _("take the control characters out: no screen can show them")) from error
    if not isinstance(read.data, dict):
        raise _stop(1, _("begin with keys and values, such as “title: Hello”: there are none here"))
    return read


def _decoded(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise _stop(0, _too_large())
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _stop(line, _("save the file as UTF-8: this line holds bytes of another encoding")) from error
    if not text.strip():
        raise _stop(0, _("write the project into the file: it is empty"))
    return text


def _checked_json(text: str) -> str:
    """JSON that YAML reads too: its tabs can only be white space."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        broken = _("mend the JSON near column {column}: it cannot be read from there", column=error.colno)
        raise _stop(error.lineno, broken) from error
    except RecursionError as error:
        raise _stop(1, _too_deep()) from error
    return text.replace("\t", " ")


def _stop(line: int, text: Text) -> ProjectFileError:
    return ProjectFileError([FileMistake(line, text)])


def _too_large() -> Text:
    return _("choose the project file: this one is far too large to be it")


def _too_deep() -> Text:
    return _("write it flatter: no key of a project file lies this deep")


def _syntax(error: yaml.MarkedYAMLError) -> Text:
    problem = error.problem or ""
    if "'\\t'" in problem:
        return _("indent with spaces: there is a tab here")
    if "mapping values are not allowed" in problem:
        return _("put words with a colon in them in quotes, and check how far the line is indented")
    column = error.problem_mark.column + 1 if error.problem_mark else 1
    return _(
        "check quotes, colons, brackets and the indent near column {column}: the line cannot be read from there",
        column=column,
    )


class _Builder:
    """Builds the data from events, so that nothing is expanded and nothing is constructed."""

    def __init__(self, events: Iterator[Any], read: Outline) -> None:
        self._events = events
        self._read = read
        self._values = 0

    def document(self) -> None:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise _stop(0, _("write the project into the file: it is empty"))
        self._read.data = self._value(next(self._events), ())
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _stop(after.start_mark.line + 1, _("keep one project in a file: a second one begins here"))

    def _value(self, event: Any, path: Path) -> Any:
        line = event.start_mark.line + 1
        self._read.lines.setdefault(path, line)
        self._values += 1
        if self._values > _MOST_VALUES:
            raise _stop(0, _too_large())
        if len(path) > _DEEPEST:
            raise _stop(line, _too_deep())
        if isinstance(event, yaml.AliasEvent):
            self._wrong(line, _("write it out: “*{name}” stands for another part of the file", name=str(event.anchor)))
            return None
        if event.tag and event.tag != "!":
            self._wrong(line, _("take the tag “{tag}” out", tag=event.tag))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return None if event.style is None and event.value in _NULLS else _whole(event.value)

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise _stop(line, _("write a key before the colon: brackets and “*” cannot be one"))
            key = _whole(event.value)
            if key in values:
                self._wrong(line, _("keep one of them: “{key}” stands here again", key=key))
            self._read.lines[*path, key] = line
            values[key] = self._value(next(self._events), (*path, key))
        return values

    def _sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _wrong(self, line: int, text: Text) -> None:
        self._read.mistakes.append(FileMistake(line, text))


def _whole(text: str) -> str:
    r"""Pairs of ``\ud83c\udf72`` that JSON escapes leave, as the one character they are."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
