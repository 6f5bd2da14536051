"""How each worker works, for the report on quality: the three figures with their parts, and what their habits tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from db.queries import behaviour
from db.session import Reader
from tasks.behaviour import signals
from tasks.behaviour.figures import Figure, Figures, of_record
from tasks.behaviour.habits import Habits
from tasks.projects.catalog import Known

Told = tuple[str, float | None, float | None, float | None, str]
"""Figure, value, low, high, note."""


def ways(reader: Reader, known: Known) -> Iterator[tuple[int, int | None, Sequence[Told]]]:
    """Each worker (number, joined at) with what is to be told of them; nobody who has done nothing."""
    row = reader.one(behaviour.CROWDS, project=known.id)
    crowd = Habits.unpack(row.kept) if row else Habits()
    for one in reader.stream(behaviour.EVERYBODY, project=known.id):
        yield one.worker, one.joined_at, list(_told(of_record(known, one.record(), crowd)))


def _told(found: Figures) -> Iterator[Told]:
    for name in ("expertise", "diligence", "proficiency"):
        yield from _figure(name, getattr(found, name))
    for figure, value in _habits(found.habits):
        yield (figure, value, None, None, "")


def _figure(name: str, figure: Figure) -> Iterator[Told]:
    """The figure itself, where enough is known, and each of its parts."""
    yield (name, figure.value, None, None, f"rests on {figure.answers} answers")
    for part in figure.parts:
        yield (f"{name}: {part.name}", part.value, part.low, part.high, f"of {part.count}")


def _habits(habits: Habits) -> Sequence[tuple[str, Any]]:
    return (
        ("median seconds", signals.median_seconds(habits)),
        ("spread of log seconds", signals.spread(habits)),
        ("faster than reading", signals.fast_share(habits)),
        ("longest run of one answer", habits.now.longest),
        ("entropy of answers (bits)", signals.entropy(habits)),
        ("answers changed", signals.change_rate(habits)),
        ("skipped", signals.skip_rate(habits)),
        ("slower after ten more items", signals.fatigue(habits)),
        ("days worked", habits.now.days),
        ("sittings", habits.now.sitting),
        ("days come back", signals.return_rate(habits)),
    )
