"""``text``: the answer is written as a message, shown back, then handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.ask.base import Draft, Drafted, HandIn, key
from handlers.talk import Key, Line, Style
from tasks.kinds import KINDS
from tasks.projects.spec import Spec
from tasks.words import Words, _

_SHOWN = 40


class AskText:
    """The draft is the text as written."""

    kind = "text"
    called = _("Writing a few words")

    def lines(self, spec: Spec, draft: Draft) -> Sequence[Line]:  # noqa: ARG002 - the contract
        """How to answer, or the answer so far."""
        if draft is None:
            return [Line(_("Write your answer as a message."), Style.FAINT)]
        return [Line(_("Your answer:"), Style.FAINT), Line(draft, Style.QUOTE)]

    def rows(self, spec: Spec, draft: Draft, page: int) -> Sequence[Sequence[Key]]:  # noqa: ARG002 - the contract
        """Nothing to press before something is written."""
        if draft is None:
            return ()
        return [[key(_("Hand in"), {"hand": "in"}), key(_("Change"), {"hand": "back"})]]

    def pressed(self, spec: Spec, draft: Draft, value: Any) -> HandIn | Drafted:  # noqa: ARG002 - the contract
        """Hand in, or write again."""
        if value == {"hand": "in"} and draft is not None:
            return HandIn(draft)
        return Drafted(None, changes=1)

    def said(self, spec: Spec, draft: Draft, text: str) -> HandIn | Drafted | None:
        """A text that fits is shown back. Raises AnswerError."""
        checked = KINDS[self.kind].check(spec.question_for_kind(), text)
        return Drafted(checked, changes=int(draft is not None))

    def words(self, spec: Spec, answer: Any) -> Words:  # noqa: ARG002 - the contract
        """Its beginning."""
        text = str(answer)
        return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
