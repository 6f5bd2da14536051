"""A project of a few answers: whatever is written is read or gets one sentence, and all that is read makes a file."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.projects import guided
from tasks.projects.estimate import estimate
from tasks.projects.guided import GuidedError
from tasks.projects.reading import parse_project
from tasks.projects.spec import Spec
from tasks.projects.writing import write

NOON = 1_790_000_000_000
_SAID = st.text(max_size=200) | st.sampled_from(
    ["Spicy or not\nIs it spicy?", "가\n나\n다", "a\nA\na-1", "a | b\nc", "1\n2"]
)


@st.composite
def drafts(draw: st.DrawFn) -> dict[str, Any]:
    """Answers as the talk takes them, whatever is written."""
    kind = draw(st.sampled_from(guided.KINDS_OFFERED))
    languages = draw(st.lists(st.sampled_from(["en", "ko"]), min_size=1, max_size=2, unique=True))
    draft: dict[str, Any] = {"kind": kind, "title": {}, "question": {}}
    for language in languages:
        draft["title"][language], draft["question"][language] = guided.read_words(draw(_SAID))
    first = guided.read_labels(draw(_SAID)) if kind in guided.LABELLED else []
    draft["labels"] = [{languages[0]: label} for label in first]
    for language in languages[1:] if first else ():
        draft["labels"] = [{**label, language: f"{n}"} for n, label in enumerate(draft["labels"])]
    draft["scale"] = draw(
        st.sampled_from([None, {"min": "0", "max": "10", "low": {"en": "bad"}, "high": {"en": "good"}}])
    )
    draft["length"] = draw(st.sampled_from([None, {"min": "1", "max": "100"}]))
    draft["overlap"] = draw(st.sampled_from(["1", "3", {"min": "2", "max": "5", "confidence": "0.95"}]))
    draft["needs"] = draw(st.sampled_from([{}, {"practice": "5"}, {"practice": "5", "quiz": "10"}]))
    draft["pay"] = draw(st.sampled_from([None, {"currency": "KRW", "answer": "20", "budget": "100"}]))
    draft["who"] = draw(st.sampled_from([{}, {"invited": "true"}, {"gate": "4"}]))
    draft["until"] = draw(st.sampled_from([None, guided.in_days(3, "Asia/Seoul", NOON)]))
    return draft


@given(st.data())
def test_what_is_answered_makes_a_file_or_gets_a_sentence(data: st.DataObject) -> None:
    try:
        draft = data.draw(drafts())
    except GuidedError:
        return
    spec = guided.project(draft, {"spicy-or-not"}, NOON)
    assert spec.id != "spicy-or-not"
    assert parse_project(write(spec).encode()) == spec
    assert len({label.key for label in spec.labels}) == len(draft["labels"])


@given(st.text(max_size=60), st.sampled_from(["KRW", "USD", "points"]), st.sampled_from(["", "Asia/Seoul"]))
def test_anything_written_is_read_or_gets_a_sentence(text: str, currency: str, zone: str) -> None:
    for read in (
        lambda: guided.read_pay(text, currency),
        lambda: guided.read_until(text, zone, NOON),
        lambda: guided.read_ends(text),
    ):
        with contextlib.suppress(GuidedError):
            read()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Stew = Spicy", ["Stew", "spicy"]),
        ("Stew = 매워요", ["Stew", "spicy"]),
        ("Stew=mild", ["Stew", "mild"]),
        ("2 + 2 = 4", ["2 + 2 = 4", ""]),
        ("a = b = mild", ["a = b", "mild"]),
        ("= mild", ["= mild", ""]),
    ],
)
def test_a_known_answer_stands_behind_the_last_equals_sign(text: str, read: list[str]) -> None:
    labels = [{"key": "spicy", "text": {"en": "Spicy", "ko": "매워요"}}, {"key": "mild", "text": "Mild"}]
    spec = Spec.model_validate({"id": "x", "title": "X", "kind": "choice", "labels": labels})
    assert guided.read_items(spec, text) == [read]
    assert guided.rows(spec, [read])[0]["id"] == guided.rows(spec, [[read[0], ""]])[0]["id"]


def test_ids_and_keys_are_of_the_english_words_where_there_are_any() -> None:
    draft = {"kind": "choice", "title": {"ko": "매운가요?", "en": "Is it SPICY?"}, "question": {"ko": "가", "en": "a"}}
    labels = [{"ko": "네", "en": "Yes!"}, {"ko": "아니요", "en": "Yes?"}]
    spec = guided.project({**draft, "labels": labels}, {"is-it-spicy"}, NOON)
    assert (spec.id, [label.key for label in spec.labels]) == ("is-it-spicy-2", ["yes", "yes-2"])
    korean = guided.project(
        {**draft, "title": {"ko": "매운가요?"}, "labels": [{"ko": "네"}, {"ko": "아니요"}]}, (), NOON
    )
    assert (korean.id, [label.key for label in korean.labels]) == ("choice-2026-09-21", ["네", "아니요"])


@pytest.mark.parametrize(
    ("language", "zone", "currency"),
    [("ko", "", "KRW"), ("en", "", "USD"), ("en", "Europe/Berlin", "EUR"), ("ko", "UTC", "KRW"), ("xx", "", "USD")],
)
def test_the_money_is_guessed_from_where_they_are(language: str, zone: str, currency: str) -> None:
    assert guided.currency_of(language, zone) == currency


def test_what_items_come_to() -> None:
    raw = {"id": "x", "title": "X", "kind": "rating", "overlap": {"min": 2, "max": 5}, "gold": {"share": 0.2}}
    paid = Spec.model_validate({**raw, "reward": {"currency": "KRW", "answer": "20", "vote": "10"}})
    comes_to = estimate(paid, 100)
    assert (comes_to.least, comes_to.most, comes_to.people, comes_to.seconds) == (200, 500, 5, 9)
    assert comes_to.cost == 1_000 * 20 + 100 * 7 * 10
    assert estimate(paid, 100, checked=False).cost == 500 * 20 + 100 * 7 * 10
    small = paid.model_copy(update={"reward": paid.reward and paid.reward.model_copy(update={"budget": 900})})
    assert (estimate(small, 100).cost, estimate(small, 100).within_budget) == (900, False)
    assert estimate(Spec.model_validate(raw), 100).cost is None
    assert comes_to.people_until(None, NOON) is None
    assert estimate(paid, 10_000, 36).people_until(NOON + 10 * 86_400_000, NOON) == 35
