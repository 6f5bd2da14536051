"""Importing: a project file and its data become tasks; what is there already stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from db.queries import projects
from db.session import Database, Tx
from tasks.exchange.formats import open_data
from tasks.money import budget
from tasks.privacy.audit import SHELL, Act, Actor, record
from tasks.projects.catalog import Catalog, Known
from tasks.projects.changes import asks_another, deals_otherwise, fingerprint, fixed_keys_changed, revision
from tasks.projects.errors import (
    ClosedForGoodError,
    FixedAfterLaunchError,
    NoDataError,
    PicturesWithoutDataError,
    ShapeChangedError,
    TakenError,
)
from tasks.projects.items import Prepared
from tasks.projects.loading import AT_ONCE, Findings, load
from tasks.projects.media import MediaStore, keeping, looking
from tasks.projects.mistakes import DataFileError, Mistake
from tasks.projects.places import places
from tasks.projects.spec import Spec
from tasks.projects.staging import Staging
from tasks.qualification.pools import Pools, count, of, pools, refuse_short, shortages
from tasks.words import _

_WORTH_ANALYZING = 1_000

Progress = Callable[[int, int], None]
"""Told how much of how much is done; the unit means nothing."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a data file holds: rows that are fit, and its mistakes."""

    rows: int
    mistakes: Sequence[Mistake]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: rows added, rows that were there already."""

    key: str
    added: int
    unchanged: int
    splits: Mapping[str, int] = field(default_factory=dict, compare=False)
    """Of the added: ``work``, ``gold``, ``practice``, ``quiz``, as many as there are."""


def quiet(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def check_data(spec: Spec, data: Path, progress: Progress = quiet) -> Checked:
    """Every mistake in a data file; changes nothing. Raises UnreadableDataError, ProjectError."""
    with open_data(data) as source, closing(Staging()) as staging:
        _spec, findings = load(spec, source, staging, looking, lambda _rows: (), lambda at: progress(at, source.size))
        if not findings.count and not staging.count():
            raise NoDataError
        if not findings.count:
            findings.note(Mistake(0, short) for short in shortages(spec, count(staging.pools())))
        return Checked(staging.count(), findings.all())


def import_project(
    database: Database,
    catalog: Catalog,
    spec: Spec,
    data: Path | None,
    media: MediaStore,
    now: int,
    progress: Progress,
    *,
    actor: Actor = SHELL,
    owner: int | None = None,
    dry_run: bool = False,
) -> Imported:
    """Check all, then write in chunks; a project that is new begins as a draft. Importing again changes nothing.

    With ``owner`` (a requester) it becomes their own, and no project of others is touched: TakenError.

    After a crash the same call completes what was begun. Raises DataFileError with every bad row, UnreadableDataError,
    ProjectError; then nothing of the file was written.
    """
    before = database.run(lambda tx: catalog.find(tx, spec.id)).result()
    if before is not None:
        _refuse_others(before.owner, spec, owner)
        if before.state == "closed":  # its rows may be taken away since: they would look like others
            raise ClosedForGoodError(key=spec.id)
    writer = _Writer(database, spec, now, actor, owner)
    if data is None:
        return _only_the_file(database, before, spec, None if dry_run else writer)
    with open_data(data) as source, closing(Staging()) as staging:
        compare = _comparing(database, before, staging)
        keep = looking if dry_run else keeping(database, media)
        spec, findings = load(spec, source, staging, keep, compare, lambda at: progress(at, 2 * source.size))
        _refuse_bad(findings, staging)
        _refuse_change(database, before, spec, staging.count(known=True))
        refuse_short(spec, _pools_after(database, before, spec, staging))
        added = staging.splits(known=False)
        done = Imported(spec.id, sum(added.values()), staging.count(known=True), added)
        if not dry_run:
            writer = writer.of(spec)
            writer.begin(before, done.added)
            writer.add_all(staging, lambda part: progress(round(source.size * (1 + part)), 2 * source.size))
            writer.follow(before, staging)
        return done


def _only_the_file(database: Database, before: Known | None, spec: Spec, writer: _Writer | None) -> Imported:
    if any(example.image for example in spec.examples):
        raise PicturesWithoutDataError
    if before and not (spec.show.image or spec.show.text):
        spec = spec.model_copy(update={"show": before.spec.show})
        writer = writer and writer.of(spec)
    _refuse_change(database, before, spec, 0)
    if before:
        there = database.run(lambda tx: pools(tx, before.id)).result()
        refuse_short(spec, there)
    if writer:
        writer.begin(before, 0)
        writer.follow(before, None)
    return Imported(spec.id, 0, 0)


# --------------------------------------------------------------------------- before anything is written


def _comparing(
    database: Database, before: Known | None, staging: Staging
) -> Callable[[Sequence[Prepared]], list[Mistake]]:
    """Marks rows that are there already, and finds those that have changed since."""

    def compare(rows: Sequence[Prepared]) -> list[Mistake]:
        if before is None:
            return []
        found = database.run(lambda tx: _known(tx, before.id, rows)).result()
        staging.mark_known(found)
        return [
            Mistake(row.number, _("give it a new id: “{id}” was imported before, with other content", id=row.row))
            for row in rows
            if found.get(row.row, row.digest) != row.digest
        ]

    return compare


def _known(tx: Tx, project: int, rows: Sequence[Prepared]) -> dict[str, str]:
    """Digests of the rows that are there, by id."""
    names = json.dumps([row.row for row in rows], ensure_ascii=False)
    return {known.row: known.digest for known in tx.all(projects.KNOWN, project=project, rows=names)}


def _refuse_others(owner: int | None, spec: Spec, wanted: int | None) -> None:
    if wanted not in {None, owner}:
        raise TakenError(key=spec.id)


def _refuse_bad(findings: Findings, staging: Staging) -> None:
    if findings.count:
        raise DataFileError(findings.all())
    if not staging.count():
        raise NoDataError


def _refuse_change(database: Database, before: Known | None, spec: Spec, covered: int) -> None:
    """A draft may change if this file brings all its rows again; what runs, in words and limits only."""
    if before is None:
        return
    if before.state != "draft":
        changed = fixed_keys_changed(before.spec, spec)
        if changed:
            raise FixedAfterLaunchError(key=spec.id, keys=", ".join(changed))
        purse = replace(before, spec=spec).purse
        if purse:
            database.run(lambda tx: budget.refuse_below(tx, purse)).result()
    elif asks_another(before.spec, spec):
        count = database.run(lambda tx: tx.one(projects.COUNT_ALL, project=before.id)).result()
        if count and count.n > covered:
            raise ShapeChangedError(key=spec.id, n=count.n - covered)


def _pools_after(database: Database, before: Known | None, spec: Spec, staging: Staging) -> Pools:
    """The pools as they will be: a draft that is dealt anew has those of the file."""
    if before is None or (before.state == "draft" and _anew(before, spec)):
        return count(staging.pools())
    stored = database.run(lambda tx: pools(tx, before.id)).result()
    return count([*of(stored), *staging.pools(known=False)])


def _anew(before: Known, spec: Spec) -> bool:
    return asks_another(before.spec, spec) or deals_otherwise(before.spec, spec)


# --------------------------------------------------------------------------- writing


class _Writer:
    """Writes a project in turns of two thousand rows, so that nobody else waits long."""

    def __init__(self, database: Database, spec: Spec, now: int, actor: Actor, owner: int | None) -> None:
        self._database, self._spec, self._now, self._actor, self._owner = database, spec, now, actor, owner
        self._place = places(spec.id)

    def of(self, spec: Spec) -> _Writer:
        """The same for the file as it was completed."""
        return _Writer(self._database, spec, self._now, self._actor, self._owner)

    def begin(self, before: Known | None, rows: int) -> None:
        """Make sure that the project is there, and on record that ``rows`` are being added."""

        def turn(tx: Tx) -> None:
            file = self._spec.model_dump_json()
            tx.run(projects.BEGIN, key=self._spec.id, spec=file, now=self._now, owner=self._owner)
            head = tx.one(projects.HEAD_LOCKED, key=self._spec.id)
            if head:
                _refuse_others(head.owner, self._spec, self._owner)
            if head and (rows or before is None):
                figures = {"rows": rows, "new": before is None, "file": fingerprint(self._spec)}
                record(tx, self._actor, Act("import", project=head.id, figures=figures), self._now)

        self._database.run(turn).result()

    def add_all(self, staging: Staging, progress: Callable[[float], None]) -> None:
        """Write the rows that are new."""
        total, done = staging.count(known=False), 0
        for rows in staging.chunks(AT_ONCE, known=False):
            self._database.run(partial(self._add, rows=rows)).result()
            done += len(rows)
            progress(done / total)
        if total >= _WORTH_ANALYZING:
            self._database.run(_analyze).result()

    def _add(self, tx: Tx, rows: Sequence[Prepared]) -> None:
        head = self._locked(tx)
        there = _known(tx, head.id, rows)
        first = (tx.one(projects.LAST_TASK, project=head.id) or projects.Number(0)).n + 1
        new = [row for row in rows if row.row not in there]
        tasks = [self._task(head.id, number, row) for number, row in enumerate(new, first)]
        tx.many(projects.ADD_TASK, tasks)
        work = [{"project": head.id, "task": task["id"]} for task in tasks if task["split"] == "work"]
        tx.run(projects.COUNT_TASKS, project=head.id, tasks=len(work))
        if head.state != "draft":
            tx.many(projects.REACHABLE_AGAIN, work)

    def _locked(self, tx: Tx) -> projects.Head:
        head = tx.one(projects.HEAD_LOCKED, key=self._spec.id)
        if head is None or head.state == "closed":
            raise ClosedForGoodError(key=self._spec.id)
        return head

    def _task(self, project: int, number: int, row: Prepared) -> dict[str, Any]:
        return {"project": project, "id": number, "place": self._place(number), **row._asdict(), **self._stands(row)}

    def _stands(self, row: Prepared) -> dict[str, Any]:
        """Work waits for answers; of all others the answer is known, and they have no slots."""
        if row.split == "work":
            open_ = {"status": "open", "label": None, "confidence": None, "method": "", "settled_at": None}
            return {"wanted": self._spec.overlap.min, **open_}
        known = {"status": "decided", "label": row.gold, "confidence": 1.0, "method": "gold", "settled_at": self._now}
        return {"wanted": 0, **known}

    def follow(self, before: Known | None, staging: Staging | None) -> None:
        """Let the project, and the tasks of a draft, follow a changed file. The file itself comes last."""
        if before is None or before.spec == self._spec:
            return
        if before.state == "draft" and _anew(before, self._spec):
            for rows in staging.chunks(AT_ONCE, known=True) if staging else ():
                self._database.run(partial(self._reshape, rows=rows)).result()
            self._database.run(self._deal_anew).result()
        self._database.run(lambda tx: self._revise(tx, before)).result()

    def _revise(self, tx: Tx, before: Known) -> None:
        """The file, and with it what is left of the budget."""
        tx.run(projects.REVISE, id=before.id, spec=self._spec.model_dump_json())
        head = self._locked(tx)
        figures = revision(before.spec, self._spec)
        record(tx, self._actor, Act("revise", project=before.id, figures=figures), self._now)
        purse = replace(before, spec=self._spec).purse
        if purse and head.state != "draft":
            budget.follow(tx, purse, self._now)

    def _reshape(self, tx: Tx, rows: Sequence[Prepared]) -> None:
        head = self._draft(tx)
        tx.many(projects.RESHAPE_TASK, [{"project": head.id, **row._asdict(), **self._stands(row)} for row in rows])

    def _deal_anew(self, tx: Tx) -> None:
        head = self._draft(tx)
        tx.run(projects.WANT, project=head.id, wanted=self._spec.overlap.min)
        work = tx.one(projects.COUNT_WORK, project=head.id)
        tx.run(projects.SET_TASKS, project=head.id, tasks=work.n if work else 0)

    def _draft(self, tx: Tx) -> projects.Head:
        head = self._locked(tx)
        if head.state != "draft":
            raise FixedAfterLaunchError(key=self._spec.id, keys="kind, labels, overlap, gold")
        return head


def _analyze(tx: Tx) -> None:
    """Let PostgreSQL know how many tasks there are, or it reads all of them for each one it deals."""
    if tx.dialect == "postgresql":
        tx.run(projects.ANALYZE)
