"""People: who is speaking, the language they chose, what they agreed to, what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from db.queries import people
from db.session import Tx

CONSENT_VERSION = "2026-11"
"""Version of the text that people agree to; see handlers.welcome."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person as conversations know them."""

    id: int
    language: str
    zone: str
    role: str
    consent: str
    channel: str = ""
    age: int = 0
    """The highest age they have said they have reached; 0 while they have said none."""
    gate: int = 0
    """1 joined, 2 trained, 3 qualified, 4 proven; 0 before they agree."""


def speak(tx: Tx, who: Who, language: str) -> Who:
    """Use this language from now on."""
    tx.run(people.SPEAK, person=who.id, language=language)
    return replace(who, language=language)


def agree(tx: Tx, who: Who, now: int) -> Who:
    """Note that they agreed to the current text."""
    tx.run(people.CONSENT, person=who.id, version=CONSENT_VERSION, now=now)
    return replace(who, consent=CONSENT_VERSION)
