"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tasks.words import Words


class State(StrEnum):
    """How it stands."""

    GOOD = "good"
    ADVICE = "advice"
    """It works; something is worth knowing."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, how it stands, and what it is or what to do about it."""

    about: Words
    state: State
    said: Words


def good(about: Words, said: Words) -> Finding:
    """It is well: ``said`` is what was found."""
    return Finding(about, State.GOOD, said)


def advice(about: Words, said: Words) -> Finding:
    """It works, and ``said`` would make it better."""
    return Finding(about, State.ADVICE, said)


def wrong(about: Words, said: Words) -> Finding:
    """It does not work until ``said`` is done."""
    return Finding(about, State.WRONG, said)
