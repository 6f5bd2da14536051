"""What a project pays, and out of how much: all that the ledger needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purse:
    """Amounts in minor units of ``currency``; ``budget`` None for as much as it takes."""

    project: int
    currency: str
    answer: int
    vote: int
    budget: int | None
    hold_ms: int
    """How long an answer's pay is on hold if nobody accepts or rejects it before."""
