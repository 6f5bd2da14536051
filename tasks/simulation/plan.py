"""What a project needs: a crowd on a small grid of overlaps and shares of hidden checks, and one choice of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.projects.spec import Gold, Overlap, Spec
from tasks.simulation.findings import Findings, findings
from tasks.simulation.world import Plan, simulated

OVERLAPS: Sequence[object] = (
    "3",
    "5",
    {"min": "1", "max": "5", "confidence": "0.9"},
    {"min": "1", "max": "5", "confidence": "0.95"},
    {"min": "2", "max": "5", "confidence": "0.95"},
    {"min": "2", "max": "7", "confidence": "0.99"},
)
SHARES = (0.05, 0.1, 0.2)
_PEOPLE, _ITEMS_EACH = 60, 8
"""A smaller crowd tells what matters here: items are settled as far as they go."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One way to run the project, and what it comes to."""

    overlap: Overlap
    gold: float
    right: float
    """Of the settled items, by the label that is believed."""
    disputed: float
    """Of the settled items: what reviewers would have to decide."""
    answers: float
    """For each settled item, hidden checks and answers of no use included."""
    seconds: float
    """Of work for each settled item."""
    cost: float | None
    """Minor units for each settled item."""


def grid(plan: Plan, progress: Callable[[int, int], None]) -> Iterator[Cell]:
    """Each overlap with the project's own share of hidden checks, then the best of them with the other shares."""
    own = plan.spec.gold.share
    overlaps = [Overlap.model_validate(raw) for raw in OVERLAPS]
    if plan.spec.overlap not in overlaps:
        overlaps.append(plan.spec.overlap)
    shares = [share for share in SHARES if share != own]
    total, cells = len(overlaps) + len(shares), []
    for overlap in overlaps:
        cells.append(_cell(plan, overlap, own))
        progress(len(cells), total)
        yield cells[-1]
    chosen = best(cells, plan.spec.review.votes).overlap
    for n, share in enumerate(shares, len(cells) + 1):
        yield _cell(plan, chosen, share)
        progress(n, total)


def best(cells: Sequence[Cell], votes: int = 3) -> Cell:
    """The least effort, where a point of accuracy is worth one more answer an item, and a disputed one takes votes."""
    return min(cells, key=lambda cell: (cell.answers + votes * cell.disputed - 100 * cell.right, cell.gold))


def _cell(plan: Plan, overlap: Overlap, share: float) -> Cell:
    spec: Spec = plan.spec.model_copy(update={"overlap": overlap, "gold": Gold(share=share)})
    small = replace(plan, spec=spec, people=_PEOPLE, items=_PEOPLE * _ITEMS_EACH, data=None)
    with simulated(small) as world:
        found: Findings = findings(world)
    outcome = found.outcome
    settled = max(outcome.settled, 1)
    return Cell(
        overlap,
        share,
        outcome.right,
        1 - outcome.agreed / settled,
        outcome.answers / settled,
        outcome.hours * 3_600 / settled,
        None if outcome.cost is None else outcome.cost / settled,
    )
