"""Pools of tasks with known answers: whether there are enough for practice and quizzes, and drawing from them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random
from typing import TypeVar

from db.errors import InputError, told
from db.queries import qualification as queries
from db.session import Tx
from tasks.kinds import KINDS, Answer
from tasks.projects.mistakes import english
from tasks.projects.spec import Spec
from tasks.words import Join, Text, Words, _

T = TypeVar("T")
Pools = Mapping[str, Mapping[str, int]]
"""How many tasks there are by split (``practice``, ``quiz``) and known answer (JSON)."""

_STEPS_WITH_NEIGHBOURS = 5


class PoolError(InputError):
    """There are too few tasks with known answers for what the project asks of people."""

    message = told("Add rows with known answers first:\n{short}")

    def __init__(self, short: Sequence[Text]) -> None:
        super().__init__(short="\n".join(english(one) for one in short))
        self.values = {"short": Join(list(short), "\n")}


def pools(tx: Tx, project: int) -> Pools:
    """The pools as they are stored."""
    return count([(row.split, row.gold, row.n) for row in tx.all(queries.POOLS, project=project)])


def count(rows: Iterable[tuple[str, str, int]]) -> Pools:
    """Pools of (split, known answer, how many); several of the same add up."""
    found: dict[str, Counter[str]] = {"practice": Counter(), "quiz": Counter()}
    for split, gold, n in rows:
        if split in found:
            found[split][gold] += n
    return found


def of(there: Pools) -> list[tuple[str, str, int]]:
    """What ``count`` makes these pools of."""
    return [(split, gold, n) for split, golds in there.items() for gold, n in golds.items()]


def refuse_short(spec: Spec, there: Pools) -> None:
    """Raises PoolError where the pools lack something."""
    short = shortages(spec, there)
    if short:
        raise PoolError(short)


def shortages(spec: Spec, there: Pools) -> list[Text]:
    """What the pools lack for this project, with the numbers; empty when there is enough."""
    practice, quiz = sum(there["practice"].values()), there["quiz"]
    found: list[Text | None] = []
    if practice < spec.qualification.practice:
        found.append(_("practice needs {wanted} items: there are {n}", wanted=spec.qualification.practice, n=practice))
    for name, wanted in ((_("the quiz"), spec.qualification.quiz), (_("the reviewer’s quiz"), spec.review.quiz)):
        if wanted:
            found.append(_short_of(spec, name, quiz, wanted))
    return [one for one in found if one is not None]


def _short_of(spec: Spec, name: Words, quiz: Mapping[str, int], wanted: int) -> Text | None:
    """Each label is asked as often as any other, where labels exclude each other."""
    total, labels = sum(quiz.values()), spec.question_for_kind().labels
    if KINDS[spec.kind].belief == "one" and labels:
        there = {label: quiz.get(json.dumps(label, ensure_ascii=False), 0) for label in labels}
        return _unbalanced(name, there, wanted)
    if total >= wanted:
        return None
    return _("{name} needs {wanted} questions: there are {n}", name=name, wanted=wanted, n=total)


def _unbalanced(name: Words, there: Mapping[str, int], wanted: int) -> Text | None:
    each, total = wanted // len(there), sum(there.values())
    if not each:
        return _too_few_labels(name, there, wanted)
    lacking: list[Words] = [_("“{label}” has {n}", label=label, n=n) for label, n in there.items() if n < each]
    if not lacking and total >= wanted:
        return None
    return _(
        "{name} needs {wanted} questions, {each} for each of {labels} labels: {has}",
        name=name,
        wanted=wanted,
        each=each,
        labels=len(there),
        has=Join(lacking, ", ") if lacking else _("there are {n}", n=total),
    )


def _too_few_labels(name: Words, there: Mapping[str, int], wanted: int) -> Text | None:
    """With more labels than questions, as many labels as there are questions are asked once each."""
    different = sum(n > 0 for n in there.values())
    if different >= wanted:
        return None
    return _(
        "{name} needs {wanted} questions of as many labels: {n} labels have any", name=name, wanted=wanted, n=different
    )


def draw(candidates: Sequence[tuple[T, str]], wanted: int, seen: Collection[T], rng: Random) -> list[T]:
    """``wanted`` of the candidates (with their classes), each class as often as the others as far as it goes.

    Those that were ``seen`` come only when their class has no others; the order tells nothing.
    """
    by_class: defaultdict[str, list[T]] = defaultdict(list)
    for candidate, its_class in rng.sample(candidates, len(candidates)):
        by_class[its_class].append(candidate)
    lots = []
    for members in rng.sample(list(by_class.values()), len(by_class)):
        members.sort(key=lambda member: member in seen)
        lots += [(nth, place, member) for place, (nth, member) in enumerate(enumerate(members))]
    lots.sort(key=lambda lot: lot[0])
    drawn = [member for _nth, _place, member in lots[:wanted]]
    rng.shuffle(drawn)
    return drawn


def class_of(spec: Spec, gold: str) -> str:
    """What a question is balanced by: its known answer, where answers exclude each other."""
    return gold if KINDS[spec.kind].belief == "one" else ""


def is_right(spec: Spec, given: Answer, truth: Answer) -> bool:
    """Whether an answer counts as right: a rating on a scale of five steps or more may be one step away."""
    kind, question = KINDS[spec.kind], spec.question_for_kind()
    steps = question.high - question.low
    near = 1 / steps if kind.name == "rating" and steps + 1 >= _STEPS_WITH_NEIGHBOURS else 0.0
    return kind.distance(question, given, truth) <= near + 1e-9
