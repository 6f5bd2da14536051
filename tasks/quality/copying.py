"""Who gives the same answers as somebody else beyond what looking at the same tasks explains.

Two people who look agree where the truth is plain; two who have one source agree everywhere, on mistakes as well.
Pairs are found by a sparse product of workers and answers, each equal answer counting as much as it is surprising.
Bounds: only pairs with ``FEWEST`` tasks in common; in crowded tasks only the busiest people are compared, so that the
product touches at most ``MOST_PRODUCTS`` cells; the strongest pairs, up to ``MOST_ITEMS`` tasks in common altogether.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tasks.quality.crowd import Floats
from tasks.quality.habits import Company, Habits
from tasks.quality.idle import FAITHFUL
from tasks.quality.sheets import Sheets

FEWEST = 5
"""Tasks that two people must have in common."""
MOST_PRODUCTS = 100_000_000
MOST_ITEMS = 4_000_000
_SURPRISING = 3.0
"""Nats from which on a pair is looked at."""
_SAME = 0.85
"""Share of equal answers from which on it is."""
_PARTNERS = 16
"""The most alike others that are kept for each worker."""
_ROWS = 1 << 12

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of people who answer alike, and the tasks that they have in common."""

    worker: Places
    other: Places
    """(pairs,) the two, the lower number first."""
    mine: Places
    theirs: Places
    pair: Places
    """(items,) places of the two answers to one task among the sheets' answers, and whose they are."""

    def __len__(self) -> int:
        """How many pairs."""
        return len(self.worker)

    def totals(self, values: Floats) -> Floats:
        """(pairs,) sums of ``values`` (items,)."""
        return np.bincount(self.pair, weights=values, minlength=len(self)).astype(np.float64, copy=False)

    def some(self, keep: NDArray[np.bool_]) -> Pairs:
        """Those pairs only."""
        number = np.cumsum(keep) - 1
        items = keep[self.pair]
        mine, theirs, pair = self.mine[items], self.theirs[items], number[self.pair[items]]
        return Pairs(self.worker[keep], self.other[keep], mine, theirs, pair)

    def swapped(self) -> Pairs:
        """The same from the other's side."""
        return Pairs(self.other, self.worker, self.theirs, self.mine, self.pair)

    def company(self, answers: int) -> Company | None:
        """What ``others`` leaves out besides the author: answers of whoever is alike."""
        if not len(self.pair):
            return None
        ones = np.ones(2 * len(self.pair), np.int8)
        rows, columns = np.concatenate([self.mine, self.theirs]), np.concatenate([self.theirs, self.mine])
        return csr_array((ones, (rows, columns)), shape=(answers, answers))


def find(sheets: Sheets, habits: Habits) -> Pairs:
    """The pairs whose equal answers are surprising if both looked and nothing but the crowd's habits were known."""
    same = _chance_of_same(habits)
    surprise = np.log(FAITHFUL / same).clip(1e-6)
    worker, other, strength = _candidates(sheets, surprise)
    pairs = _matched(sheets, *_strongest(sheets, worker, other, strength))
    equal = sheets.label[pairs.mine] == sheets.label[pairs.theirs]
    apart = np.log((1 - FAITHFUL) / max(1 - float(same @ habits.shares), 1e-6))
    gained = pairs.totals(np.where(equal, surprise[sheets.label[pairs.mine]], apart))
    shared = pairs.totals(np.ones(len(pairs.pair)))
    alike = (shared >= FEWEST) & (gained >= _SURPRISING) & (pairs.totals(equal * 1.0) >= _SAME * shared)
    kept = pairs.some(alike)
    return kept.some(_nearest(kept, gained[alike]))


def _chance_of_same(habits: Habits) -> Floats:
    """(labels,) the probability that somebody who looks gives the label that another who looks has given."""
    table = habits.table(0.0)
    truth = habits.prior[:, None] * table
    same: Floats = (truth / truth.sum(axis=0) * table).sum(axis=0)
    return same


