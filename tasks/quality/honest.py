"""How probable a worker's answers are if they look at what they answer, whoever of the crowd they may be.

People who look differ in ability θ, which multiplies the odds of recognising a label by e^θ, and may lean to a
label that they give without looking in part of their answers: p(l | k) = (1 − b)·table_θ[k, l] + b·[l = leaning].
How frequent abilities (normal, with a tail) and leanings are is estimated from the crowd (empirical Bayes by EM,
weighted by the probability that somebody looks), so that a poor worker is judged by how poor its honest people are.
Besides, a few answer in a way of their own, with any table at all: whoever swaps two labels tells as much as others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from tasks.quality.crowd import Floats, Ints
from tasks.quality.habits import Habits
from tasks.quality.sheets import Sheets

_ABILITIES = np.linspace(-3.0, 2.5, 12)
_LEANINGS = (0.15, 0.4, 0.75)
_LEANED = 12
"""So many labels are leaned to, the most frequent ones."""
_LEAN = 0.3
"""Share of people who lean to a label, before anything is known."""
_OWN_WAY = 0.003
"""Share of people who have a way of their own."""
_LEAST = 0.15
"""Whoever tells less than this part of what is usual, in mutual information, does not count as looking."""
_TAIL = 0.02
_BEFORE = 3.0
"""People that what is believed of the crowd beforehand counts for."""
_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of people who look, by leaning (none, then each rate with each label) and ability."""

    abilities: Floats
    """(abilities,) those at which answers tell enough."""
    tables: Floats
    """(abilities, truth, given) of those who lean to nothing."""
    possible: NDArray[np.bool_]
    """(leanings, abilities) which kinds tell enough."""
    leaned: Ints
    """(labels leaned to,) their numbers."""
    before: Floats
    """(leanings,) how frequent each leaning is believed to be beforehand."""


def kinds(habits: Habits) -> Kinds:
    """The kinds of people whose answers tell at least a part of what is usual, in mutual information with the truth."""
    tables = np.stack([habits.table(ability) for ability in _ABILITIES])
    leaned = np.sort(np.argsort(-habits.shares, kind="stable")[:_LEANED])
    told = np.stack([_information(lean, habits.prior) for lean in _leaning(tables, leaned)])
    usual = np.interp(0.0, _ABILITIES, told[0])
    enough = (told >= _LEAST * usual) & (np.arange(len(_ABILITIES)) > told[0].argmin())
    enough[0, -1] = True
    kept = enough[0]
    shares = np.tile(habits.shares[leaned], len(_LEANINGS))
    before = np.concatenate([[1 - _LEAN], _LEAN * shares / shares.sum()])
    return Kinds(_ABILITIES[kept], tables[kept], enough[:, kept], leaned.astype(np.int32), before)


def _leaning(tables: Floats, leaned: NDArray[np.intp]) -> Iterator[Floats]:
    """``tables``, and for each rate and label what they are for people who lean so."""
    yield tables
    for rate in _LEANINGS:
        for label in leaned:
            lean = (1 - rate) * tables
            lean[:, :, label] += rate
            yield lean


def _information(tables: Floats, prior: Floats) -> Floats:
    """(tables,) mutual information of truth and answer in nats, of ``tables`` (tables, truth, given)."""
    given = np.einsum("k,akl->al", prior, tables)
    sums: Floats = np.einsum("k,akl->a", prior, tables * np.log(tables / given[:, None, :]))
    return sums


def chances(people: Kinds, belief: Floats, label: Ints) -> Floats:
    """(abilities, answers) probability of each answer, given the others' ``belief`` (answers, labels)."""
    return np.stack([np.einsum("nk,nk->n", belief, table.T[label]) for table in people.tables])


def evidence(people: Kinds, block: Sheets, chance: Floats) -> Floats:
    """(workers, leanings, abilities) log-probability of each one's answers if they were of that kind."""
    labels, given = len(people.leaned), block.given
    result = np.empty((block.workers, *people.possible.shape))
    for place, each in enumerate(chance):
        plain = block.totals(np.log(each))
        result[:, 0, place] = plain
        for i, rate in enumerate(_LEANINGS):
            gain = block.by_label(np.log1p(rate / (1 - rate) / each))[:, people.leaned]
            start = 1 + i * labels
            result[:, start : start + labels, place] = (plain + given * np.log1p(-rate))[:, None] + gain
    result[:, ~people.possible] = -np.inf
    return result


def fit(people: Kinds, found: Floats, weight: Floats) -> Floats:
    """(leanings, abilities) how frequent each kind is, from the ``evidence`` and ``weight`` (workers,) of some people.

    EM of a product: leanings free, abilities normal with a uniform tail.
    """
    flat = found.reshape(len(found), -1)
    likely = np.exp(flat - flat.max(axis=1, keepdims=True))
    grid, leanings, mean, spread = people.abilities, people.before, 0.0, 1.0
    for _ in range(_ROUNDS):
        normal = _normal(grid, mean, spread)
        share = np.outer(leanings, (1 - _TAIL) * normal + _TAIL / len(grid))
        mass = share * ((weight / (likely @ share.ravel())) @ likely).reshape(share.shape)
        central = mass.sum(axis=0) * (1 - _TAIL) * normal / ((1 - _TAIL) * normal + _TAIL / len(grid))
        total = central.sum() + _BEFORE
        mean = float(central @ grid / total)
        spread = float(np.sqrt((central @ (grid - mean) ** 2 + _BEFORE) / total))
        leanings = mass.sum(axis=1) + _BEFORE * people.before
        leanings /= leanings.sum()
    share *= people.possible
    result: Floats = share / share.sum()
    return result


def _normal(grid: Floats, mean: float, spread: float) -> Floats:
    heights = np.exp(-0.5 * ((grid - mean) / spread) ** 2) + 1e-12
    result: Floats = heights / heights.sum()
    return result


def looking(block: Sheets, found: Floats, share: Floats, belief: Floats) -> Floats:
    """(workers,) log-probability of each one's answers if they look, from ``fit`` and ``evidence``."""
    with np.errstate(divide="ignore"):
        usual = logsumexp(found + np.log(share), axis=(1, 2))
    result: Floats = np.logaddexp(usual + np.log1p(-_OWN_WAY), _own_way(block, belief) + np.log(_OWN_WAY))
    return result


def _own_way(block: Sheets, belief: Floats) -> Floats:
    """(workers,) a bound of the log-probability of the answers under any table, rows Dirichlet(1, …).

    Variational: E[log p(answers, truth | table)] integrated over the table, from soft counts of truth and answer.
    """
    table = _counts(block, belief) + 1
    table /= table.sum(axis=2, keepdims=True)
    joint = belief * table[block.worker, :, block.label]
    chance = joint.sum(axis=1)
    counts = _counts(block, joint / chance[:, None])
    rows = gammaln(block.labels) - gammaln(block.labels + counts.sum(axis=2))
    integral = rows.sum(axis=1) + gammaln(1 + counts).sum(axis=(1, 2))
    bound: Floats = block.totals(np.log(chance)) + integral - (counts * np.log(table)).sum(axis=(1, 2))
    return bound


def _counts(block: Sheets, belief: Floats) -> Floats:
    """(workers, truth, given) expected answers."""
    return np.stack([block.by_label(column) for column in belief.T], axis=1)
