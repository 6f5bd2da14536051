"""``choice``: one tap on a label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.ask.base import Draft, Drafted, HandIn
from handlers.ask.labels import label_rows, label_words
from handlers.talk import Key, Line
from tasks.projects.spec import Spec
from tasks.words import Words, _


class AskChoice:
    """A label a key."""

    kind = "choice"
    called = _("Choosing one answer")

    def lines(self, spec: Spec, draft: Draft) -> Sequence[Line]:  # noqa: ARG002 - the contract
        """The keys say it all."""
        return ()

    def rows(self, spec: Spec, draft: Draft, page: int) -> Sequence[Sequence[Key]]:  # noqa: ARG002 - the contract
        """The labels."""
        return label_rows(spec, page, lambda label: label.key)

    def pressed(self, spec: Spec, draft: Draft, value: Any) -> HandIn | Drafted:  # noqa: ARG002 - the contract
        """Done with one tap."""
        return HandIn(value)

    def said(self, spec: Spec, draft: Draft, text: str) -> HandIn | Drafted | None:  # noqa: ARG002 - the contract
        """A tap is wanted."""
        return None

    def words(self, spec: Spec, answer: Any) -> Words:
        """The label's text."""
        return label_words(spec, answer)
