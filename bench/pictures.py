"""Draws the pictures of ``docs/quality.md`` with the engine itself: ``python -m bench.pictures``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from tasks.consensus.ballots import Ballot
from tasks.consensus.consensus import Belief, believe
from tasks.kinds import KINDS, Question
from tasks.quality.committee import Committee
from tasks.quality.crowd import Crowd, Floats
from tasks.quality.majority import Majority
from tasks.quality.model import Record

DOCS = Path(__file__).parents[1] / "docs"
BLUE, ORANGE, GREY = "#2563eb", "#d97706", "#6b7280"
SPICY = Question(labels=("spicy", "mild"))
NEW, PROVEN, GUESSING = Record(), Record(200, 186), Record(200, 104)
_SURE = 0.95


def main() -> None:
    """All three, as SVG that is the same each time."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "crowdloom", "font.size": 11})
    for name, figure in (("belief", _belief()), ("stop", _stop()), ("calibration", _calibration())):
        figure.savefig(DOCS / f"quality-{name}.svg", metadata={"Date": None}, bbox_inches="tight")


def _said(*ballots: tuple[str, Record]) -> Belief:
    return believe(KINDS["choice"], SPICY, [Ballot(value, record) for value, record in ballots])


def _plain(axes: Any) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _belief() -> Figure:
    """Two who are new against one who is proven."""
    belief = _said(("mild", NEW), ("spicy", PROVEN), ("spicy", GUESSING))
    people = ("new: mild", "right 93 of 100: spicy", "right 52 of 100: spicy")
    figure = Figure(figsize=(8.4, 2.6))
    left, right = figure.subplots(1, 2)
    left.barh(people, belief.weights, color=[ORANGE, BLUE, BLUE])
    left.invert_yaxis()
    left.set_xlabel("what the answer counts for (bits)")
    chances = dict(belief.posterior)
    right.barh(["spicy", "mild"], [chances["spicy"], chances["mild"]], color=[BLUE, ORANGE])
    right.invert_yaxis()
    right.set_xlim(0, 1)
    right.set_xlabel("belief")
    for label, chance in zip((0, 1), (chances["spicy"], chances["mild"]), strict=True):
        right.text(chance + 0.02, label, f"{chance:.0%}", va="center")
    for axes in (left, right):
        _plain(axes)
    figure.tight_layout()
    return figure


def _stop() -> Figure:
    """How the belief grows, answer by answer."""
    able = Record(60, 54)
    roads: Sequence[tuple[str, str, Sequence[str]]] = (
        ("two agree: enough", BLUE, ("spicy", "spicy")),
        ("two differ: two more", ORANGE, ("spicy", "mild", "spicy", "spicy")),
        ("never sure: to the reviewers", GREY, ("spicy", "mild", "spicy", "mild", "spicy")),
    )
    figure = Figure(figsize=(7, 3.2))
    axes = figure.subplots()
    for name, colour, answers in reversed(roads):
        sure = [
            dict(_said(*[(answer, able) for answer in answers[: n + 1]]).posterior)["spicy"]
            for n in range(len(answers))
        ]
        axes.plot(range(1, len(sure) + 1), sure, "o-", color=colour, label=name)
    axes.axhline(_SURE, color=GREY, linestyle=":")
    axes.text(2.5, _SURE + 0.01, "confidence: 0.95", ha="center", va="bottom", color=GREY)
    axes.set(xlabel="answers", ylabel="belief in “spicy”", xticks=range(1, 6), ylim=(0.4, 1.05))
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    _plain(axes)
    return figure


def _calibration() -> Figure:
    """Confidence against how often it is right, on a made-up crowd that errs together on a tenth of the items."""
    crowd, truth = _crowd(np.random.default_rng(7))
    committee = Committee().fit(crowd)
    plain = Majority().fit(crowd)
    figure = Figure(figsize=(4.6, 4.2))
    axes = figure.subplots()
    axes.plot([0.3, 1], [0.3, 1], color=GREY, linestyle=":")
    for name, colour, posterior in (
        ("share of the votes", ORANGE, plain.posterior_),
        ("five views, as they are", GREY, committee.opinion_),
        ("confidence", BLUE, committee.posterior_),
    ):
        says, right = _bins(posterior, truth)
        axes.plot(says, right, "o-", color=colour, label=name)
    axes.set(xlabel="how sure it says it is", ylabel="how often it is right", xlim=(0.3, 1.02), ylim=(0.3, 1.02))
    axes.legend(frameon=False)
    _plain(axes)
    return figure


def _bins(posterior: Floats, truth: Floats) -> tuple[Floats, Floats]:
    sure, right = posterior.max(axis=1), posterior.argmax(axis=1) == truth
    at = np.minimum((sure * 10).astype(int), 9)
    full = [b for b in range(10) if (at == b).sum() >= 30]  # noqa: PLR2004 - fewer tell nothing
    return np.array([sure[at == b].mean() for b in full]), np.array([right[at == b].mean() for b in full])


def _crowd(rng: np.random.Generator) -> tuple[Crowd, Any]:
    """3,000 items, five answers each by 150 people; on a tenth of the items they believe the same wrong label."""
    tasks, workers, labels, each = 3_000, 150, 3, 5
    truth = rng.integers(labels, size=tasks)
    seems = np.where(rng.random(tasks) < 0.1, (truth + 1) % labels, truth)  # noqa: PLR2004 - a tenth
    able = rng.beta(7, 3, workers)
    task = np.repeat(np.arange(tasks), each)
    worker = np.concatenate([rng.choice(workers, each, replace=False) for _ in range(tasks)])
    slip = (seems[task] + rng.integers(1, labels, size=len(task))) % labels
    label = np.where(rng.random(len(task)) < able[worker], seems[task], slip)
    numbers = [column.astype(np.int32) for column in (task, worker, label)]
    return Crowd(numbers[0], numbers[1], numbers[2], tasks, workers, labels), truth


if __name__ == "__main__":
    main()
