"""Messages from people in charge to one person, and the one answer that each of them can get.

A letter is a record and a notice; as all notices it reaches the person by a message if they are not here. The
answer is a record too, and a notice for who wrote. See docs/decisions/contact.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from db.errors import told
from db.queries import staff
from db.queries.staff import Listed
from db.session import Tx
from tasks.access import may
from tasks.charge import Charge, StaffError, YourselfError
from tasks.notices import tell
from tasks.privacy.audit import Act, Actor, record
from tasks.staff import still
from tasks.words import _

MOST_OF_LETTER = 600
"""Characters of a letter, and of an answer."""
_ANSWERS_MS = 14 * 86_400_000
"""So long a letter can be answered."""


class LetterError(StaffError):
    """No words, or too many."""

    message = told("Write the message in up to {most} characters.")


class AnsweredError(StaffError):
    """It was answered, or is too old."""

    message = told("Your answer is there already, or the message is too old: nothing more can be sent to it.")


def write(tx: Tx, by: Charge, person: Listed, words: str, now: int) -> None:
    """Send somebody a message. Raises StaffError."""
    person = still(tx, person.id)
    if by.actor.id == person.id:
        raise YourselfError
    words = _checked(words)
    record(tx, by.actor, Act("message", person.id, figures={"why": words}), now)
    tell(tx, person.id, _("The team writes: {words} (To answer: /answer)", words=words), now, "letter")


def newest(tx: Tx, person: int, now: int) -> str | None:
    """The newest letter to somebody, while it can be answered."""
    letter = tx.one(staff.LAST, person=person, what="message")
    return str(json.loads(letter.figures).get("why", "")) if letter and answerable(tx, person, now) else None


def answerable(tx: Tx, person: int, now: int) -> int | None:
    """When the newest letter was written, if it can be answered still."""
    letter = tx.one(staff.LAST, person=person, what="message")
    if letter is None or letter.at < now - _ANSWERS_MS:
        return None
    answer = tx.one(staff.LAST, person=person, what="answer")
    return letter.at if answer is None or json.loads(answer.figures).get("of") != letter.at else None


def answer(tx: Tx, actor: Actor, words: str, given: Callable[[str, str], str], now: int) -> None:
    """Answer the newest letter, once; ``given`` is as of ``tasks.charge.Charge``. Raises LetterError, AnsweredError."""
    assert actor.id is not None  # noqa: S101 - whoever answers is a person
    words = _checked(words)
    of = answerable(tx, actor.id, now)
    letter = tx.one(staff.LAST, person=actor.id, what="message")
    if of is None or letter is None:
        raise AnsweredError
    record(tx, actor, Act("answer", actor.id, figures={"of": of, "why": words}), now)
    writer = tx.one(staff.BY_NUMBER, person=letter.actor) if letter.actor is not None else None
    if writer is not None and may(given(writer.channel, writer.external_id) or writer.role, "administer"):
        tell(tx, writer.id, _("No. {number} answers: {words}", number=actor.id, words=words), now)


def _checked(words: str) -> str:
    words = words.strip()
    if not any(map(str.isalnum, words)) or len(words) > MOST_OF_LETTER:
        raise LetterError(most=MOST_OF_LETTER)
    return words
