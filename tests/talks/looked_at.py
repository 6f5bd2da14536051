"""Projects whose answers reviewers look at one by one in talks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.bots import ANIMALS

_PAY = {"answer": "20", "vote": "10", "currency": "KRW"}
LOOKED_AT: Mapping[str, Mapping[str, Any]] = {
    "soups": {
        **ANIMALS,
        "id": "soups",
        "kind": "text",
        "title": {"en": "Name the dish", "ko": "요리 이름 쓰기"},
        "question": {"en": "What is it called?", "ko": "이름이 무엇인가요?"},
        "labels": [],
        "length": {"min": 3, "max": 60},
        "overlap": 1,
        "reward": _PAY,
        "review": {"redo_within": "1d"},
    },
    "seen": {
        **ANIMALS,
        "id": "seen",
        "reward": _PAY,
        "review": {
            "share": 1,
            "reasons": [
                {"key": "careless", "text": {"en": "Answered without looking", "ko": "보지 않고 답했어요"}},
                {"key": "guessed", "text": {"en": "Guessed", "ko": "짐작했어요"}, "pay": 0.5},
            ],
        },
    },
}
"""By name, as the header ``# project:`` has it."""
