"""A worker's three figures, in one project and over all: read from a few rows, whatever the number of answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.queries import behaviour
from db.queries.behaviour import Record
from db.session import Tx
from tasks.behaviour.habits import Habits
from tasks.behaviour.measures import Figure, Part, Truth, diligence, expertise, proficiency, together
from tasks.kinds import KINDS
from tasks.projects.catalog import Catalog, Known

__all__ = ["Figure", "Figures", "Overall", "Part", "figures", "overall"]


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands on top; ``habits`` and ``crowd`` are what ``tasks.behaviour.signals`` reads."""

    expertise: Figure
    diligence: Figure
    proficiency: Figure
    habits: Habits = field(default_factory=Habits)
    crowd: Habits = field(default_factory=Habits)


@dataclass(frozen=True, slots=True)
class Overall:
    """Over all of a person's projects, and apart by kind and by topic; these figures show no parts."""

    whole: Figures
    by_kind: Mapping[str, Figures]
    by_topic: Mapping[str, Figures]


def figures(tx: Tx, known: Known, worker: int) -> Figures:
    """A worker's figures in a project."""
    row = tx.one(behaviour.RECORD, project=known.id, worker=worker)
    return of_record(known, row or Record(known.id, 0, 0, 0, 0, None, None, 0))


def overall(tx: Tx, catalog: Catalog, worker: int) -> Overall:
    """A worker's figures over all projects that they have been in."""
    found = [(known := catalog.get(tx, row.project), of_record(known, row)) for row in _rows(tx, worker)]
    kinds, topics = defaultdict(list), defaultdict(list)
    for known, one in found:
        kinds[known.spec.kind].append(one)
        if known.spec.topic:
            topics[known.spec.topic].append(one)
    return Overall(
        _together([one for _known, one in found]),
        {kind: _together(some) for kind, some in kinds.items()},
        {topic: _together(some) for topic, some in topics.items()},
    )


def of_record(known: Known, row: Record, crowd: Habits | None = None) -> Figures:
    """Figures from the rows they rest on; ``crowd`` where it has been read before."""
    habits = Habits.unpack(row.kept) if row.kept else Habits()
    crowd = crowd or (Habits.unpack(row.crowd) if row.crowd else Habits())
    truth = Truth(row.seen, row.correct, row.gold_seen, row.gold_correct)
    return Figures(
        expertise(truth),
        diligence(habits, crowd, truth, row.lapsed),
        proficiency(habits, crowd, truth, _chance(known), known.crowd.accuracy),
        habits,
        crowd,
    )


def _rows(tx: Tx, worker: int) -> Sequence[Record]:
    return tx.all(behaviour.RECORDS, worker=worker)


def _chance(known: Known) -> float:
    """How often a guess is right: by one of the labels, where one is true; never, where the answers are open."""
    kind = KINDS[known.spec.kind]
    options = kind.options(known.spec.question_for_kind()) if kind.belief == "one" else ()
    return 1 / len(options) if len(options) > 1 else 0.0


def _together(some: Sequence[Figures]) -> Figures:
    return Figures(
        together([one.expertise for one in some]),
        together([one.diligence for one in some]),
        together([one.proficiency for one in some]),
    )
