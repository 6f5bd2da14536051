"""Where somebody stands in a project: how their work is checked, whether they have a break, what reviewers said."""

from __future__ import annotations

import json
from typing import cast

from db.queries import standing
from db.session import Tx
from tasks.kept import unpack
from tasks.projects.catalog import Known
from tasks.quality import lately
from tasks.rules import checks
from tasks.words import Words


def further(tx: Tx, known: Known, worker: int, task: int) -> int:
    """How many further answers the task gets in any case when this worker answers it."""
    overlap = known.spec.overlap
    row = None if overlap.fixed else tx.one(standing.CHECKED, project=known.id, worker=worker)
    if row is None:
        return 0
    checked = checks.due(known.id, task, worker, row.checks)
    return checks.further(overlap.min, overlap.max, checked=checked, more=row.further)


def reviewed(tx: Tx, project: int, worker: int, *, accepted: bool, undone: bool = False) -> None:
    """A reviewer accepted or rejected an answer of theirs; with ``undone`` that is taken back."""
    row = tx.one(standing.REVIEWED, project=project, worker=worker)
    if row is None:
        return
    recent = (lately.unjudged if undone else lately.judged)(row.recent, float(accepted))
    tx.run(standing.REVIEW, project=project, worker=worker, recent=recent, n=-1 if undone else 1)


def why_paused(kept: str | None) -> Words:
    """Why somebody has a break, as it is kept in their enrolment; empty where nobody said."""
    return cast("Words", unpack(json.loads(kept))) if kept else ""
