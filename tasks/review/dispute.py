"""A dispute as reviewers see it: the item, what the crowd said without who and how often, what can be voted for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

from db.queries import review, weighing, work
from db.queries.cases import Case
from db.session import Tx
from tasks.kinds import KINDS, Answer
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tasks.review.errors import UnknownChoiceError
from tasks.words import Join, Local, Text, Words, _

FAULTS: Mapping[str, Text] = MappingProxyType(
    {
        "unclear": _("The item is unclear"),
        "gap": _("The guideline says nothing about it"),
        "disagreement": _("People truly see it differently"),
        "broken": _("It is broken, or cannot be seen"),
        "personal": _("It shows somebody’s personal data"),
    }
)
"""Why an item itself can be at fault."""
MOST_CANDIDATES = 8
"""Of many different texts those are shown that most people gave."""
_MOST_OF_ITEM, _MOST_OF_ANSWER = 60, 40


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reviewer sees. ``candidates`` are in an order of this reviewer's own."""

    item: Mapping[str, str]
    pictures: Mapping[str, str]
    """Column to media content."""
    candidates: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Seen:
    """One vote once all is revealed; ``mine``: it is the reader's own."""

    value: Mapping[str, Any]
    note: str
    mine: bool


def shown(tx: Tx, known: Known, case: Case, reviewer: int) -> Shown:
    """The dispute for one reviewer."""
    row = tx.one(work.TASK, project=known.id, task=case.task)
    assert row is not None  # noqa: S101 - tasks are never removed
    answers = [json.loads(one.value) for one in tx.all(weighing.COUNTED, project=known.id, task=case.task)]
    candidates = sorted(_most_given(known, answers), key=lambda value: _place(case.id, reviewer, value))
    return Shown(json.loads(row.item), json.loads(row.pictures), candidates)


def revealed(tx: Tx, case: Case, reader: int) -> Sequence[Seen]:
    """All votes, in the order in which they came."""
    votes = tx.all(review.VOTES, case_id=case.id)
    return [Seen(json.loads(vote.value), vote.note, vote.reviewer == reader) for vote in votes]


def text_of(known: Known, item: Mapping[str, str]) -> str:
    """The item's own text, if it has one."""
    return item.get(known.spec.show.text or "", "")


def check(known: Known, value: Any) -> Mapping[str, Any]:
    """A choice in canonical form: ``{"answer": …}`` or ``{"fault": reason}``. Raises ReviewError, AnswerError."""
    if isinstance(value, Mapping) and set(value) == {"fault"} and value["fault"] in FAULTS:
        return {"fault": value["fault"]}
    if isinstance(value, Mapping) and set(value) == {"answer"}:
        return {"answer": KINDS[known.spec.kind].check(known.spec.question_for_kind(), value["answer"])}
    raise UnknownChoiceError


def same(known: Known, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two choices come to the same: equal answers; all faults are one."""
    if "answer" in one and "answer" in other:
        return KINDS[known.spec.kind].distance(known.spec.question_for_kind(), one["answer"], other["answer"]) == 0
    return "fault" in one and "fault" in other


# --------------------------------------------------------------------------- in words


def words(spec: Spec, value: Mapping[str, Any]) -> Words:
    """A choice in a few words; also one about an appeal."""
    if "granted" in value:
        return _("The answer is fine") if value["granted"] else _("The rejection stands")
    return FAULTS[value["fault"]] if "fault" in value else answer_words(spec, value["answer"])


def answer_words(spec: Spec, answer: Answer) -> Words:
    """An answer in a few words: its labels', its number, its beginning."""
    if isinstance(answer, list):
        return Join([answer_words(spec, one) for one in answer], ", ")
    label = next((label for label in spec.labels if label.key == answer), None)
    return Local(label.text) if label else cut(str(answer), _MOST_OF_ANSWER)


def beginning(known: Known, item: Mapping[str, str], row: str) -> str:
    """By what an item is known again: its beginning, or its number where it has no words."""
    return cut(text_of(known, item) or row, _MOST_OF_ITEM)


def cut(text: str, most: int) -> str:
    """Its beginning, in one line."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


# --------------------------------------------------------------------------- candidates


def _most_given(known: Known, answers: Sequence[Answer]) -> Sequence[Answer]:
    """Each answer once, as it was first written; of many those that were given most."""
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    found: list[Answer] = []
    counts: list[int] = []
    for answer in answers:
        place = next((n for n, value in enumerate(found) if kind.distance(question, value, answer) == 0), len(found))
        if place == len(found):
            found.append(answer)
            counts.append(0)
        counts[place] += 1
    order = sorted(range(len(found)), key=lambda n: (-counts[n], n))[:MOST_CANDIDATES]
    return [found[n] for n in order]


def _place(case: int, reviewer: int, value: Answer) -> bytes:
    """Chance that is the same at every look: an order of each reviewer's own."""
    return blake2b(f"{case}/{reviewer}/{json.dumps(value)}".encode(), digest_size=8).digest()
