"""People: who is speaking, the language they chose, what they agreed to, what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from db.queries import joining, people
from db.session import Tx


@dataclass(frozen=True, slots=True)
class Who:
    """A person as conversations know them."""

    id: int
    language: str
    zone: str
    role: str
    consent: str
    """Version of the text that they agreed to; whether it is the current one: ``tasks.privacy.consent.agreed``."""
    channel: str = ""
    age: int = 0
    """The highest age they have said they have reached; 0 while they have said none."""
    gate: int = 0
    """1 joined, 2 trained, 3 qualified, 4 proven; 0 before they agree."""
    paused_until: int | None = None
    """Until when they get no new tasks anywhere; it may be over."""
    paused_for: str = ""


def speak(tx: Tx, who: Who, language: str) -> Who:
    """Use this language from now on."""
    tx.run(people.SPEAK, person=who.id, language=language)
    return replace(who, language=language)


def reached_age(tx: Tx, who: Who, age: int) -> Who:
    """Note that they say they have reached this age; the highest counts."""
    tx.run(joining.AGE, person=who.id, age=age)
    return replace(who, age=max(who.age, age))
