"""How closely somebody's work is checked: which answers others check, and how often they meet gold.

Whoever is new is checked on every answer; with a good record on every 3rd, 5th, 10th ("selective majority vote" of
Toloka). See docs/decisions/rules.md.
"""

from __future__ import annotations

from hashlib import blake2b

from tasks.quality import lately

LEVELS = (1, 3, 5, 10)
"""One answer in so many is checked by others in any case."""
PROVEN = 3
"""The level from which somebody is proven."""

_GOLD = {1: 2.5, 3: 1.0, 5: 0.5, 10: 0.25}
"""How many times the project's share of gold they meet."""
_MOST_GOLD = 0.5
_GOLD_OF_DOUBT = 0.5
"""How often somebody who certainly gives no information meets gold."""
_FIRST = 10
"""Among so many first answers there is gold in any case."""
_WEAK, _WEAK_LAST, _WEAK_LEAST = 0.6, 10, 3
_GOLD_OF_WEAK = 0.2
"""Whoever is right on less of that many known answers meets gold as if they were new, and at least so often."""


def up(checks: int) -> int:
    """One level less checked."""
    return next((level for level in LEVELS if level > checks), LEVELS[-1])


def down(checks: int) -> int:
    """One level more checked."""
    return next((level for level in reversed(LEVELS) if level < checks), LEVELS[0])


def due(project: int, task: int, worker: int, checks: int) -> bool:
    """Whether the worker's answer to the task is checked.

    It is the same when the answer is taken back and given again, and follows from nothing that people see.
    """
    if checks <= 1:
        return True
    drawn = blake2b(f"{project}/{task}/{worker}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") % checks == 0


def further(least: int, most: int, *, checked: bool, more: int) -> int:
    """How many further answers an item gets in any case because of this answer.

    ``least`` and ``most`` are the project's overlap, ``more`` is what a rule asks for beyond ``least``. Where two are
    asked at least, every answer is checked anyway; where the number is fixed, it stays.
    """
    wanted = max(1 if checked else 0, least - 1 + more if more else 0)
    return min(wanted, most - 1) if least < most else 0


def gold_share(share: float, checks: int, doubt: float, least: float, recent: bytes | None) -> float:
    """How often somebody meets gold, 0 to 1.

    ``share`` is the project's, ``doubt`` how probable it is that they give no information, ``least`` what a rule asks
    for, ``recent`` their last known answers.
    """
    weak = recent is not None and len(recent) >= _WEAK_LEAST and lately.mean(recent, _WEAK_LAST) < _WEAK
    level = 1 if weak else max(level for level in LEVELS if level <= max(1, checks))
    known = min(max(share, _MOST_GOLD), share * _GOLD[level])
    return max(known, _GOLD_OF_WEAK if weak and share else 0.0, _GOLD_OF_DOUBT * doubt, least)


def gold_now(share: float, answered: int, golds: int) -> float:
    """The same for the next item: whoever has met none so far meets one among their first ten answers.

    Which of the ten it is, is equally probable, and can be told by nobody.
    """
    if share <= 0 or golds or answered >= _FIRST:
        return share
    return max(share, 1 / (_FIRST - answered))
