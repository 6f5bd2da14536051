"""Projects whose items are soon in dispute: two answers each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.bots import ANIMALS

_PAIRS: Mapping[str, Any] = {**ANIMALS, "overlap": 2}
_PAY = {"answer": "20", "vote": "10", "currency": "KRW"}

REVIEWED: Mapping[str, Mapping[str, Any]] = {
    "pairs": {**_PAIRS, "id": "pairs", "review": {"votes": 1}, "reward": _PAY},
    "council": {**_PAIRS, "id": "council", "review": {"votes": 2, "most": 2}},
    "sayings": {
        **_PAIRS,
        "id": "sayings",
        "kind": "text",
        "title": {"en": "Say it shorter", "ko": "더 짧게 쓰기"},
        "question": {"en": "How would you say it in a few words?", "ko": "몇 마디로 줄이면요?"},
        "length": {"min": 3, "max": 40},
        "labels": [],
        "review": {"votes": 2, "share": 0},
    },
    "mentions": {
        **_PAIRS,
        "id": "mentions",
        "kind": "multi-choice",
        "title": {"en": "What is in it?", "ko": "무엇이 들어 있나요?"},
        "question": {"en": "What does it mention?", "ko": "무엇이 나오나요?"},
        "labels": [
            {"key": "food", "text": {"en": "Food", "ko": "음식"}},
            {"key": "place", "text": {"en": "A place", "ko": "장소"}},
            {"key": "person", "text": {"en": "A person", "ko": "사람"}},
        ],
        "review": {"votes": 1},
    },
}
"""By name, as the header ``# project:`` has it."""
