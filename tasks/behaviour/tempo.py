"""How long answers take: a histogram on a log scale, and the least time that reading an item needs."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

_FIRST_MS = 250.0
_A_DOUBLING = 4
"""Buckets from a time to twice that time."""
BUCKETS = 56
"""From 250 ms to a little over an hour."""
RATIO = 2 ** (1 / _A_DOUBLING)
"""From a bucket's beginning to its end: a median read from a histogram is wrong by no more."""

_WORDS_A_MINUTE = 238
_HANGUL_A_MINUTE = 600
_HAN_A_MINUTE = 255
_KANA_A_MINUTE = 357
_SKIMMING = 3
_FASTEST_MS = 500
_SHOWN = 2_000
"""Characters of an item that a screen shows."""
_LENGTHS_MS = (2_000, 8_000, 30_000)
LENGTHS = len(_LENGTHS_MS) + 1
"""Classes of items by the time that reading them takes: up to 2, 8, 30 seconds, and beyond."""


def bucket(millis: float) -> int:
    """The bucket of a time; what is shorter or longer than any has the first or the last."""
    if millis <= _FIRST_MS:
        return 0
    return min(BUCKETS - 1, int(_A_DOUBLING * math.log2(millis / _FIRST_MS)))


def quantile(counts: Sequence[int], share: float) -> float | None:
    """The time in ms that ``share`` of those counted do not exceed, between the ends of its bucket by proportion."""
    total = sum(counts)
    if not total:
        return None
    wanted, below = share * total, 0
    for n, count in enumerate(counts):
        if count and below + count >= wanted:
            return _FIRST_MS * float(2 ** ((n + (wanted - below) / count) / _A_DOUBLING))
        below += count
    raise AssertionError  # the last bucket reaches the total


def spread(counts: Sequence[int]) -> float | None:
    """Robust standard deviation of the logarithm of times: the interquartile range of a normal one is 1.349 of it."""
    low, high = quantile(counts, 0.25), quantile(counts, 0.75)
    return None if low is None or high is None else math.log(high / low) / 1.349


def reading_ms(text: str) -> float:
    """How long an adult takes to read a text silently.

    238 words a minute (Brysbaert 2019, J. Mem. Lang. 109:104047, non-fiction). 255 Chinese and 357 Japanese characters
    a minute (Trauzettel-Klosinski & Dietz 2012, IOVS 53:5452). 202 Korean words (Rhiu et al. 2017, Korean Journal of
    Ophthalmology 31:202), of about three syllables each.
    """
    shown = text[:_SHOWN]
    if shown.isascii():
        return 60_000 * len(shown.split()) / _WORDS_A_MINUTE
    hangul = sum("\uac00" <= c <= "\ud7a3" for c in shown)
    han = sum("\u4e00" <= c <= "\u9fff" for c in shown)
    kana = sum("\u3040" <= c <= "\u30ff" for c in shown)
    words = len("".join(" " if c >= "\u3040" else c for c in shown).split())
    east = (han + kana) / (_KANA_A_MINUTE if kana else _HAN_A_MINUTE)
    return 60_000 * (words / _WORDS_A_MINUTE + hangul / _HANGUL_A_MINUTE + east)


def length(reading: float) -> int:
    """The class of an item whose reading takes that many ms."""
    return bisect_left(_LENGTHS_MS, reading)


def least_ms(reading: float) -> float:
    """Whoever answers sooner has not read the item.

    Skimming is allowed for: about three times as fast as reading, where little is understood any more (Rayner et al.
    2016, Psychol. Sci. Public Interest 17:4). Half a second is left for seeing and tapping at all.
    """
    return max(_FASTEST_MS, reading / _SKIMMING)
