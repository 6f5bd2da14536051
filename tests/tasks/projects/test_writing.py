"""A project file that is written reads as the project it was written from, whatever people wrote into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.projects.reading import parse_project, read_project
from tasks.projects.spec import Spec
from tasks.projects.writing import write
from tests.tasks.projects.test_reading import DISHES

_EXAMPLES = sorted(Path("examples").glob("*/*.yaml"))

_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t")
_STRING = st.text(_CHARACTERS, min_size=1, max_size=60).filter(lambda text: bool(text.strip()))
_WORDS = st.one_of(_STRING, st.dictionaries(st.sampled_from(["en", "ko", "zh-Hant"]), _STRING, min_size=1))
_KEY = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=15).filter(
    lambda key: key == key.strip() and len(key.encode()) <= 60 and "|" not in key
)


@st.composite
def projects(draw: st.DrawFn) -> dict[str, Any]:
    """Project files with whatever people may write into them."""
    kind = draw(st.sampled_from(["choice", "multi-choice", "rating", "text"]))
    raw: dict[str, Any] = {"id": "x-1", "title": draw(_WORDS), "kind": kind}
    keys = draw(st.lists(_KEY, min_size=2, max_size=4, unique=True))
    if "choice" in kind:
        raw["labels"] = [{"key": key, "text": draw(_WORDS)} for key in keys]
    maybe = {
        "instructions": _WORDS,
        "question": _WORDS,
        "topic": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=32),
        "show": st.fixed_dictionaries({"text": _STRING}),
        "overlap": st.sampled_from(["1", "3", "5", {"min": 2, "max": 5}, {"min": 1, "max": 2, "confidence": 0.9}]),
        "gold": st.fixed_dictionaries({"share": st.floats(0, 0.9)}),
        "qualification": st.sampled_from([{"practice": 5, "retry_after": "90m"}, {"quiz": 3, "expires_after": "30d"}]),
        "reward": st.sampled_from([{"currency": "KRW", "answer": "20", "budget": "100"},
                                   {"currency": "USD", "answer": "0.05", "vote": "0.10", "hold": "0s"}]),
        "audience": st.sampled_from([{"languages": ["ko", "en"], "level": 2}, {"invited": "true"}]),
        "schedule": st.sampled_from([{"deadline": "2026-12-10T18:00+09:00"}]),
        "rules": st.sampled_from([[], [{"if": {"skips_in_row": {"from": 5}}, "then": {"pause": "1h"}}]]),
    }  # fmt: skip
    for key, values in maybe.items():
        if draw(st.booleans()):
            raw[key] = draw(values)
    return raw


@given(projects())
def test_what_is_written_reads_as_it_was(raw: dict[str, Any]) -> None:
    spec = Spec.model_validate(raw)
    assert parse_project(write(spec).encode()) == spec


@pytest.mark.parametrize("file", _EXAMPLES, ids=lambda file: file.stem)
def test_the_examples_read_as_they_were(file: Path) -> None:
    spec = read_project(file)
    assert parse_project(write(spec).encode()) == spec


def test_it_is_written_as_people_write() -> None:
    text = write(parse_project(DISHES.encode()))
    assert text.startswith("# Names the project for good\nid: dish-photos\n\n# Stands in the list of projects\ntitle:")
    assert '  - {key: spicy, text: {en: "Spicy 🌶", ko: "매워요"}}\n' in text
    assert "overlap: {min: 2, max: 5, confidence: 0.95}\n" in text
    assert "expires_after: 30d" in text
    assert "null" not in text


def test_several_lines_stand_as_they_are() -> None:
    spec = Spec.model_validate({"id": "x", "title": "X", "kind": "rating", "instructions": "One.\n\nTwo: three."})
    assert "instructions: |-\n  One.\n\n  Two: three.\n" in write(spec)


def test_remarks_are_in_the_readers_language() -> None:
    spec = Spec.model_validate({"id": "x", "title": "X", "kind": "rating"})
    assert write(spec, lambda _remark: "안녕").count("# 안녕\n") == 3
