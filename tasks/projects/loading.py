"""The first pass over a data file: every row is checked and staged, every mistake is noted, nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import attrgetter

from db.errors import CrowdloomError, told
from tasks.exchange.formats import Source
from tasks.exchange.rows import Row
from tasks.projects.items import Prepared, preparing, shown_of, why_not
from tasks.projects.media import Keep
from tasks.projects.mistakes import Mistake, UnreadableDataError, WrongError
from tasks.projects.spec import Example, Spec
from tasks.projects.staging import Staging
from tasks.words import _, _n, error_words

AT_ONCE = 2_000
"""Rows of a chunk."""
_LARGEST_CHUNK = 8 << 20
"""Characters of its rows."""
_MOST_ROWS = 5_000_000
_LOOKED_AT = 100
"""Rows whose columns are taken for those of the file."""
_MOST_TOLD = 100


class ManyRowsError(UnreadableDataError):
    """More than are taken at once."""

    message = told("Split the data file: {most} rows are the most at once.")


Compare = Callable[[Sequence[Prepared]], Iterable[Mistake]]
"""Looks for rows that were imported before; gives those that have changed since."""


@dataclass
class Findings:
    """Bad rows: the first hundred in full, how many there are in all."""

    told: list[Mistake] = field(default_factory=list)
    count: int = 0

    def note(self, mistakes: Iterable[Mistake]) -> None:
        """Add some."""
        for mistake in mistakes:
            self.count += 1
            if len(self.told) < _MOST_TOLD:
                self.told.append(mistake)

    def all(self) -> list[Mistake]:
        """In the order of the file; with a last line on those that are not told."""
        told = sorted(self.told, key=attrgetter("row"))
        more = self.count - len(told)
        return [*told, Mistake(0, _n("… and {n} more bad row", "… and {n} more bad rows", more))] if more else told


def load(
    spec: Spec, source: Source, staging: Staging, keep: Keep, compare: Compare, progress: Callable[[int], None]
) -> tuple[Spec, Findings]:
    """Stage all rows. The project comes back with what it shows, and the pictures of its examples, made certain.

    ``progress`` is told the bytes that were read. Raises UnreadableDataError, ProjectError.
    """
    findings = Findings()
    rows = source.rows()
    first = list(islice(rows, _LOOKED_AT))
    columns = list(dict.fromkeys(name for row in first for name in row.cells))
    if columns:
        spec = shown_of(spec, columns)
    spec = _with_pictures(spec, source, keep, findings)
    good = _good(chain(first, rows), preparing(spec, source.picture, keep), findings)
    for chunk in _chunks(good):
        findings.note(
            Mistake(
                twice.number, _("give it an id of its own: “{id}” is that of row {row}", id=twice.row, row=twice.before)
            )
            for twice in staging.add(chunk)
        )
        findings.note(compare(chunk))
        progress(source.position)
    needs = spec.qualification
    staging.share_out(spec.gold.share, needs.practice, max(needs.quiz, spec.review.quiz))
    return spec, findings


def _chunks(rows: Iterable[Prepared]) -> Iterator[list[Prepared]]:
    """Chunks that take their share of memory, however long their rows are. Raises ManyRowsError."""
    chunk: list[Prepared] = []
    large = 0
    for count, row in enumerate(rows, 1):
        chunk.append(row)
        large += len(row.item)
        if count > _MOST_ROWS:
            raise ManyRowsError(most=_MOST_ROWS)
        if len(chunk) == AT_ONCE or large > _LARGEST_CHUNK:
            yield chunk
            chunk, large = [], 0
    if chunk:
        yield chunk


def _good(rows: Iterable[Row], prepare: Callable[[Row], Prepared], findings: Findings) -> Iterator[Prepared]:
    for row in rows:
        if row.wrong:
            findings.note([Mistake(row.number, row.wrong)])
            continue
        try:
            prepared = prepare(row)
        except (WrongError, CrowdloomError) as error:
            findings.note(Mistake(row.number, text) for _path, text in why_not(error).wrongs)
        else:
            yield prepared


def _with_pictures(spec: Spec, source: Source, keep: Keep, findings: Findings) -> Spec:
    """The project with the pictures of its examples in the store."""

    def kept(example: Example) -> Example:
        if example.image is None:
            return example
        try:
            content = keep(source.picture(example.image), example.image).content
        except CrowdloomError as error:
            findings.note([Mistake(0, _("an example: {mistake}", mistake=error_words(error)))])
            return example
        return example.model_copy(update={"image": content})

    return spec.model_copy(update={"examples": tuple(kept(example) for example in spec.examples)})
