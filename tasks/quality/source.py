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
_TAKING = 0.001
"""Share of them of whom one takes the answers of the other, who looks."""
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


@dataclass(frozen=True, slots=True)
class _Side:
    """One direction of the pairs: whether ``worker`` has the answers of ``other``."""

    sheet: Floats
    """(pairs,) log-probability of the worker's answers on a sheet of the other's, who does not look either."""
    both: Floats
    """(pairs,) log odds of one sheet for both against everything else."""
    taken: Floats
    """(pairs,) log odds of taking the answers of the other, who looks, against looking oneself."""


def sources(
    pairs: Pairs, sheets: Sheets, crowd: Crowd, order: Ints, people: Kinds, share: Floats, known: Spots, seen: Seen
) -> Sources:
    """Weigh each pair from both sides. ``share`` (abilities,) is how frequent the abilities of ``people`` are."""
    equal = sheets.label[pairs.mine] == sheets.label[pairs.theirs]
    sides = [_side(side, sheets, crowd, order, people, share, known, seen) for side in (pairs, pairs.swapped())]
    strength = [np.maximum(expit(side.both), expit(side.taken + logit(_TAKING))) for side in sides]
    who = np.concatenate([pairs.worker, pairs.other])
    taken = [seen.looks[w] + side.taken for w, side in zip((pairs.worker, pairs.other), sides, strict=True)]
    logs = np.logaddexp(
        np.concatenate([side.sheet for side in sides]), np.concatenate(taken) + np.log(_TAKING / _SHARING)
    )
    copies, partner = np.full(sheets.workers, -np.inf), np.full(sheets.workers, -1, np.int64)
    np.maximum.at(copies, who, logs)
    best = np.flatnonzero(logs == copies[who])[::-1]
    partner[who[best]] = best % max(len(pairs), 1)
    shared = np.bincount(pairs.pair, minlength=len(pairs)).astype(np.int32)
    return Sources(np.minimum(*strength), copies, partner, shared, pairs.totals(equal * 1.0).astype(np.int32))


def _side(
    pairs: Pairs, sheets: Sheets, crowd: Crowd, order: Ints, people: Kinds, share: Floats, known: Spots, seen: Seen
) -> _Side:
    belief = known.at(pairs.mine)
    mine, theirs = sheets.label[pairs.mine], sheets.label[pairs.theirs]
    any_label = np.log(sheets.labels)
    same = np.where(mine == theirs, np.log(FAITHFUL), np.log(1 - FAITHFUL) - any_label)
    alone = sheets.given[pairs.worker] - np.bincount(pairs.pair, minlength=len(pairs))
    sheet = pairs.totals(same) - alone * any_label
    worker, other = pairs.worker, pairs.other
    both_look = seen.looks[other] + _learned(pairs, belief, mine, theirs, people, share)
    elsewise = np.logaddexp(
        seen.looks[worker] + both_look,
        np.maximum(seen.looks, seen.idle)[worker] + np.maximum(seen.looks, seen.idle)[other],
    )
    taken = pairs.totals(_surprise(pairs, sheets, crowd, people, belief)) + _timing(pairs, order)
    return _Side(
        sheet + seen.chance[other] - np.logaddexp(both_look, seen.chance[other]),
        sheet + seen.chance[other] - elsewise + logit(_SHARING),
        taken,
    )


def _learned(pairs: Pairs, belief: Floats, mine: Ints, theirs: Ints, people: Kinds, share: Floats) -> Floats:
    """(pairs,) how much likelier the two's answers are together than one by one if both look: they see one truth."""
    together, one, two = [], [], []
    for table in people.tables:
        a, b = table.T[mine], table.T[theirs]
        together.append(pairs.totals(np.log((belief * a * b).sum(axis=1))))
        one.append(pairs.totals(np.log((belief * a).sum(axis=1))))
        two.append(pairs.totals(np.log((belief * b).sum(axis=1))))
    with np.errstate(divide="ignore"):
        sums = [logsumexp(np.stack(logs, axis=1) + np.log(share), axis=1) for logs in (together, one, two)]
    return np.maximum(sums[0] - sums[1] - sums[2], 0.0)


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
