"""Remarks that people in charge leave about somebody for each other; the person finds them in their own data."""

from __future__ import annotations

from collections.abc import Sequence

from db.errors import told
from db.queries import remarks, staff
from db.queries.remarks import Noted
from db.queries.staff import Listed
from db.session import Tx
from tasks.charge import Charge, StaffError, YourselfError
from tasks.privacy.audit import Act, record
from tasks.staff import still

__all__ = ["Noted"]

MOST_OF_REMARK = 500
MOST_SHOWN = 6
_MOST_FOUND = 8
_SHORTEST = 2


class RemarkError(StaffError):
    """No words, or too many."""

    message = told("Write the note in up to {most} characters.")


class NotYoursError(StaffError):
    """Somebody else wrote it, or it is gone."""

    message = told("Ask whoever wrote it: you can remove your own notes only.")


class ShortWordError(StaffError):
    """Nearly every remark has it."""

    message = told("Look for a word of {least} letters or more.")


def of_person(tx: Tx, person: int) -> Sequence[Noted]:
    """The newest of them, the newest first."""
    return tx.all(remarks.OF_PERSON, person=person, most=MOST_SHOWN)


def count(tx: Tx, person: int) -> int:
    """How many there are."""
    found = tx.one(remarks.COUNT, person=person)
    return found.n if found else 0


def add(tx: Tx, by: Charge, person: Listed, words: str, now: int) -> None:
    """Note something about somebody; nobody notes about themselves. Raises StaffError."""
    person = still(tx, person.id)
    if by.actor.id == person.id:
        raise YourselfError
    words = words.strip()
    if not any(map(str.isalnum, words)) or len(words) > MOST_OF_REMARK:
        raise RemarkError(most=MOST_OF_REMARK)
    tx.run(remarks.ADD, person=person.id, actor=by.actor.id, now=now, note=words)
    record(tx, by.actor, Act("note", person.id), now)


def remove(tx: Tx, by: Charge, remark: int, now: int) -> int:
    """Take one's own back; about whom it was. Raises NotYoursError."""
    found = tx.one(remarks.ONE, remark=remark)
    if found is None or found.by != by.actor.id:
        raise NotYoursError
    tx.run(remarks.REMOVE, remark=remark)
    record(tx, by.actor, Act("note removed", found.person), now)
    return found.person


def mentioning(tx: Tx, word: str) -> Sequence[Listed]:
    """People of whom a remark has these letters, the newest remark first. Raises ShortWordError."""
    word = word.strip().lower()
    if len(word) < _SHORTEST:
        raise ShortWordError(least=_SHORTEST)
    plain = "".join(f"!{letter}" if letter in "!%_" else letter for letter in word[:MOST_OF_REMARK])
    found = tx.all(remarks.WITH, named=f"%{plain}%", most=_MOST_FOUND * 4)
    numbers = list(dict.fromkeys(row.person for row in found))[:_MOST_FOUND]
    people = [tx.one(staff.BY_NUMBER, person=number) for number in numbers]
    return [one for one in people if one is not None and one.erased_at is None]
