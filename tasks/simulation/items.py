"""What simulated people are asked: items with a truth, and which answers there are; made up where no data is given."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

from db.errors import InputError, told
from tasks.kinds import KINDS, Answer
from tasks.projects.spec import Spec

_HARD = 0.15
"""The part of the items that are hard."""
_NEIGHBOUR = 0.6
"""How often an error is the neighbouring answer."""
_TICKED = 0.35
"""How often a label of several is true."""
_RATED = 0.85
"""How much less often people agree on a step of a scale than on a label."""
_READ = "a small shop sent the wrong cup today and nobody said why so we waited long for another one"
_LENGTHS = (8, 30)
"""The fewest and the most words of an item."""
_SPARE = 2
"""So many times the rows that practice and quiz need are made up."""


class OpenAnswersError(InputError):
    """Answers that cannot be listed cannot be simulated."""

    message = told("Simulate a project of choice, multi-choice or rating: “{kind}” answers cannot be made up.")


class Item(NamedTuple):
    """A task and its truth."""

    task: int
    truth: Answer
    hard: bool


@dataclass(frozen=True, slots=True)
class Questions:
    """The answers that there are, and how people come to wrong ones."""

    kind: str
    options: Sequence[Answer]

    @property
    def chance(self) -> float:
        """How often whoever knows nothing is right."""
        return _TICKED ** len(self.options) if self.kind == "multi-choice" else 1 / len(self.options)

    def usual(self, right: float) -> float:
        """How right somebody is here who is right so often on labels."""
        return right * _RATED if self.kind == "rating" else right

    def any(self, rng: Random) -> Answer:
        """An answer without looking."""
        if self.kind != "multi-choice":
            return rng.choice(self.options)
        ticked = [option for option in self.options if rng.random() < _TICKED]
        return ticked or [rng.choice(self.options)]

    def wrong(self, truth: Answer, rng: Random) -> Answer:
        """An error: one label too many or too few, a step beside, or another label, rather the neighbouring one."""
        if self.kind == "multi-choice":
            flipped = rng.choice(self.options)
            return [one for one in self.options if (one in truth) != (one == flipped)] or [self._other(flipped, rng)]
        place = list(self.options).index(truth)
        if rng.random() < _NEIGHBOUR:
            beside = [near for near in (place - 1, place + 1) if 0 <= near < len(self.options)]
            return self.options[rng.choice(beside)]
        return self._other(truth, rng)

    def _other(self, than: Answer, rng: Random) -> Answer:
        return rng.choice([option for option in self.options if option != than])


def questions_of(spec: Spec) -> Questions:
    """The answers of a project. Raises OpenAnswersError."""
    options = list(KINDS[spec.kind].options(spec.question_for_kind()))
    if len(options) < 2:  # noqa: PLR2004 - nothing to choose
        raise OpenAnswersError(kind=spec.kind)
    return Questions(spec.kind, options)


def simulated(spec: Spec) -> Spec:
    """The project for simulated people: they speak its languages, are old enough and invited; it opens at once."""
    plain = Spec.model_validate({"id": "x", "title": "x", "kind": spec.kind, "labels": spec.labels})
    return spec.model_copy(update={"audience": plain.audience, "schedule": plain.schedule})


def made_up(spec: Spec) -> Spec:
    """The same for items without pictures."""
    return spec.model_copy(update={"show": type(spec.show)(text="text"), "examples": ()})


def write(path: Path, spec: Spec, items: int, rng: Random) -> None:
    """Rows of items that are made up: work, known answers by the project's share, and enough to practise and ask."""
    kind, question, asked = KINDS[spec.kind], spec.question_for_kind(), questions_of(spec)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "text", "gold", "split", "why"))
        for number, (split, truth) in enumerate(_rows(spec, asked, items, rng), 1):
            cells = (kind.write(question, truth), split, "as it was made up")
            writer.writerow((number, f"{number}: {_text(rng)}", *cells))


def _text(rng: Random) -> str:
    """Something to read: how long that takes is part of how people are judged."""
    return " ".join(rng.choices(_READ.split(), k=rng.randint(*_LENGTHS)))


def _rows(spec: Spec, asked: Questions, items: int, rng: Random) -> Iterator[tuple[str, Answer]]:
    golds = max(5, round(items * spec.gold.share)) if spec.gold.share else 0
    for split, count in (("work", items), ("gold", golds), ("practice", _SPARE * spec.qualification.practice)):
        for _ in range(count):
            yield split, asked.any(rng)
    quiz = _SPARE * max(spec.qualification.quiz, spec.review.quiz)
    for n in range(quiz):
        truth = asked.options[n % len(asked.options)]
        yield "quiz", [truth] if asked.kind == "multi-choice" else truth


def truths(rows: Sequence[tuple[int, str | None]], asked: Questions, rng: Random) -> Mapping[int, Item]:
    """Items by task, from (task, known answer); what is not known is drawn from the mix of what is."""
    known = [json.loads(gold) for _task, gold in rows if gold is not None]
    found = {}
    for task, gold in rows:
        truth = json.loads(gold) if gold is not None else rng.choice(known) if known else asked.any(rng)
        found[task] = Item(task, truth, rng.random() < _HARD)
    return found
