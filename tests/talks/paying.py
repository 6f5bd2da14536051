"""Projects whose budget is soon used up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.bots import ANIMALS

PAYING: Mapping[str, Mapping[str, Any]] = {
    "purse": {**ANIMALS, "id": "purse", "reward": {"answer": "20", "currency": "KRW", "budget": "40"}},
    "costly": {**ANIMALS, "id": "costly", "reward": {"answer": "2", "currency": "USD"}},
    "dear": {**ANIMALS, "id": "dear", "reward": {"answer": "2", "currency": "USD", "budget": "500"}},
    "tokens": {**ANIMALS, "id": "tokens", "reward": {"answer": "20", "currency": "points", "budget": "1000"}},
}
"""By name, as the header ``# project:`` has it."""
