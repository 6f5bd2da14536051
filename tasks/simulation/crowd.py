"""The sorts of people in a simulated crowd: how many of each, how right, how fast, and how they come to an answer.

The sorts are those that studies of crowds tell apart: diligent, sloppy, random and uniform spammers (Vuurens, de Vries
& Eickhoff 2011, "How much spam can you take?"; Kazai, Kamps & Milic-Frayling 2011, "Worker types and personality
traits"), and people who copy from each other. Shares, rates and times are assumptions of ours: see docs/admins.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from random import Random

from tasks.kinds import Answer
from tasks.simulation.items import Item, Questions
from tasks.words import Text, _


@dataclass(frozen=True, slots=True, eq=False)
class Sort:
    """One sort of people. ``looks``: their answers depend on the item, and nobody should suspect them."""

    key: str
    name: Text
    share: float
    """Of the crowd."""
    right: float
    """How often they are right on an item of usual difficulty, on average."""
    alike: float
    """How alike they are in that: the two parameters of a beta distribution add up to this."""
    seconds: float
    """Median time for an item; single answers vary around it by a factor of about 1.6."""
    skips: float
    """How often they skip an item; three times as often a hard one."""
    looks: bool = True
    tries: float = 1.0
    """Which part of them looks at practice and quiz, though not at the work after it."""


CAREFUL = Sort("careful", _("careful"), 0.50, 0.93, 40, 9.0, 0.03)
HURRIED = Sort("hurried", _("hurried"), 0.22, 0.82, 30, 3.5, 0.01)
EXPERT = Sort("expert", _("slow expert"), 0.07, 0.98, 100, 24.0, 0.05)
RANDOM = Sort("random", _("any key"), 0.08, 0.0, 0, 1.5, 0.0, looks=False, tries=0.5)
SAME = Sort("same", _("one key"), 0.05, 0.0, 0, 1.0, 0.0, looks=False, tries=0.5)
PAIR = Sort("pair", _("copiers"), 0.08, 0.60, 60, 3.0, 0.0, looks=False)
SORTS = (CAREFUL, HURRIED, EXPERT, RANDOM, SAME, PAIR)

_EXAM = 0.87
"""How right somebody is in practice and quiz who looks only there."""
_SLIPS = 0.05
"""How often somebody who always presses the same key presses another."""
_SPREAD = 0.5
"""Of the logarithm of an answer's time."""
_ITEMS, _ITEMS_SPREAD, _FEWEST_ITEMS, _MOST_ITEMS = 55.0, 0.8, 10, 400
"""How many items people do before they have had enough: median and spread of the logarithm, bounds."""
_LEAST_SECONDS = 0.4


@dataclass(slots=True)
class Somebody:
    """One simulated person. The same chance gives the same life."""

    sort: Sort
    right: float
    items: int
    """How many items they do before they have had enough."""
    tries: bool
    """Whether they look at practice and quiz."""
    habit: Answer
    """What they press who always press the same."""
    rng: Random
    days: Random
    """When they come and have breaks; two who copy from each other sit together."""
    sheet: MutableMapping[int, Answer] = field(default_factory=dict)
    """What two who copy from each other have written down by task."""

    def answer(self, item: Item, questions: Questions) -> Answer:
        """What they say of an item at work."""
        if self.sort is RANDOM:
            return questions.any(self.rng)
        if self.sort is SAME:
            return self.habit if self.rng.random() >= _SLIPS else questions.any(self.rng)
        if self.sort is PAIR:
            return self.sheet.setdefault(item.task, self._seen(item, questions, self.right))
        return self._seen(item, questions, self.right)

    def exam(self, item: Item, questions: Questions) -> Answer:
        """What they say in practice and in a quiz."""
        if self.sort.looks:
            return self.answer(item, questions)
        return self._seen(item, questions, _EXAM) if self.tries else self.answer(item, questions)

    def _seen(self, item: Item, questions: Questions, right: float) -> Answer:
        """A hard item halves what they know beyond chance."""
        chance = questions.chance
        able = chance + (right - chance) * (0.5 if item.hard else 1.0)
        return item.truth if self.rng.random() < able else questions.wrong(item.truth, self.rng)

    def skips(self, item: Item) -> bool:
        """Whether they skip it."""
        return self.rng.random() < self.sort.skips * (3 if item.hard else 1)

    def ms(self) -> int:
        """How long the next answer takes."""
        return round(1_000 * max(_LEAST_SECONDS, self.rng.lognormvariate(math.log(self.sort.seconds), _SPREAD)))


def crowd(people: int, questions: Questions, rng: Random) -> Sequence[Somebody]:
    """So many people in the shares of their sorts, at least one of each as far as they go; pairs are two."""
    made = [_somebody(sort, questions, rng) for sort in _sorts(people)]
    pairs = [one for one in made if one.sort is PAIR]
    for one, other in zip(pairs[::2], pairs[1::2], strict=False):
        other.sheet, other.items = one.sheet, one.items
        other.days.setstate(one.days.getstate())
    return made


def _sorts(people: int) -> Iterator[Sort]:
    """Largest remainders; who copies comes in twos, the careful take what is left."""
    counts = {sort: max(1, round(sort.share * people)) for sort in SORTS[1:]}
    counts[PAIR] = max(2, counts[PAIR] - counts[PAIR] % 2)
    left = people
    for sort, count in counts.items():
        taken = min(count, max(0, left - 1))
        taken -= taken % 2 if sort is PAIR else 0
        left -= taken
        yield from [sort] * taken
    yield from [CAREFUL] * left


def _somebody(sort: Sort, questions: Questions, rng: Random) -> Somebody:
    right = rng.betavariate(sort.right * sort.alike, (1 - sort.right) * sort.alike) if sort.right else 0.0
    items = min(_MOST_ITEMS, max(_FEWEST_ITEMS, round(rng.lognormvariate(math.log(_ITEMS), _ITEMS_SPREAD))))
    tries, habit = rng.random() < sort.tries, questions.any(rng)
    return Somebody(sort, questions.usual(right), items, tries, habit, _chance(rng), _chance(rng))


def _chance(rng: Random) -> Random:
    return Random(rng.getrandbits(64))  # noqa: S311 - simulated people need no cryptographic chance
