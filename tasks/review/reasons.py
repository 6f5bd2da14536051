"""Why an answer can be rejected or sent back: the project's own reasons, or some that fit everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.projects.catalog import Known
from tasks.words import Join, Local, Words, _


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: its key in the project file, what people read, and the share of the pay that is paid all the same."""

    key: str
    words: Words
    pay: float = 0.0


_EVERYWHERE: Sequence[Why] = (
    Why("instructions", _("It does not follow the instructions")),
    Why("unreadable", _("It cannot be read or understood")),
    Why("empty", _("It is empty, or no answer to the question")),
    Why("copied", _("It is copied from elsewhere")),
    Why("language", _("It is in the wrong language")),
)


def reasons(known: Known) -> Sequence[Why]:
    """Those to choose from, in the order of the file."""
    own = known.spec.review.reasons
    return [Why(str(one.key), Local(one.text), float(one.pay)) for one in own] or _EVERYWHERE


def chosen(known: Known, keys: Iterable[str]) -> Sequence[Why]:
    """Those of these keys, in the order of the file; keys that the file has no more are passed over."""
    wanted = set(keys)
    return [one for one in reasons(known) if one.key in wanted]


def said(known: Known, keys: Iterable[str]) -> Words:
    """These reasons in a line."""
    return Join([one.words for one in chosen(known, keys)], "; ")


def share_paid(known: Known, keys: Iterable[str]) -> float:
    """The part of the pay that a rejection for these reasons leaves: the largest of theirs."""
    return max((one.pay for one in chosen(known, keys)), default=0.0)
