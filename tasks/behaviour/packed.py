"""Lists of counts as bytes: the place of the first, how many there are, four bytes each; one is changed in place."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_INT, _HEAD = 4, 2
NONE = bytes(_HEAD)
"""Nothing counted."""


def packed(counts: Sequence[int]) -> bytes:
    """The counts from the first to the last that are not 0; at most 255 of them."""
    kept = [n for n, count in enumerate(counts) if count]
    if not kept:
        return NONE
    first, some = kept[0], counts[kept[0] : kept[-1] + 1]
    return struct.pack(f"<BB{len(some)}I", first, len(some), *some)


def unpacked(kept: bytes, size: int) -> list[int]:
    """So many counts."""
    counts = [0] * size
    first, length = kept[0], kept[1]
    if length:
        counts[first : first + length] = struct.unpack_from(f"<{length}I", kept, _HEAD)
    return counts


def bumped(kept: bytes, place: int, by: int) -> bytes:
    """With one count larger, or smaller but never below 0. Zeros at an end that were counted once stay."""
    first, length = kept[0], kept[1]
    if by < 0 and not first <= place < first + length:
        return kept
    if not length:
        return struct.pack("<BBI", place, 1, by)
    last = first + length - 1
    if place < first:
        return struct.pack(f"<BBI{_INT * (first - place - 1)}x", place, last - place + 1, by) + kept[_HEAD:]
    if place > last:
        return bytes((first, place - first + 1)) + kept[_HEAD:] + struct.pack(f"<{_INT * (place - last - 1)}xI", by)
    at = _HEAD + _INT * (place - first)
    count = max(0, int.from_bytes(kept[at : at + _INT], "little") + by)
    return kept[:at] + count.to_bytes(_INT, "little") + kept[at + _INT :]


def split(kept: bytes, at: int, lists: int) -> tuple[list[bytes], bytes]:
    """So many lists that stand one behind the other from there on, and what follows them."""
    found = []
    for _list in range(lists):
        end = at + _HEAD + _INT * kept[at + 1]
        found.append(kept[at:end])
        at = end
    return found, kept[at:]
