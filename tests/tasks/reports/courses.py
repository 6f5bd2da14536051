"""Figures of a project made up for pictures: six days, nights with few answers, three labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasks.reports.course import Course, Disputed, Hour, Label, Labelled, Worked
from tasks.reports.forecast import HOUR_MS, Forecast
from tasks.words import Local

NOW = 1_790_000_000_000
DAY_MS = 24 * HOUR_MS
_CAUSES = (
    ("crowd", "answer"),
    ("crowd", "waiting"),
    ("reported", "fault"),
    ("rule", "waiting"),
    ("audit", "withdrawn"),
)
_LABELS = (
    ("cat", "Cat", "고양이"),
    ("dog", "A dog of any kind, $5", "어떤 종류이든 강아지"),
    ("other", "Neither", "둘 다 아님"),
)


def a_course(days: int = 6, labels: int = 3, **changed: Any) -> Course:
    """A project that has run for so many days."""
    rng = np.random.default_rng(1)
    this = NOW // HOUR_MS
    hours = []
    for hour in range(this - 24 * days, this):
        answers = int(rng.poisson(60 if hour % 24 < 14 else 3))
        gold = answers // 10
        right = int(rng.binomial(gold, 0.9))
        hours.append(Hour(hour, answers, gold, right, answers, 0.9 * answers, answers // 3, 20 * answers))
    names = [Label(key, Local({"en": english, "ko": korean})) for key, english, korean in _LABELS]
    names += [Label(f"l{n}", Local({"en": f"Label {n}", "ko": f"{n}번째 답"})) for n in range(3, labels)]
    settled = sum(hour.settled for hour in hours)
    told: dict[str, Any] = {
        "key": "animals",
        "title": Local({"en": "Which animal?", "ko": "어떤 동물일까요?"}),
        "state": "live",
        "now": NOW,
        "tasks": settled + 1_500,
        "answers": sum(hour.answers for hour in hours),
        "agreed": settled - 90,
        "disputed": 40,
        "decided": 50,
        "hours": hours,
        "forecast": Forecast(NOW + 2 * DAY_MS, NOW + 3 * DAY_MS, NOW + 4 * DAY_MS),
        "deadline": NOW + 5 * DAY_MS,
        "mix": [Labelled(label, 1_500 // (n + 1)) for n, label in enumerate(names)],
        "labels": names,
        "confusion": (np.eye(len(names)) * 200 + rng.integers(1, 30, (len(names), len(names)))).tolist(),
        "workers": [
            Worked(f"w-{n:016x}", 20 + 15 * n, float(rng.lognormal(1.8, 0.6)), 0.7 + n / 100, 0.6, 0.75 + n / 150)
            for n in range(30)
        ],
        "disputes": [Disputed(cause, end, 3 + n) for n, (cause, end) in enumerate(_CAUSES)],
        "currency": "KRW",
    }
    return Course(**{**told, **changed})


def nothing() -> Course:
    """A project that nobody has answered yet."""
    return Course("animals", "Which animal?", "live", NOW, 30, 0, 0, 0, 0, ())
