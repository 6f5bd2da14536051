"""Projects whose rules fire soon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.bots import ANIMALS

_FEW: Mapping[str, Any] = {**ANIMALS, "overlap": 2}
_PROMOTE = {"if": {"agreement": {"from": 0.8, "last": 2}}, "then": "promote"}
_DEMOTE = {"if": {"agreement": {"below": 0.6, "last": 2}}, "then": "demote"}

RULED: Mapping[str, Mapping[str, Any]] = {
    "standing": {**_FEW, "id": "standing", "rules": [_PROMOTE, _DEMOTE]},
    "breaks": {**_FEW, "id": "breaks", "rules": [{"if": {"skips_in_row": {"from": 3}}, "then": {"pause": "1h"}}]},
    "asking": {**_FEW, "id": "asking", "rules": [{"if": {"sameness": {"from": 2}}, "then": "dispute"}]},
    "helpful": {
        **_FEW,
        "id": "helpful",
        "rules": [{"if": {"skips_in_row": {"from": 2}}, "then": "invite-to-practice"}],
    },
}
"""By name, as the header ``# project:`` has it."""
