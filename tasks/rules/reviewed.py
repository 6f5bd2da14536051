"""What reviewers said of somebody's answers: for the rules that look at it."""

from __future__ import annotations

from db.queries import standing
from db.session import Tx
from tasks.quality import lately


def reviewed(tx: Tx, project: int, worker: int, *, accepted: bool, undone: bool = False) -> None:
    """A reviewer accepted or rejected an answer of theirs; with ``undone`` that is taken back."""
    row = tx.one(standing.REVIEWED, project=project, worker=worker)
    if row is None:
        return
    recent = (lately.unjudged if undone else lately.judged)(row.recent, float(accepted))
    tx.run(standing.REVIEW, project=project, worker=worker, recent=recent, n=-1 if undone else 1)
