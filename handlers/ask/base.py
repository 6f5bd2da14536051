"""How a chat asks for one kind of answer: the contract of the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.talk import Key, Line
from tasks.projects.spec import Spec
from tasks.words import Words

Draft = Any
"""What has been put together of an answer so far (JSON); None at the beginning."""


@dataclass(frozen=True, slots=True)
class HandIn:
    """The answer is complete: hand it in."""

    raw: object


@dataclass(frozen=True, slots=True)
class Drafted:
    """The answer has changed and is not complete; ``changes`` counts changes of mind."""

    draft: Draft
    changes: int = 0


class Ask(Protocol):
    """The chat's side of a kind. All keys go to ``work.answer`` with a value that ``pressed`` understands."""

    kind: str

    @property
    def called(self) -> Words:
        """The kind in plain words, for people who choose what they would like to work on."""

    def lines(self, spec: Spec, draft: Draft) -> Sequence[Line]:
        """What stands below the question: how to answer, or the answer so far."""

    def rows(self, spec: Spec, draft: Draft, page: int) -> Sequence[Sequence[Key]]:
        """The answer keys."""

    def pressed(self, spec: Spec, draft: Draft, value: Any) -> HandIn | Drafted:
        """An answer key was pressed."""

    def said(self, spec: Spec, draft: Draft, text: str) -> HandIn | Drafted | None:
        """A text was written; None where this kind wants a tap."""

    def words(self, spec: Spec, answer: Any) -> Words:
        """An answer in the words of its keys, for toasts and undo."""


def key(words: Words, value: Mapping[str, Any] | str | int) -> Key:
    """An answer key."""
    return Key(words, "work.answer", value)
