"""Projects as the rest of the program knows them: found by number or key, their file read once a revision."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import process

from db.queries import projects
from db.session import Tx
from tasks.projects.errors import MistypedProjectError, UnknownProjectError
from tasks.projects.spec import Spec

_NEAR = 60

Progress = projects.Sums
"""tasks, answers, agreed, disputed, work_ms, gold_seen, gold_correct."""


@dataclass(frozen=True, slots=True)
class Known:
    """A project. ``key`` is the ``id`` of its file; ``state`` is draft, live, paused or closed."""

    id: int
    key: str
    state: str
    revision: int
    spec: Spec


class Catalog:
    """Finds projects; keeps their files parsed, one for each project, as long as the revision is the same."""

    def __init__(self) -> None:
        self._parsed: dict[int, tuple[int, Spec]] = {}

    def get(self, tx: Tx, project_id: int) -> Known:
        """The project of that number. Raises UnknownProjectError."""
        head = tx.one(projects.HEAD, id=project_id)
        if head is None:
            raise UnknownProjectError(key=project_id)
        return self._known(tx, head)

    def find(self, tx: Tx, key: str) -> Known | None:
        """The project of that key, if there is one."""
        head = tx.one(projects.HEAD_BY_KEY, key=key)
        return self._known(tx, head) if head else None

    def by_key(self, tx: Tx, key: str) -> Known:
        """The project of that key. Raises UnknownProjectError, which names the nearest."""
        known = self.find(tx, key)
        if known is None:
            near = process.extractOne(key, [row.key for row in tx.all(projects.KEYS)], score_cutoff=_NEAR)
            raise MistypedProjectError(key=key, nearest=near[0]) if near else UnknownProjectError(key=key)
        return known

    def all(self, tx: Tx) -> list[Known]:
        """All projects, the oldest first."""
        return [self._known(tx, head) for head in tx.all(projects.HEADS)]

    def live(self, tx: Tx) -> list[Known]:
        """The projects that give work, the oldest first."""
        return [self._known(tx, head) for head in tx.all(projects.HEADS_IN, state="live")]

    def _known(self, tx: Tx, head: projects.Head) -> Known:
        revision, spec = self._parsed.get(head.id, (0, None))
        if spec is None or revision != head.revision:
            file = tx.one(projects.FILE, id=head.id)
            assert file is not None  # noqa: S101 - its head was there in this transaction
            revision, spec = file.revision, Spec.model_validate_json(file.spec)
            self._parsed[head.id] = (revision, spec)
        return Known(head.id, head.key, head.state, revision, spec)


def progress(tx: Tx, project_id: int) -> Progress:
    """The counts of a project, over all shards."""
    return tx.one(projects.SUMS, project=project_id) or Progress(0, 0, 0, 0, 0, 0, 0)