def _candidates(sheets: Sheets, surprise: Floats) -> tuple[Places, Places, Floats]:
    """Pairs (lower number first) whose equal answers are surprising, and by how many nats."""
    keep = _compared(sheets)
    cell = sheets.task[keep].astype(np.int64) * sheets.labels + sheets.label[keep]
    _, column = np.unique(cell, return_inverse=True)
    begin = np.concatenate([[0], np.cumsum(np.bincount(sheets.worker[keep], minlength=sheets.workers))])
    data = np.sqrt(surprise)[sheets.label[keep]].astype(np.float32)
    answers = csr_array((data, column.astype(np.int32), begin), shape=(sheets.workers, int(column.max(initial=-1)) + 1))
    found = list(_products(answers))
    worker, other, strength = (np.concatenate(part) for part in zip(*found, strict=True))
    return worker.astype(np.int64), other.astype(np.int64), strength.astype(np.float64)


def _products(answers: csr_array) -> Iterator[tuple[Places, Places, Floats]]:
    flipped = answers.T.tocsr()
    for first in range(0, max(answers.shape[0], 1), _ROWS):
        product = (answers[first : first + _ROWS] @ flipped).tocoo()
        row, column = product.coords
        row = row + first
        keep = (column > row) & (product.data >= _SURPRISING)
        yield row[keep], column[keep], product.data[keep]


def _compared(sheets: Sheets) -> NDArray[np.bool_]:
    """(answers,) those that are compared: of everybody with enough, in crowded tasks only of the busiest."""
    enough = sheets.given[sheets.worker] >= FEWEST
    each = np.bincount(sheets.task[enough], minlength=1).astype(np.float64)
    most = max(each.max(initial=0), 1.0)
    while (np.minimum(each, most) ** 2).sum() > MOST_PRODUCTS and most > 2:  # noqa: PLR2004 - a pair is two
        most = np.floor(most * 0.8)
    if each.max(initial=0) <= most:
        return enough
    place = np.flatnonzero(enough)
    place = place[np.lexsort((sheets.worker[place], -sheets.given[sheets.worker[place]], sheets.task[place]))]
    task = sheets.task[place]
    rank = np.arange(len(place)) - np.searchsorted(task, task)
    enough[place[rank >= most]] = False
    return enough


def _strongest(sheets: Sheets, worker: Places, other: Places, strength: Floats) -> tuple[Places, Places]:
    """The pairs in order of strength, as far as their answers are not too many to go through."""
    order = np.lexsort((other, worker, -strength))
    worker, other = worker[order], other[order]
    given = sheets.given
    kept = np.cumsum(np.minimum(given[worker], given[other])) <= MOST_ITEMS
    return worker[kept], other[kept]


def _matched(sheets: Sheets, worker: Places, other: Places) -> Pairs:
    """The pairs with the tasks that they have in common, looked up from the side of the one with fewer answers."""
    given = sheets.given
    swap = given[other] < given[worker]
    few, many = np.where(swap, other, worker), np.where(swap, worker, other)
    each = given[few]
    pair = np.repeat(np.arange(len(few)), each)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(each) - each, each) + np.repeat(sheets.begin[few], each)
    tasks = int(sheets.task.max(initial=0)) + 1
    key = sheets.worker * np.int64(tasks) + sheets.task
    order = np.argsort(key, kind="stable")
    wanted = many[pair] * tasks + sheets.task[place]
    there = order[np.searchsorted(key, wanted, sorter=order).clip(max=max(len(key) - 1, 0))] if len(key) else place
    hit = key[there] == wanted
    pair, place, there = pair[hit], place[hit], there[hit]
    turned = swap[pair]
    return Pairs(worker, other, np.where(turned, there, place), np.where(turned, place, there), pair)


def _nearest(pairs: Pairs, strength: Floats) -> NDArray[np.bool_]:
    """(pairs,) those that are among the most alike of one of the two."""
    who = np.concatenate([pairs.worker, pairs.other])
    whom = np.concatenate([pairs.other, pairs.worker])
    order = np.lexsort((whom, -np.tile(strength, 2), who))
    rank = np.empty(len(who), np.int64)
    rank[order] = np.arange(len(who)) - np.searchsorted(who[order], who[order])
    return (rank[: len(pairs)] < _PARTNERS) | (rank[len(pairs) :] < _PARTNERS)
