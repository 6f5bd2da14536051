"""What people agree to: the dated text, word for word, the receipt of it, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from db.queries import joining
from db.session import Tx
from tasks import cases
from tasks.assignment.sweep import end_leases
from tasks.people import Who, reached_age
from tasks.qualification.gates import returned
from tasks.words import Text, Words, _

VERSION = "2026-11-24"
"""The day of the text below. A changed text is another version and asks everybody again (a test ties them together)."""

ADULT = 18


def essentials() -> Sequence[Text]:
    """What stands beside the keys: short enough to be read."""
    return (
        _("Your answers and how you gave them are kept under a number: to check them and to choose work for you."),
        _("/me shows it all, /mydata sends it to you, /forget erases you. Take your agreement back whenever you like."),
        _("“I agree, let’s go” is for people of 18 and older."),
    )


def details() -> Sequence[Text]:
    """What exactly is kept and what for, a tap away."""
    return (
        _(
            "What is kept: what you say of yourself, the link you came by, your answers, and how you gave them: when "
            "an item reached you, your taps and changes, what you opened, how long you took, and at what hour if you "
            "say your time."
        ),
        _(
            "What it is for: to check answers and to choose work that fits you. It may raise checks, or offer you a "
            "break; by itself it never rejects an answer and never suspends anybody: a person decides, and you are "
            "told why."
        ),
        _("Whoever is younger than 18 sees the projects for their age."),
    )


def text() -> Sequence[Text]:
    """The whole text, paragraph by paragraph."""
    return (*essentials(), *details())


def shown(say: Callable[[Words], str]) -> str:
    """The text as a person reads it."""
    return "\n".join(say(paragraph) for paragraph in text())


def digest(say: Callable[[Words], str]) -> str:
    """SHA-256 of the text as a person reads it, in UTF-8 with a line feed between paragraphs; in hex."""
    return sha256(shown(say).encode()).hexdigest()


def agreed(who: Who) -> bool:
    """Whether they have agreed to the text as it is now."""
    return who.consent == VERSION


def agree(tx: Tx, who: Who, age: int, read: str, now: int) -> Who:
    """They agree to the text whose digest as they ``read`` it is given, and say that they are at least so old.

    A receipt is kept. Receipts of one person have an order even where the clock was put back. Whoever comes back
    after taking it back stands where their record holds them.
    """
    last = tx.one(joining.LAST_AGREED, person=who.id)
    at = max(now, last.at + 1) if last and last.at is not None else now
    tx.run(joining.RECEIVE, person=who.id, version=VERSION, now=at, language=who.language, digest=read)
    tx.run(joining.AGREE, person=who.id, version=VERSION, now=at)
    gate = who.gate or returned(tx, who.id, now)
    return reached_age(tx, replace(who, consent=VERSION, gate=gate), age)


def withdraw(tx: Tx, who: Who, now: int) -> Who:
    """They take it back: what they hold goes to others, running quizzes end, and nothing more is recorded."""
    end_leases(tx, who.id)
    cases.leave(tx, who.id)
    tx.run(joining.LEAVE_QUIZZES, person=who.id, now=now)
    tx.run(joining.WITHDRAW, person=who.id, now=now)
    tx.run(joining.UNAGREE, person=who.id)
    return replace(who, consent="", gate=0)
