"""A batch: files of answers and of known ones, read and judged, and what people are told about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tasks.exchange.answers import Answers, Known, read_answers, read_known
from tasks.exchange.columns import Progress
from tasks.quality.crowd import Crowd
from tasks.quality.gold import Doubt, doubted, trusted
from tasks.words import Text, _, _n

_NAMED = 5
"""So many tasks are named, the first ones."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read. ``doubt`` is about the known answers."""

    answers: Answers
    known: Known | None
    doubt: Doubt

    @property
    def trusted(self) -> Crowd:
        """The crowd with those known answers that are not in doubt."""
        crowd = self.answers.crowd
        return crowd if crowd.gold is None else replace(crowd, gold=trusted(crowd.gold, self.doubt))

    @property
    def blind(self) -> Crowd:
        """The crowd as if nothing were known."""
        return replace(self.answers.crowd, gold=None)

    @property
    def doubted(self) -> list[str]:
        """Names of the tasks whose known answer is in doubt."""
        names: list[str] = self.answers.tasks.take(self.doubt.tasks).to_pylist()
        return names


def read(answers: Path, gold: Path | None, progress: Progress) -> Batch:
    """Read both files. Raises UnreadableDataError."""
    known = read_known(gold, progress) if gold else None
    found = read_answers(answers, progress, known)
    return Batch(found, known, doubted(found.crowd))


def notes(batch: Batch) -> Iterator[Text]:
    """What was left out, and what should be looked at: a sentence each."""
    yield from _left_out(batch.answers)
    if batch.known:
        yield from _on_known(batch, batch.known)
    if np.bincount(batch.answers.crowd.task).max() == 1:
        yield _("Have some tasks answered twice: none is, so nothing could be cross-checked.")


def _left_out(answers: Answers) -> Iterator[Text]:
    if answers.twice:
        yield _n(
            "{n} answer left out: its worker had answered that task before.",
            "{n} answers left out: their workers had answered those tasks before.",
            answers.twice,
        )
    if answers.empty:
        yield _n(
            "{n} row left out: it has no task, no worker or no label.",
            "{n} rows left out: they have no task, no worker or no label.",
            answers.empty,
        )
    if answers.broken:
        yield _n("{n} row left out: it cannot be read.", "{n} rows left out: they cannot be read.", answers.broken)


def _on_known(batch: Batch, known: Known) -> Iterator[Text]:
    if known.torn:
        yield _n(
            "{n} known answer not used, for the file gives that task several: {tasks}.",
            "{n} known answers not used, for the file gives those tasks several: {tasks}.",
            len(known.torn),
            tasks=_first(known.torn),
        )
    doubted = batch.doubted
    if batch.doubt.whole:
        yield _n(
            "Check the known answers, none was used: nearly everybody contradicts them, on {n} task: {tasks}.",
            "Check the known answers, none was used: nearly everybody contradicts them, on {n} tasks: {tasks}.",
            len(doubted),
            tasks=_first(doubted),
        )
    elif doubted:
        yield _n(
            "Check {n} known answer that nearly everybody contradicts, it was not used: {tasks}.",
            "Check {n} known answers that nearly everybody contradicts, they were not used: {tasks}.",
            len(doubted),
            tasks=_first(doubted),
        )


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
