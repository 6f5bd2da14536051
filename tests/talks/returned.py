"""Projects whose answers are sent back in talks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.bots import ANIMALS

_REASONS = [
    {"key": "blurred", "text": {"en": "It is blurred", "ko": "흐릿해요"}},
    {"key": "careless", "text": {"en": "It was answered without looking", "ko": "보지 않고 답했어요"}, "pay": 0.5},
]
RETURNED: Mapping[str, Mapping[str, Any]] = {
    "paid": {
        **ANIMALS,
        "id": "paid",
        "overlap": 1,
        "reward": {"answer": "20", "vote": "10", "currency": "KRW"},
        "review": {"share": 0, "reasons": _REASONS},
    }
}
"""By name, as the header ``# project:`` has it."""
