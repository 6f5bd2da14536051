"""One turn of telling who looks: the explanations of each worker's answers, weighed by beliefs about the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.special import expit, logit, logsumexp

from tasks.quality import honest, idle
from tasks.quality.copying import Pairs, find
from tasks.quality.crowd import Crowd, Floats, Ints
from tasks.quality.habits import Company, Habits, others
from tasks.quality.sheets import Sheets
from tasks.quality.source import Seen, Sources, Spots, sources, spots
from tasks.quality.tempo import Tempo

PRIOR = 0.1
"""Share of people who give no information, before anything is known."""
_SAMPLE = 20_000
"""From so many people the crowd's kinds are estimated, or somewhat more."""


class Explanation(IntEnum):
    """How answers may come about that give no information."""

    CHANCE = 0
    """Each label as likely as any other."""
    SHARES = 1
    """Labels as frequent as the crowd gives them, whatever the task."""
    ONE_LABEL = 2
    """Nearly always the same label."""
    ASLEEP = 3
    """Informative at first, like chance since."""
    COPYING = 4
    """Another's answers, or those of a sheet that several have."""


_FREQUENT = np.log([0.4, 0.2, 0.15, 0.15, 0.1])
"""How frequent they are among people who give no information."""


@dataclass(slots=True)
class Turn:
    """A crowd on its way through the turns: what does not change, and what the last one found."""

    crowd: Crowd
    sheets: Sheets
    order: Ints
    """(answers,) places of the sheets' answers in the crowd."""
    tempo: Tempo
    weight: Floats
    """(workers,) what each one's answers count for."""
    pairs: Pairs | None = None
    company: Company | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a turn finds, (workers,) unless said otherwise."""

    ways: Floats
    """(workers, explanations) log-probability of the answers in each way, and how frequent that is."""
    looks: Floats
    """Log-probability of the answers if the worker looks."""
    log_odds: Floats
    """Of giving no information."""
    awake: Ints
    """Answers before falling asleep, where that is the most probable."""
    agreed: Floats
    """Expected answers that are right by what the others say."""
    expected: Floats
    """The same for answers drawn from the worker's own, without looking."""
    pairs: Pairs
    sources: Sources


def explain(turn: Turn, habits: Habits) -> Found:
    """Weigh the explanations, and change ``turn.weight`` by what comes out."""
    if turn.pairs is None:
        turn.pairs = find(turn.sheets, habits)
        turn.company = turn.pairs.company(len(turn.sheets))
    people = honest.kinds(habits)
    share = _share(turn, habits, people)
    known = spots(turn.pairs, turn.sheets.labels)
    blocks = [_block(turn, habits, people, share, block, known) for block in turn.sheets.blocks()]
    looks, ways, awake, agreed, expected = (np.concatenate(part) for part in zip(*blocks, strict=True))
    seen = Seen(looks, idle.by_chance(turn.sheets), ways.max(axis=1))
    found = sources(turn.pairs, turn.sheets, turn.crowd, turn.order, people, share.sum(axis=0), known, seen)
    ways[:, Explanation.COPYING] = found.copies + _FREQUENT[Explanation.COPYING]
    log_odds = logsumexp(ways, axis=1) - looks + logit(PRIOR) + turn.tempo.odds
    turn.weight = expit(-log_odds) / (1 + _company(turn.pairs, found, turn.sheets.workers))
    return Found(ways, looks, log_odds, awake, agreed, expected, turn.pairs, found)


def _company(pairs: Pairs, found: Sources, workers: int) -> Floats:
    """(workers,) expected number of others who are one source with each."""
    strength = found.strength
    ends = np.concatenate([pairs.worker, pairs.other])
    return np.bincount(ends, weights=np.tile(strength, 2), minlength=workers).astype(np.float64, copy=False)


def _share(turn: Turn, habits: Habits, people: honest.Kinds) -> Floats:
    """(leanings, abilities) how frequent the kinds of people are, from a part of the workers where they are many."""
    found, weights = [], []
    for block in _sample(turn.sheets):
        belief = others(habits, turn.crowd, block, turn.sheets, turn.company)
        found.append(honest.evidence(people, block, honest.chances(people, belief, block.label)))
        weight = turn.weight[block.first_worker : block.first_worker + block.workers]
        weights.append(np.where(block.given > 0, weight, 0.0))
    return honest.fit(people, np.concatenate(found), np.concatenate(weights))


def _sample(sheets: Sheets) -> Iterator[Sheets]:
    every = max(sheets.workers // _SAMPLE, 1)
    return (block for number, block in enumerate(sheets.blocks()) if number % every == 0)


def _block(
    turn: Turn, habits: Habits, people: honest.Kinds, share: Floats, block: Sheets, known: Spots
) -> tuple[Floats, Floats, Ints, Floats, Floats]:
    """Of the workers of a block: log-probability if they look, and in the other ways, and the figures."""
    belief = others(habits, turn.crowd, block, turn.sheets, turn.company)
    known.learn(block, belief)
    chance = honest.chances(people, belief, block.label)
    looks = honest.looking(block, honest.evidence(people, block, chance), share, belief)
    asleep, awake = idle.asleep(block, chance, share.sum(axis=0))
    ways = np.full((block.workers, len(Explanation)), -np.inf)
    ways[:, Explanation.CHANCE] = idle.by_chance(block)
    ways[:, Explanation.SHARES] = idle.by_shares(block, habits.shares)
    ways[:, Explanation.ONE_LABEL] = idle.by_one_label(block, habits.shares)
    ways[:, Explanation.ASLEEP] = asleep
    agreed = block.totals(belief[np.arange(len(block)), block.label])
    believed = np.stack([block.totals(column) for column in belief.T], axis=1)
    expected = (believed * block.by_label()).sum(axis=1) / np.maximum(block.given, 1)
    return looks, ways + _FREQUENT, awake, agreed, expected
