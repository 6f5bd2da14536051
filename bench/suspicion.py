"""Newcomers who give no information, found among others on made-up crowds: percent of each kind at 5 % false alarms.

A tenth of the tasks has a known answer. The references are the share of right answers on those, and agreement with
the majority.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bench.crowds import Recipe, drawn
from tasks.quality.crowd import UNKNOWN, Crowd, Floats, Ints, predict
from tasks.quality.majority import Majority
from tasks.quality.suspicion import suspect

CROWDS = (
    Recipe(600, 40, 2, each=5),
    Recipe(600, 40, 2, each=4, skew=6),
    Recipe(600, 40, 4, each=4, able=(4, 3)),
    Recipe(600, 40, 10, each=3),
)
KINDS = ("chance", "shares", "one label", "asleep", "copying", "hasty")
COLUMNS = ("answers", *KINDS, "all", "seconds")
_LOOKING, _OF_EACH, _AWAKE, _KNOWN = 40, 6, 15, 0.1


@dataclass(frozen=True, slots=True)
class _Case:
    crowd: Crowd
    kind: tuple[str, ...]
    """Of the newcomers, who have the last numbers; empty for those who look."""
    asleep: bool
    """Whether those who fall asleep have done so long enough ago."""


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each detector and number of answers; those who fall asleep count after they did."""
    for answers in (10, 20, 50):
        seeds = range(1 if short else 4)
        cases = [_case(recipe, answers, seed) for recipe in CROWDS for seed in seeds]
        for name, judge in _DETECTORS.items():
            began = time.perf_counter()
            found = [_recall(case, judge(case.crowd)) for case in cases]
            seconds = time.perf_counter() - began
            shares = {kind: float(np.mean([one[kind] for one in found])) for kind in (*KINDS, "all")}
            yield (name, str(answers), *(_percent(share) for share in shares.values()), f"{seconds:.1f}")


def _case(recipe: Recipe, answers: int, seed: int) -> _Case:
    rng = np.random.default_rng(seed)
    old, truth = drawn(recipe, seed)
    kinds = ["" for _ in range(_LOOKING)] + [kind for kind in KINDS for _ in range(_OF_EACH)]
    shared = rng.permutation(recipe.tasks)[:answers]
    sheet = rng.integers(recipe.labels, size=answers)
    task, label, pace = [], [], []
    for kind in kinds:
        tasks = shared if kind == "copying" else rng.permutation(recipe.tasks)[:answers]
        task.append(tasks)
        label.append(sheet if kind == "copying" else _labels(recipe, kind, truth[tasks], old.label, rng))
        pace.append(np.full(answers, 0.1 if kind == "hasty" else 1.0))
    worker = np.repeat(np.arange(len(kinds)), answers) + recipe.workers
    columns = [np.concatenate([old.task, *task]), np.concatenate([old.worker, worker])]
    columns.append(np.concatenate([old.label, *label]))
    seconds = rng.lognormal(2, 0.8, len(columns[0])) * np.concatenate([np.ones(len(old)), *pace])
    gold = np.where(rng.random(recipe.tasks) < _KNOWN, truth, UNKNOWN).astype(np.int32)
    flat = [column.astype(np.int32) for column in columns]
    people = recipe.workers + len(kinds)
    return _Case(
        Crowd(flat[0], flat[1], flat[2], recipe.tasks, people, recipe.labels, gold, seconds),
        tuple(kinds),
        answers >= 2 * _AWAKE,
    )


def _labels(recipe: Recipe, kind: str, truth: Ints, given: Ints, rng: np.random.Generator) -> Ints:
    """What a newcomer of a kind gives."""
    chance = rng.integers(recipe.labels, size=len(truth)).astype(np.int32)
    right = rng.random(len(truth)) < rng.beta(*recipe.able)
    seen = np.where(right, truth, (truth + 1 + chance % (recipe.labels - 1)) % recipe.labels).astype(np.int32)
    kinds: dict[str, Callable[[], Ints]] = {
        "": lambda: seen,
        "shares": lambda: rng.choice(given, len(truth)),
        "one label": lambda: np.repeat(rng.choice(given, 1), len(truth)),
        "asleep": lambda: np.where(np.arange(len(truth)) < _AWAKE, seen, chance),
    }
    return kinds.get(kind, lambda: chance)()


def _recall(case: _Case, odds: Floats) -> dict[str, float]:
    """Of each kind the share above the 95th hundredth of those who look."""
    odds = odds[-len(case.kind) :]
    kind = np.array(case.kind)
    bar = np.sort(odds[kind == ""])[::-1][_LOOKING // 20]
    caught = odds > bar
    bad = kind != ""
    found = {name: float(caught[kind == name].mean()) for name in KINDS}
    if not case.asleep:
        found["asleep"], bad = np.nan, bad & (kind != "asleep")
    return {**found, "all": float(caught[bad].mean())}


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.0f}"


def _wrong(crowd: Crowd, truth: Ints) -> Floats:
    """(workers,) smoothed share of wrong answers where the truth is held to be known."""
    known = truth[crowd.task] != UNKNOWN
    right = np.bincount(crowd.worker[known & (truth[crowd.task] == crowd.label)], minlength=crowd.workers)
    share: Floats = 1 - (right + 1) / (np.bincount(crowd.worker[known], minlength=crowd.workers) + 2)
    return share


def _by_gold(crowd: Crowd) -> Floats:
    assert crowd.gold is not None  # noqa: S101 - the cases have it
    return _wrong(crowd, crowd.gold)


def _by_majority(crowd: Crowd) -> Floats:
    return _wrong(crowd, predict(Majority().fit(replace(crowd, gold=None)).posterior_))


_DETECTORS: dict[str, Callable[[Crowd], Floats]] = {
    "suspicion": lambda crowd: suspect(crowd).log_odds,
    "known answers": _by_gold,
    "majority": _by_majority,
}
