"""What one admin may do alone: above so many people, or so much money, a second one is asked (``tasks.approval``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.words import Money

_PEOPLE = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """So many people, and so much money of a currency (minor units); None, or a currency not named, never asks."""

    people: int | None = _PEOPLE
    amounts: Mapping[str, int] = field(default_factory=dict)


def over(limits: Limits, people: int = 0, money: Money | None = None) -> bool:
    """Whether a second admin is to be asked."""
    if limits.people is not None and people > limits.people:
        return True
    most = limits.amounts.get(money.currency) if money else None
    return money is not None and most is not None and money.minor > most
