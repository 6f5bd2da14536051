"""Projects as the rest of the program knows them: found by number or key, their file read once a revision."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import process

from db.queries import projects
from db.session import Tx
from tasks.kinds import KINDS
from tasks.money.purse import Purse
from tasks.projects.errors import MistypedProjectError, UnknownProjectError
from tasks.projects.spec import Spec
from tasks.quality.model import CrowdModel, read_model

_NEAR = 60

Progress = projects.Sums
"""tasks, answers, agreed, disputed, work_ms, gold_seen, gold_correct, decided."""


@dataclass(frozen=True, slots=True)
class Known:
    """A project. ``key`` is the ``id`` of its file; ``state`` is draft, live, paused or closed.

    ``crowd`` is what is known of its crowd as a whole.
    """

    id: int
    key: str
    state: str
    revision: int
    spec: Spec
    crowd: CrowdModel = field(default_factory=CrowdModel)
    owner: int | None = None
    """The requester whose own it is; None where admins alone have charge of it."""

    @property
    def purse(self) -> Purse | None:
        """What it pays, and out of how much; None where it pays nothing."""
        reward = self.spec.reward
        if reward is None:
            return None
        return Purse(self.id, reward.currency, reward.answer, reward.vote, reward.budget, reward.hold_ms)


class Catalog:
    """Finds projects; keeps their files and their crowds' models parsed as long as the revisions are the same."""

    def __init__(self) -> None:
        self._parsed: dict[int, tuple[int, Spec]] = {}
        self._crowds: dict[int, tuple[int, int, CrowdModel]] = {}

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

    def by_key(self, tx: Tx, key: str, owner: int | None = None) -> Known:
        """The project of that key; with ``owner`` only one of theirs. Raises UnknownProjectError, with the nearest."""
        known = self.find(tx, key)
        if known is not None and owner in {None, known.owner}:
            return known
        keys = tx.all(projects.KEYS) if owner is None else tx.all(projects.KEYS_OF, owner=owner)
        near = process.extractOne(key, [row.key for row in keys], score_cutoff=_NEAR)
        raise MistypedProjectError(key=key, nearest=near[0]) if near else UnknownProjectError(key=key)

    def all(self, tx: Tx, owner: int | None = None) -> list[Known]:
        """All projects, or those of an owner, the oldest first."""
        heads = tx.all(projects.HEADS) if owner is None else tx.all(projects.HEADS_OF, owner=owner)
        return [self._known(tx, head) for head in heads]

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
        crowd = self._crowd(tx, head, revision, spec)
        return Known(head.id, head.key, head.state, revision, spec, crowd, head.owner)

    def _crowd(self, tx: Tx, head: projects.Head, file: int, spec: Spec) -> CrowdModel:
        of_file, revision, model = self._crowds.get(head.id, (0, 0, None))
        if model is None or (of_file, revision) != (file, head.crowd):
            stored = tx.one(projects.CROWD, id=head.id)
            revision, text = stored or (0, None)
            model = read_model(text, KINDS[spec.kind], spec.question_for_kind())
            self._crowds[head.id] = (file, revision, model)
        return model


def progress(tx: Tx, project_id: int) -> Progress:
    """The counts of a project, over all shards."""
    return tx.one(projects.SUMS, project=project_id) or Progress(0, 0, 0, 0, 0, 0, 0)
