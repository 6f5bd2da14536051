"""Which rules fire: their conditions hold, and what they look at is not what they have fired on before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tasks.projects.rules import Bounds, Lately, Rule
from tasks.rules.figures import COLLECTORS, Figure, Standing

Clocks = Mapping[str, int]
"""Where the history of each figure stood when a rule fired."""
_CAREFUL = frozenset({"raise-checks", "more-answers", "demote", "pause", "propose-suspension"})


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fires, and what made it."""

    rule: Rule
    figures: Mapping[str, Figure]
    clocks: Clocks


def evaluate(rules: Iterable[Rule], here: Standing, fired: Mapping[str, Clocks]) -> Sequence[Firing]:
    """The rules that fire now; ``fired`` is by ``rule.key``.

    They are all judged on the same figures, so their order does not matter. Nobody is promoted by the look that
    gives reason for care.
    """
    firing = [one for one in (_judged(rule, here, fired.get(rule.key)) for rule in rules) if one]
    careful = any(one.rule.then.action in _CAREFUL for one in firing)
    return [one for one in firing if not (careful and one.rule.then.action == "promote")]


def _judged(rule: Rule, here: Standing, before: Clocks | None) -> Firing | None:
    figures: dict[str, Figure] = {}
    clocks: dict[str, int] = {}
    for name, bounds in rule.when.asked:
        read, clock = COLLECTORS[name]
        if clock:
            clocks[name] = clock(here)
            if before is not None and clocks[name] - before.get(name, clocks[name]) < _window(bounds):
                return None
        figure = read(here, _last(bounds))
        if figure is None or figure.of < _least(bounds) or not bounds.hold(figure.value):
            return None
        figures[name] = figure
    if before is not None and not clocks:  # it has said of where they stand what there is to say
        return None
    return Firing(rule, figures, clocks)


def _last(bounds: Bounds) -> int:
    return bounds.last if isinstance(bounds, Lately) else 1


def _least(bounds: Bounds) -> int:
    return bounds.needs if isinstance(bounds, Lately) else 0


def _window(bounds: Bounds) -> int:
    """How far the history must have gone on until all that is looked at is new."""
    if isinstance(bounds, Lately):
        return bounds.last
    return max(1, int(bounds.low or 1))
