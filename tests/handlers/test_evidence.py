"""The evidence of an item is fit to be shown, whatever its kind and however much there is of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.translate import Translator
from handlers.evidence import screen
from tasks.consensus.evidence import Cast, Evidence, Given, Verdict
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tests.conftest import NOON
from tests.handlers.screens import LANGUAGES, faults, render

TRANSLATOR = Translator(lambda: NOON)
_LONG = "긴" * 64
_KINDS: Mapping[str, tuple[Mapping[str, Any], Any]] = {
    "choice": ({"labels": [{"key": f"l{n}", "text": _LONG} for n in range(200)]}, "l0"),
    "multi-choice": (
        {"labels": [{"key": f"l{n}", "text": _LONG} for n in range(200)]},
        [f"l{n}" for n in range(200)],
    ),
    "rating": ({"scale": {"min": 0, "max": 10}}, 10),
    "text": ({"length": {"max": 3000}}, "길" * 3_000),
}
_STOPPED = [
    ("open", ""),
    ("agreed", "overlap"),
    ("agreed", "confidence"),
    ("disputed", "overlap"),
    ("disputed", "most answers"),
    ("disputed", "reported"),
    ("decided", "gold"),
    ("disputed", "rule"),
    ("decided", "verdict"),
    ("decided", "admin"),
    ("decided", "repaired"),
    ("decided", "fault: gap"),
    ("decided", "fault: of another time"),
]


def _known(kind: str) -> Known:
    spec = Spec.model_validate(
        {"id": "x", "title": "T" * 100, "kind": kind, "show": {"text": "a", "image": "b"}, **_KINDS[kind][0]}
    )
    return Known(1, "x", "live", 1, spec)


def _evidence(kind: str, status: str, method: str, answers: int) -> Evidence:
    label = _KINDS[kind][1]
    shares = [(label, 0.97)] if kind in {"text", "rating"} else [(f"l{n}", 0.08) for n in range(12)]
    counts = (None, 0.0, 0.3, 12.6)
    given = [Given("w-0123456789abcdef", label, counts[n % 4]) for n in range(answers)]
    item, pictures = {"a": "물" * 3_000, "b": "b.png"}, {"b": "content"}
    doubted = (label, 0.61) if status == "agreed" else None
    fault = method.startswith("fault")
    votes = [
        Cast("w-0123456789abcdef", {"fault": "gap"} if n % 2 else {"answer": label}, "글" * 500) for n in range(51)
    ]
    verdict = Verdict({"answer": label}, "왜" * 600, method == "admin", votes if answers else [])
    decided = verdict if status == "decided" and method != "gold" else None
    label = label if answers and not fault else None
    return Evidence(
        item, pictures, status, method, 2, label, 0.97, shares, doubted, _KINDS[kind][1], given, verdict=decided
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize(("status", "method"), _STOPPED)
@pytest.mark.parametrize("answers", [0, 1, 8, 100])
def test_it_fits(kind: str, status: str, method: str, answers: int, language: str) -> None:
    shown = screen(_known(kind), "i" * 200, _evidence(kind, status, method, answers), 3)
    assert faults(shown, TRANSLATOR, language) == []


def test_it_is_told_in_plain_words() -> None:
    found = _evidence("rating", "agreed", "confidence", 4)
    told = render(screen(_known("rating"), "row-7", found, 0), TRANSLATOR, "en").text
    assert "10: 97% sure" in told
    assert "By what is known now it is not sure any more: 10, 61%." in told
    assert "▓▓▓▓▓▓▓▓▓▓ 97% 10" in told
    assert "10 · w-0123456789abcdef · counts for nothing" in told
    assert "10 · w-0123456789abcdef · counts ×12.6" in told
    assert "as sure as the project asks for" in told
