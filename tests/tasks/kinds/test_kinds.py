"""Each kind: what it takes, what it refuses with which sentence, what it writes and reads back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.kinds import KINDS, AnswerError, Question

QUESTION = Question(labels=("cat", "dog", "cow"), low=1, high=5, shortest=2, longest=10)


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        ("choice", "dog", "dog"),
        ("multi-choice", ["cow", "cat", "cow"], ["cat", "cow"]),
        ("multi-choice", "dog", ["dog"]),
        ("rating", "4", 4),
        ("rating", 1, 1),
        ("text", "  e\u0301te\u0301 \u200b", "été"),
        ("text", "a\u202eb", "ab"),
        ("text", "👩\u200d🌾 ok", "👩\u200d🌾 ok"),
    ],
)
def test_an_answer_takes_its_canonical_form(kind: str, raw: object, stored: Any) -> None:
    assert KINDS[kind].check(QUESTION, raw) == stored


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        ("choice", "horse", "Choose one of the labels"),
        ("choice", None, "Choose one of the labels"),
        ("multi-choice", [], "Choose at least one"),
        ("multi-choice", ["cat", "horse"], "Choose one of the labels"),
        ("rating", 0, "from 1 to 5"),
        ("rating", 6, "from 1 to 5"),
        ("rating", "4.5", "from 1 to 5"),
        ("rating", None, "from 1 to 5"),
        ("text", "a", "Write a little more"),
        ("text", " \u200b\u202e ", "Write"),
        ("text", "x" * 11, "Write a little less"),
    ],
)
def test_what_does_not_fit_is_told(kind: str, raw: object, told: str) -> None:
    with pytest.raises(AnswerError, match=told):
        KINDS[kind].check(QUESTION, raw)


@pytest.mark.parametrize("kind", KINDS)
@given(raw=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=4))
def test_nothing_at_all_breaks_a_kind(kind: str, raw: object) -> None:
    try:
        once = KINDS[kind].check(QUESTION, raw)
    except AnswerError:
        return
    assert KINDS[kind].check(QUESTION, once) == once
    assert KINDS[kind].read(QUESTION, KINDS[kind].write(QUESTION, once)) == once
    assert KINDS[kind].distance(QUESTION, once, once) == 0


@pytest.mark.parametrize(
    ("kind", "one", "other", "apart"),
    [
        ("choice", "cat", "dog", 1),
        ("multi-choice", ["cat", "dog"], ["dog", "cow"], 2 / 3),
        ("rating", 1, 5, 1),
        ("rating", 2, 3, 0.25),
        ("text", "Red  Car", "red car", 0),
        ("text", "red", "blue", 1),
    ],
)
def test_distance(kind: str, one: Any, other: Any, apart: float) -> None:
    assert KINDS[kind].distance(QUESTION, one, other) == pytest.approx(apart)
    assert KINDS[kind].distance(QUESTION, other, one) == pytest.approx(apart)


@pytest.mark.parametrize(
    ("kind", "question", "key"),
    [
        ("choice", Question(labels=("one",)), "labels"),
        ("multi-choice", Question(labels=("a|b", "c")), "labels"),
        ("rating", Question(low=5, high=1), "scale"),
        ("rating", Question(low=1, high=99), "scale"),
        ("text", Question(shortest=5, longest=2), "length"),
    ],
)
def test_a_file_that_lacks_something(kind: str, question: Question, key: str) -> None:
    assert [where for where, _remedy in KINDS[kind].mistakes(question)] == [key]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_fine(kind: str) -> None:
    assert KINDS[kind].mistakes(QUESTION) == []
    assert KINDS[kind].name == kind
