"""``multi-choice``: tick any number of labels, then hand in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.ask.base import Draft, Drafted, HandIn, key
from handlers.ask.labels import label_rows, label_words
from handlers.talk import Key, Line, Style
from tasks.projects.spec import Spec
from tasks.words import Join, Words, _, _n


class AskMultiChoice:
    """A tick box a label; the draft is the list of ticked keys."""

    kind = "multi-choice"
    called = _("Ticking all that fits")

    def lines(self, spec: Spec, draft: Draft) -> Sequence[Line]:  # noqa: ARG002 - the contract
        """How it goes."""
        return [Line(_("Tick all that fit, then hand in."), Style.FAINT)]

    def rows(self, spec: Spec, draft: Draft, page: int) -> Sequence[Sequence[Key]]:
        """Boxes, and the way forward below them in its fixed place."""
        ticked = draft or []
        boxes = label_rows(spec, page, lambda label: label.key, lambda label: "☑" if label.key in ticked else "☐")
        return [*boxes, [key(_n("Hand in ({n})", "Hand in ({n})", len(ticked)), {"hand": "in"})]]

    def pressed(self, spec: Spec, draft: Draft, value: Any) -> HandIn | Drafted:  # noqa: ARG002 - the contract
        """A box toggles; handing in nothing is told by the kind."""
        ticked = list(draft or [])
        if value == {"hand": "in"}:
            return HandIn(ticked)
        if value in ticked:
            ticked.remove(value)
            return Drafted(ticked, changes=1)
        return Drafted([*ticked, value])

    def said(self, spec: Spec, draft: Draft, text: str) -> HandIn | Drafted | None:  # noqa: ARG002 - the contract
        """Taps are wanted."""
        return None

    def words(self, spec: Spec, answer: Any) -> Words:
        """The labels' texts."""
        return Join([label_words(spec, one) for one in answer], ", ")
