"""What is known of one person's answers (``Record``) and of a project's crowd as a whole (``CrowdModel``)."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

from tasks.kinds import Kind, Question

Row = tuple[float, ...]

MOST_LABELS = 12
"""Up to so many labels a worker's confusion is counted; beyond, only right and wrong."""
_GRAIN = 6
"""Decimals of counts and of stored posteriors: on this grid what was added is taken back exactly."""
_DECAY_OF_SLIPS = -4.0
"""On a scale the probability of a slip falls to this power of two over its whole length."""


_DOUBLE = 8


def grain(value: float) -> float:
    """The value on the grid on which counts are kept."""
    return round(value, _GRAIN)


def pack(counts: Row) -> bytes | None:
    """Counts as the database keeps them: little-endian doubles."""
    return struct.pack(f"<{len(counts)}d", *counts) if counts else None


def unpack(stored: bytes | None) -> Row:
    """Counts from the database."""
    return struct.unpack(f"<{len(stored) // _DOUBLE}d", stored) if stored else ()


@dataclass(frozen=True, slots=True)
class Record:
    """How often somebody's answers were right, as far as the truth became known; soft counts."""

    seen: float = 0.0
    correct: float = 0.0
    confusion: Row = ()
    """The same by truth (row) and given label (column), flat, labels × labels; empty where it is not counted."""

    def credited(self, given: int | None, truth: Sequence[float], right: float, sign: int = 1) -> Record:
        """With one more answer, or with ``sign`` −1 one less; never below nothing.

        ``given`` is the label's number and ``truth`` the probability of each label (None: no confusion is counted),
        ``right`` the share of the answer that was right.
        """
        seen = _floor(self.seen + sign)
        correct = min(seen, _floor(self.correct + sign * right))
        if given is None:
            return replace(self, seen=seen, correct=correct)
        size = len(truth)
        counts = list(self.confusion) if len(self.confusion) == size * size else [0.0] * (size * size)
        for k, share in enumerate(truth):
            place = k * size + given
            counts[place] = _floor(counts[place] + sign * share)
        return Record(seen, correct, tuple(counts))


def _floor(count: float) -> float:
    return max(0.0, grain(count))


@dataclass(frozen=True, slots=True)
class CrowdModel:
    """A project's crowd. The defaults are what is honest to believe before anything is known."""

    accuracy: float = 0.8
    """Accuracy that a person is given before anything is known of them, and the answers that this counts for."""
    strength: float = 4.0
    row_strength: float = 12.0
    """Answers of one truth that a person's own accuracy counts for against their confusion there."""
    shape: tuple[Row, ...] = ()
    """Where an error goes: for each truth the share of each other label, rows sum to one; empty: to all alike."""
    prior: Row = ()
    """How frequent each label is among the tasks; empty: all alike."""
    shares: Row = ()
    """How frequent each label is among the answers: what somebody gives who does not look; empty: all alike."""
    temper: float = 0.8
    """0 to 1: what the evidence of an answer is worth, as answers to one task go wrong together."""
    guesser: Record = Record()
    """What is known of the model whose guesses stand in the data file's ``prior``."""
    doubted: tuple[int, ...] = ()
    """Gold tasks whose known answer nearly everybody contradicts."""

    def to_json(self) -> str:
        """As the database keeps it."""
        return json.dumps(asdict(self))


def read_model(text: str | None, kind: Kind, question: Question) -> CrowdModel:
    """A crowd's model from the database, or the defaults for this question."""
    stored = json.loads(text) if text else {}
    stored = {name: stored[name] for name in _FIELDS if name in stored}  # a later version may know more
    stored |= {name: tuple(stored[name]) for name in ("prior", "shares", "doubted") if name in stored}
    stored["shape"] = tuple(map(tuple, stored.get("shape") or _slips(kind, question)))
    if guesser := stored.get("guesser"):
        stored["guesser"] = Record(**{**guesser, "confusion": tuple(guesser["confusion"])})
    return CrowdModel(**stored)


_FIELDS = tuple(field.name for field in fields(CrowdModel))


def _slips(kind: Kind, question: Question) -> list[Row]:
    """On a scale an error goes rather to near steps; labels without an order are all alike, which needs no table."""
    options = kind.options(question)
    if kind.belief != "one" or len(options) > MOST_LABELS:
        return []
    gaps = [[kind.distance(question, truth, given) for given in options] for truth in options]
    if all(gap in {0, 1} for row in gaps for gap in row):
        return []
    near = [[2 ** (_DECAY_OF_SLIPS * gap) if gap else 0.0 for gap in row] for row in gaps]
    return [tuple(value / sum(row) for value in row) for row in near]
