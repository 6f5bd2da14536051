"""Whether two people who answer alike have one source: a sheet that they share, or one of them the other's answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, logsumexp

from tasks.quality.copying import Pairs
from tasks.quality.crowd import Crowd, Floats, Ints
from tasks.quality.honest import Kinds
from tasks.quality.idle import FAITHFUL
from tasks.quality.sheets import Sheets

_EXACT = 0.995
"""How often somebody who takes another's answers gives them unchanged."""
_SHARING = 0.05
"""Share of pairs as alike as these that have a sheet in common, before more is known."""
_RARER = np.log(0.02)
"""That one takes the answers of the other, who looks, is so much rarer."""
_LATER, _EVEN = 0.95, 0.5
"""How often somebody who takes answers comes later; else it is even."""
_KEEN = 1.0
"""Ability of people who agree this much, in logarithms of odds above the usual."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What speaks for each worker alone, (workers,) log-probabilities of their answers."""

    looks: Floats
    chance: Floats
    idle: Floats
    """If they look; if each label is as likely; in the likeliest way of giving no information."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is found of pairs, and (workers,) of each worker in the pair that speaks most for it."""

    strength: Floats
    """(pairs,) probability that the two are one source."""
    copies: Floats
    """Log-probability of the answers if they come from somebody alike; −∞ without anybody alike."""
    partner: Places
    """The number of the pair behind that; −1 without."""
    shared: Ints
    equal: Ints
    """(pairs,) tasks in common, and equal answers among them."""


Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spots:
    """What the others believe of the tasks that people alike have in common."""

    place: Places
    """(spots,) places of answers in the sheets, rising."""
    belief: Floats
    """(spots, labels)."""

    def at(self, places: Places) -> Floats:
        """(places, labels) the belief there."""
        return self.belief[np.searchsorted(self.place, places)]

    def learn(self, block: Sheets, belief: Floats) -> None:
        """Keep of the ``belief`` (answers, labels) about a block what is needed."""
        first, last = np.searchsorted(self.place, [block.first_answer, block.first_answer + len(block)])
        self.belief[first:last] = belief[self.place[first:last] - block.first_answer]


def spots(pairs: Pairs, labels: int) -> Spots:
    """Where beliefs are needed, yet to be filled in."""
    place = np.unique(np.concatenate([pairs.mine, pairs.theirs]))
    return Spots(place, np.empty((len(place), labels)))


def sources(
    pairs: Pairs, sheets: Sheets, crowd: Crowd, order: Ints, people: Kinds, share: Floats, known: Spots, seen: Seen
) -> Sources:
    """Weigh each pair from both sides. ``share`` (abilities,) is how frequent the abilities of ``people`` are.

    Of two people both may look, or one or none of them, each by themselves; both may have a sheet; or one looks and
    the other takes their answers. Whoever is taken from looks, and is not suspected.
    """
    equal = sheets.label[pairs.mine] == sheets.label[pairs.theirs]
    sides = [
        _weighed(side, sheets, seen, *_conditions(side, sheets, crowd, order, people, share, known))
        for side in (pairs, pairs.swapped())
    ]
    logs, who = np.concatenate([side[0] for side in sides]), np.concatenate([pairs.worker, pairs.other])
    copies, partner = np.full(sheets.workers, -np.inf), np.full(sheets.workers, -1, np.int64)
    np.maximum.at(copies, who, logs)
    best = np.flatnonzero(logs == copies[who])[::-1]
    partner[who[best]] = best % max(len(pairs), 1)
    shared = np.bincount(pairs.pair, minlength=len(pairs)).astype(np.int32)
    strength: Floats = expit(np.maximum(sides[0][1], sides[1][1]) + logit(_SHARING))
    return Sources(strength, copies, partner, shared, pairs.totals(equal * 1.0).astype(np.int32))


def _conditions(
    pairs: Pairs, sheets: Sheets, crowd: Crowd, order: Ints, people: Kinds, share: Floats, known: Spots
) -> tuple[Floats, Floats, Floats]:
    """(pairs,) what ``_weighed`` takes: of seeing one truth, of taking, and of being taken from."""
    belief = known.at(pairs.mine)
    learned = _learned(pairs, sheets, people, share, belief)
    taking = pairs.totals(_surprise(pairs, sheets, crowd, people, belief)) + _timing(pairs, order)
    return learned, taking + _RARER, _copy(pairs.swapped(), sheets, _EXACT) + _timing(pairs.swapped(), order) + _RARER


