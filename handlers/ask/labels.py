"""Labels as keys: two in a row where both are short, in pages where they are many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.ask.base import key
from handlers.parts.pager import page_of, pager
from handlers.talk import Key
from tasks.projects.spec import Label, Spec
from tasks.words import Join, Local, Words

_SHORT = 14
_ON_A_PAGE = 12


def label_words(spec: Spec, wanted: str) -> Words:
    """What a label is called."""
    return next((Local(label.text) for label in spec.labels if label.key == wanted), wanted)


def label_rows(
    spec: Spec, page: int, value: Callable[[Label], Any], mark: Callable[[Label], str] = lambda _label: ""
) -> Sequence[Sequence[Key]]:
    """Rows of label keys, each with a mark before it."""
    page, shown = page_of(spec.labels, page, _ON_A_PAGE)
    rows: list[list[Key]] = []
    short_before = False
    for label in shown:
        one = key(_marked(mark(label), label.text), value(label))
        short = all(len(text) <= _SHORT for text in label.text.values())
        if short and short_before and len(rows[-1]) == 1:
            rows[-1].append(one)
        else:
            rows.append([one])
        short_before = short
    return [*rows, *pager("work.page", page, len(spec.labels), _ON_A_PAGE)]


def _marked(mark: str, text: Mapping[str, str]) -> Words:
    return Join((f"{mark} ", Local(text))) if mark else Local(text)
