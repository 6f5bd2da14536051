"""A crowd with very many labels as one with few: of each task only the labels that it was given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tasks.quality.crowd import UNKNOWN, Crowd, Ints
from tasks.quality.kernel import affordable


def narrow(crowd: Crowd) -> tuple[Crowd, Ints]:
    """The same answers with labels numbered anew in each task, and (tasks, new labels) what they stand for.

    New labels keep the order of the old, so ties fall alike; a place that stands for nothing is UNKNOWN. It serves
    methods that look at each task by itself; a known label that nobody gave is not known any more.
    Raises UnwieldyError where some task has so many labels that even this is too large.
    """
    cells, place = np.unique(crowd.cell, return_inverse=True)
    task, label = np.divmod(cells, crowd.labels)
    begin = np.searchsorted(task, np.arange(crowd.tasks))
    rank = (np.arange(len(cells)) - begin[task]).astype(np.int32)
    most = int(rank.max(initial=0)) + 1
    affordable(crowd.tasks, most)
    labels = np.full((crowd.tasks, most), UNKNOWN, np.int32)
    labels[task, rank] = label
    gold = None
    if crowd.gold is not None:
        hit = (labels == crowd.gold[:, None]) & (crowd.gold != UNKNOWN)[:, None]
        gold = np.where(hit.any(axis=1), hit.argmax(axis=1), UNKNOWN).astype(np.int32)
    return replace(crowd, label=rank[place], labels=most, gold=gold), labels
