"""What changed between two versions of a project file, and what that means for the tasks that are there."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from tasks.projects.spec import Spec

_MOST_ON_RECORD = 1_000
"""So many characters of a key's value stand in a record."""
_ALWAYS = frozenset(
    {"title", "topic", "instructions", "question", "examples", "reward", "limits", "audience", "schedule"}
    | {"qualification", "rules", "review"}
)
"""Keys that may change while people work: words, limits, what is paid from now on (in the currency in which it is
promised already), what is asked of newcomers (a quiz that runs keeps its rules), the rules, how is reviewed from now
on; and ``overlap.reopen``."""


def fixed_keys_changed(before: Spec, after: Spec) -> list[str]:
    """Keys that changed although answers depend on them, once the project is launched."""
    old, new = _fixed(before), _fixed(after)
    changed = [key for key in new if old[key] != new[key]]
    if before.reward and after.reward is None:
        changed.append("reward")
    elif before.reward and after.reward and before.reward.currency != after.reward.currency:
        changed.append("reward.currency")
    return changed


def _fixed(spec: Spec) -> dict[str, Any]:
    fixed = spec.model_dump(mode="json", exclude=set(_ALWAYS))
    fixed["labels"] = [label.key for label in spec.labels]
    fixed["scale"] = (spec.scale.min, spec.scale.max)
    fixed["overlap"].pop("reopen")
    return fixed


def revision(before: Spec, after: Spec) -> dict[str, Any]:
    """What the record of a changed file says: its keys that differ, before and after; a long one by its SHA-256."""
    old, new = (spec.model_dump(mode="json") for spec in (before, after))
    keys = [key for key in new if old[key] != new[key]]
    sides = {"before": {key: _short(old[key]) for key in keys}, "after": {key: _short(new[key]) for key in keys}}
    return {"keys": keys, **sides, "file": fingerprint(after)}


def fingerprint(spec: Spec) -> str:
    """SHA-256 of a project file as it is stored, in hex."""
    return sha256(spec.model_dump_json().encode()).hexdigest()


def _short(value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= _MOST_ON_RECORD else f"sha256:{sha256(text.encode()).hexdigest()}"


def asks_another(before: Spec, after: Spec) -> bool:
    """Whether it is another question, so that known answers and shown columns must be read anew."""
    return (before.kind, before.question_for_kind(), before.show) != (after.kind, after.question_for_kind(), after.show)


def deals_otherwise(before: Spec, after: Spec) -> bool:
    """Whether tasks are to be shared out or repeated differently."""
    return _dealt(before) != _dealt(after)


def _dealt(spec: Spec) -> tuple[Any, ...]:
    return spec.overlap, spec.gold, spec.qualification.practice, spec.qualification.quiz, spec.review.quiz
