"""A new project that is left in the middle stays in the conversation's memory, until it is taken up or a week old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.talk import State

KEPT_MS = 7 * 86_400_000
_FLOW, _KEPT = "new", "kept"
_WORTH = ("draft", "file", "data", "items", "to")


def carried(before: State, after: State, now: int) -> State:
    """The state after a turn, with what was begun before and is not taken up."""
    kept = before.memory.get(_KEPT)
    if before.flow == _FLOW != after.flow and _begun(before.memory):
        plain = {name: value for name, value in before.memory.items() if name != _KEPT}
        kept = {"memory": plain, "at": now}
    if (
        not kept
        or now - kept["at"] > KEPT_MS
        or _KEPT in after.memory
        or (after.flow == _FLOW and _begun(after.memory))
    ):
        return after
    return State(after.flow, {**after.memory, _KEPT: kept})


def begun(memory: Mapping[str, Any], now: int) -> Mapping[str, Any]:
    """What was left in the middle; empty where there is nothing, or it is too old."""
    kept = memory.get(_KEPT)
    return kept["memory"] if kept and now - kept["at"] <= KEPT_MS else {}


def _begun(memory: Mapping[str, Any]) -> bool:
    return any(memory.get(name) for name in _WORTH)
