"""A message of the bot's own accord as its reader sees it: words, keys; and what a press on one of them means.

Keys are known by their number among all that the message could have: it stays theirs when another goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from db.queries import deliveries, joining, outreach
from db.session import Tx
from tasks.outreach import content as contents
from tasks.outreach.content import Content, ContentKey, read_in
from tasks.outreach.queue import read
from tasks.projects.catalog import Catalog
from tasks.projects.errors import UnknownProjectError
from tasks.words import Local, Words, _, _n

_SIGN = "d"
_MOST = 1 << 62
_LONGEST = 24
"""Characters: a page may send what no key of ours has ever carried."""
_OPEN = "delivered.open"


class LetterKey(NamedTuple):
    """A key: its number, its words, what hears a press (``flow.verb``) and with what; or the address it opens."""

    n: int
    words: Words
    to: str
    value: Any = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a broadcast says, with what it needs of its project. ``code`` takes one of its places."""

    number: int
    content: Content
    project: int | None
    title: Words
    code: str
    places: int | None

    def text(self, variant: int, language: str) -> str:
        """The words for a reader of that language, just as they were written."""
        said = self.content.variants[min(variant, len(self.content.variants) - 1)]
        return said[read_in(said, language)]


def letter(tx: Tx, catalog: Catalog, number: int) -> Letter | None:
    """The letter of a broadcast; None where there is none."""
    row = tx.one(outreach.BROADCAST, broadcast=number)
    if row is None:
        return None
    title: Words = ""
    if row.project is not None:
        try:
            title = Local(catalog.get(tx, row.project).spec.title)
        except UnknownProjectError:
            title = ""
    return Letter(number, contents.unpack(row.content), row.project, title, row.invitation, row.places)


def left_of(tx: Tx, code: str) -> int:
    """How many places are left of an invitation."""
    found = tx.one(joining.INVITATION, code=code)
    return max(0, (found.places or 0) - found.used) if found else 0


def left_words(left: int) -> Words:
    """How many places are left."""
    return _n("{n} place left", "{n} places left", left) if left else _("All places are taken")


def keys(said: Letter, left: int | None) -> Sequence[LetterKey]:
    """The keys of a broadcast; without the first one where no place is ``left``."""
    found = [_titled(key, said.title) for key in _keys(said.content, said.project, said.code)]
    return found[1:] if left == 0 and said.project is not None else found


def reminder(kept: str, topic: str) -> tuple[Words, Sequence[LetterKey]]:
    """Words and keys of a reminder."""
    words, go = read(kept)
    shown = [LetterKey(0, go.words, go.to, go.value)] if go else []
    return words, [*shown, _mute(len(shown), topic)]


def data(delivery: int, n: int) -> str:
    """What a key carries: at most 12 bytes up to 101 billion messages."""
    return f"{_SIGN}{_base36(delivery)}.{n}"


def pressed(tx: Tx, person: int, written: str) -> tuple[str, Any] | None:
    """What hears a press on a message that this person got, and with what; None for anything else."""
    number, _dot, n = written.removeprefix(_SIGN).partition(".")
    if (
        len(written) > _LONGEST
        or not written.startswith(_SIGN)
        or not (number.isalnum() and number.isascii() and n.isdecimal())
    ):
        return None
    delivery = int(number, 36)
    row = tx.one(deliveries.PRESSED, delivery=delivery) if delivery < _MOST else None
    if row is None or row.person != person:
        return None
    if row.content is not None:
        found = _keys(contents.unpack(row.content), row.project, row.code or "")
    else:
        found = reminder(row.words, row.topic)[1] if row.words else []
    return next(((key.to, key.value) for key in found if key.n == int(n) and key.to), None)


def _keys(content: Content, project: int | None, code: str) -> Sequence[LetterKey]:
    found: list[LetterKey] = []
    if project is not None:
        found.append(LetterKey(0, "", _OPEN, {"project": project, "code": code}))
    found += [_written(len(found) + n, key) for n, key in enumerate(content.keys)]
    return [*found, _mute(len(found), "broadcast")]


def _written(n: int, key: ContentKey) -> LetterKey:
    words = Local(key.text)
    if key.to == "url":
        return LetterKey(n, words, "", url=str(key.value))
    if key.to == "project":
        return LetterKey(n, words, _OPEN, {"project": key.value, "code": ""})
    return LetterKey(n, words, "menu.projects")


def _titled(key: LetterKey, title: Words) -> LetterKey:
    return key if key.words else key._replace(words=_("Open: {title}", title=title))


def _mute(n: int, topic: str) -> LetterKey:
    return LetterKey(n, _("No such messages"), "outreach.mute", topic)


_DIGITS: Mapping[int, str] = dict(enumerate("0123456789abcdefghijklmnopqrstuvwxyz"))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
