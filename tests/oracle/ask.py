"""Asks crowd-kit: ``python tests/oracle/ask.py < crowds.json > answers.json`` in an environment of its own.

That environment is made from ``requirements-oracle.txt``: crowd-kit's old pandas and scikit-learn are not ours.
"""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # in the oracle's environment only
from crowdkit.aggregation import (  # type: ignore[import-not-found]  # in the oracle's environment only
    GLAD,
    DawidSkene,
    MajorityVote,
    OneCoinDawidSkene,
    Wawa,
)

NEVER = -math.inf
"""A tolerance that stops at nothing: their rules stop where the loss gets worse once, which need not be the end."""
METHODS = {
    "majority": MajorityVote(),
    "wawa": Wawa(),
    "one-coin": OneCoinDawidSkene(n_iter=200, tol=NEVER),
    "dawid-skene": DawidSkene(n_iter=200, tol=NEVER),
    "glad": GLAD(n_iter=40, tol=NEVER, m_step_tol=1e-3),
}


def answers(crowd: dict[str, Any]) -> dict[str, list[list[float]]]:
    """(tasks, labels) probabilities by each method."""
    data = pd.DataFrame({name: crowd[name] for name in ("task", "worker", "label")})
    found = {name: _table(method.fit_predict_proba(data), crowd) for name, method in METHODS.items()}
    gold = pd.Series({int(task): label for task, label in crowd["gold"].items()})
    told = DawidSkene(n_iter=200, tol=NEVER).fit_predict_proba(data, true_labels=gold)
    found["dawid-skene with gold"] = _table(told, crowd)
    return found


def _table(probabilities: Any, crowd: dict[str, Any]) -> list[list[float]]:
    columns = range(crowd["labels"])
    whole = probabilities.reindex(index=range(crowd["tasks"]), columns=columns).fillna(0)
    rows: list[list[float]] = whole.round(6).to_numpy().tolist()
    return rows


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump({name: answers(crowd) for name, crowd in given.items()}, sys.stdout)