def _weighed(
    pairs: Pairs, sheets: Sheets, seen: Seen, learned: Floats, taking: Floats, taken: Floats
) -> tuple[Floats, Floats]:
    """(pairs,) log-probability of the worker's answers, given the other's, if they come from there; and log odds.

    The odds are of one source for both people's answers against any other explanation. With what both learn from
    one truth ``learned``; ``taking``: odds of the worker's taking from the other, who looks, against both looking;
    ``taken``: log-probability of the other's answers if they are taken from the worker's.
    """
    worker, other, looks = pairs.worker, pairs.other, seen.looks
    both_look = looks[other] + learned
    copied = np.logaddexp(_copy(pairs, sheets, FAITHFUL) + seen.chance[other], looks[worker] + both_look + taking)
    by_itself = np.logaddexp(np.logaddexp(both_look, seen.chance[other]), taken)
    best = np.maximum(looks, seen.idle)
    elsewise = np.logaddexp(looks[worker] + both_look, best[worker] + best[other])
    return copied - by_itself, copied - elsewise


def _copy(pairs: Pairs, sheets: Sheets, faithful: float) -> Floats:
    """(pairs,) log-probability of the worker's answers as copies of the other's; where there is none any will do."""
    equal = pairs.totals((sheets.label[pairs.mine] == sheets.label[pairs.theirs]) * 1.0)
    other = sheets.given[pairs.worker] - equal
    astray = np.bincount(pairs.pair, minlength=len(pairs)) - equal
    result: Floats = equal * np.log(faithful) + astray * np.log(1 - faithful) - other * np.log(sheets.labels)
    return result


def _learned(pairs: Pairs, sheets: Sheets, people: Kinds, share: Floats, belief: Floats) -> Floats:
    """(pairs,) how much likelier the two's answers are together than one by one if both look: they see one truth."""
    mine, theirs = sheets.label[pairs.mine], sheets.label[pairs.theirs]
    together, one, two = [], [], []
    for table in people.tables:
        a, b = table.T[mine], table.T[theirs]
        together.append(pairs.totals(np.log((belief * a * b).sum(axis=1))))
        one.append(pairs.totals(np.log((belief * a).sum(axis=1))))
        two.append(pairs.totals(np.log((belief * b).sum(axis=1))))
    with np.errstate(divide="ignore"):
        sums = [logsumexp(np.stack(logs, axis=1) + np.log(share), axis=1) for logs in (together, one, two)]
    learned: Floats = np.maximum(sums[0] - sums[1] - sums[2], 0.0)
    return learned


def _surprise(pairs: Pairs, sheets: Sheets, crowd: Crowd, people: Kinds, belief: Floats) -> Floats:
    """(items,) how much likelier a worker's answer is as the other's than by looking, given what the other said.

    Where other people say the same too it is no surprise: some tasks mislead many in one way.
    """
    mine, theirs, task = sheets.label[pairs.mine], sheets.label[pairs.theirs], sheets.task[pairs.mine]
    keen = people.tables[np.abs(people.abilities - _KEEN).argmin()]
    learned = belief * keen.T[theirs]
    expected = (learned * keen.T[mine]).sum(axis=1) / learned.sum(axis=1)
    counts = crowd.count()
    voices = counts[task, mine] - 1 - (mine == theirs)
    rest = counts.sum(axis=1)[task] - 2
    shares = np.bincount(crowd.label, minlength=crowd.labels) / max(len(crowd), 1)
    expected = np.maximum(expected, (voices + shares[mine]) / (rest + 1))
    copied = np.where(mine == theirs, _EXACT, (1 - _EXACT) / sheets.labels)
    result: Floats = np.log(copied / expected)
    return result


def _timing(pairs: Pairs, order: Ints) -> Floats:
    """(pairs,) never above 0: whoever answers first has not taken it from the other."""
    later = order[pairs.mine] > order[pairs.theirs]
    often = pairs.totals(later.astype(np.float64))
    never = np.bincount(pairs.pair, minlength=len(pairs)) - often
    odds: Floats = often * np.log(_LATER / _EVEN) + never * np.log((1 - _LATER) / _EVEN)
    return np.minimum(odds, 0.0)
