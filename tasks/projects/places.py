"""The shuffled order in which tasks are dealt: a place for each number, without ever holding all of them."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

_ROUNDS = 5
_HALF = 20
"""Bits of each half: up to 2**40 tasks a project."""
_MASK = (1 << _HALF) - 1
_ODD, _PRIME = 0x9E3779B1, 0x85EBCA77


def places(seed: str) -> Callable[[int], int]:
    """A permutation of task numbers, the same for the same seed: no two tasks share a place, none has place 0.

    A Feistel network (Luby and Rackoff, 1988): whatever the round function, it can be turned back, so it is
    one to one. The rounds mix well enough for a shuffle; nothing depends on them being secret.
    """
    digest = sha256(seed.encode()).digest()
    keys = [int.from_bytes(digest[4 * index : 4 * index + 4]) for index in range(_ROUNDS)]

    def place(number: int) -> int:
        left, right = number >> _HALF, number & _MASK
        for key in keys:
            mixed = ((right ^ key) * _ODD) & 0xFFFFFFFF
            mixed = ((mixed ^ (mixed >> 15)) * _PRIME) & 0xFFFFFFFF
            left, right = right, left ^ (mixed >> (32 - _HALF))
        return ((left << _HALF) | right) + 1

    return place
