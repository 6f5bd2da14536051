"""``rating``: one row of numbers, with words at both ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.ask.base import Draft, Drafted, HandIn, key
from handlers.talk import Key, Line, Style
from tasks.projects.spec import Spec
from tasks.words import Join, Local, Words, _

_IN_A_ROW = 6


class AskRating:
    """A step a key."""

    kind = "rating"
    called = _("Giving a mark")

    def lines(self, spec: Spec, draft: Draft) -> Sequence[Line]:  # noqa: ARG002 - the contract
        """What the ends mean."""
        ends = ((spec.scale.min, spec.scale.low), (spec.scale.max, spec.scale.high))
        said: list[Words] = [Join((f"{step} = ", Local(text))) for step, text in ends if text]
        return [Line(Join(said, " · "), Style.FAINT)] if said else ()

    def rows(self, spec: Spec, draft: Draft, page: int) -> Sequence[Sequence[Key]]:  # noqa: ARG002 - the contract
        """One row, or two for a long scale."""
        steps = range(spec.scale.min, spec.scale.max + 1)
        width = len(steps) if len(steps) <= _IN_A_ROW else -(-len(steps) // 2)
        return [[key(str(step), step) for step in steps[i : i + width]] for i in range(0, len(steps), width)]

    def pressed(self, spec: Spec, draft: Draft, value: Any) -> HandIn | Drafted:  # noqa: ARG002 - the contract
        """Done with one tap."""
        return HandIn(value)

    def said(self, spec: Spec, draft: Draft, text: str) -> HandIn | Drafted | None:  # noqa: ARG002 - the contract
        """A tap is wanted."""
        return None

    def words(self, spec: Spec, answer: Any) -> Words:  # noqa: ARG002 - the contract
        """The number."""
        return str(answer)
