"""How much the evidence of answers is worth when they come one by one, so that they end as sure as the batch is."""

from __future__ import annotations

import numpy as np

from tasks.consensus.census import Census
from tasks.consensus.records import Records
from tasks.consensus.reliability import evidence
from tasks.quality.crowd import UNKNOWN, Crowd, Floats
from tasks.quality.model import CrowdModel

_TEMPERS = np.arange(0.3, 1.01, 0.05)
_MOST_TASKS = 400
"""So many tasks are looked at, spread evenly over all."""


def tempered(census: Census, model: CrowdModel, records: Records, opinion: Floats, posterior: Floats) -> float:
    """The temper at which what is believed online is nearest to ``posterior`` (tasks, labels).

    Nearest by cross entropy, over tasks that several answers settled, each author's record, which was held against
    ``opinion`` (tasks, labels), without what they answered there. The model's own temper where there is none.
    """
    crowd = census.crowd
    order = np.argsort(crowd.task, kind="stable")
    begin = np.searchsorted(crowd.task[order], np.arange(crowd.tasks + 1))
    unknown = np.ones(crowd.tasks, np.bool_) if crowd.gold is None else crowd.gold == UNKNOWN
    several = np.flatnonzero((np.diff(begin) > 1) & census.tasks.counted & unknown)
    if not len(several):
        return model.temper
    chosen = several[:: max(1, len(several) // _MOST_TASKS)]
    sums = np.array(
        [
            np.sum([_said(crowd, model, records, opinion, entry) for entry in order[begin[task] : begin[task + 1]]], 0)
            for task in chosen
        ]
    )
    prior = np.log(model.prior) if model.prior else np.zeros(crowd.labels)
    losses = [_loss(temper * sums + prior, posterior[chosen]) for temper in _TEMPERS]
    return round(float(_TEMPERS[int(np.argmin(losses))]), 2)


def _said(crowd: Crowd, model: CrowdModel, records: Records, opinion: Floats, entry: int) -> Floats:
    """(labels,) the evidence of one answer, as if it had not been counted yet."""
    given, truth = int(crowd.label[entry]), opinion[crowd.task[entry]]
    record = records[crowd.worker[entry]]
    confused = given if record.confusion else None
    before = record.credited(confused, truth.tolist(), float(truth[given]), -1)
    logs = np.zeros(crowd.labels)
    for label, log in evidence(before, model, given, crowd.labels).items():
        logs[label] = log
    return logs


def _loss(logs: Floats, truth: Floats) -> float:
    top = logs.max(axis=1, keepdims=True)
    chances = logs - top - np.log(np.exp(logs - top).sum(axis=1, keepdims=True))
    return float(-(truth * chances).sum())
