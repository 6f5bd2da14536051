"""The life of a project: draft → live → paused → live → closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.queries import projects
from db.session import Tx
from db.statement import Statement
from tasks.money import budget
from tasks.privacy.audit import SHELL, Act, Actor, record
from tasks.projects.catalog import Catalog, Known, progress
from tasks.projects.errors import (
    AlreadyClosedError,
    AlreadyLiveError,
    AlreadyPausedError,
    ClosedForGoodError,
    NoBudgetError,
    NothingToDoError,
    NotLaunchedError,
    TransitionError,
)
from tasks.qualification.pools import pools, refuse_short
from tasks.words import Money


@dataclass(frozen=True, slots=True)
class _Move:
    """From one state to another: its name on record, the change, and what is said where the state allows none."""

    what: str
    change: Statement[Any]
    refusals: Mapping[str, type[TransitionError]]


_LAUNCH = _Move("launch", projects.LAUNCH, {"live": AlreadyLiveError, "closed": ClosedForGoodError})
_PAUSE = _Move(
    "pause", projects.PAUSE, {"draft": NotLaunchedError, "paused": AlreadyPausedError, "closed": AlreadyClosedError}
)
_CLOSE = _Move("close", projects.CLOSE, {"draft": NotLaunchedError, "closed": AlreadyClosedError})


def launch(tx: Tx, catalog: Catalog, key: str, now: int, actor: Actor = SHELL) -> Known:
    """Open it to workers, for the first time or again; the shell does, where no ``actor`` is named.

    Raises UnknownProjectError, TransitionError, PoolError, NoBudgetError.
    """
    known = catalog.by_key(tx, key)
    if known.state == "draft":
        check(tx, known)
    _fund(tx, known, now)
    return _move(tx, catalog, known, _LAUNCH, actor, now)


def check(tx: Tx, known: Known) -> None:
    """Whether there is all that a launch needs. Raises NothingToDoError, PoolError."""
    if not progress(tx, known.id).tasks:
        raise NothingToDoError(key=known.key)
    refuse_short(known.spec, pools(tx, known.id))


def _fund(tx: Tx, known: Known, now: int) -> None:
    """The budget that its file names is its own from now on. Raises NoBudgetError; then nothing has changed."""
    purse = known.purse
    if purse is None or purse.budget is None or known.state not in {"draft", "paused"}:
        return
    stands = budget.standing(tx, purse)
    left = purse.budget - stands.spent - stands.promised
    if left < purse.answer:
        raise NoBudgetError(key=known.key, left=Money(max(0, left), purse.currency))
    budget.follow(tx, purse, now)


def pause(tx: Tx, catalog: Catalog, key: str, now: int, actor: Actor = SHELL) -> Known:
    """Give no more tasks for now. Raises UnknownProjectError, TransitionError."""
    return _move(tx, catalog, catalog.by_key(tx, key), _PAUSE, actor, now)


def close(tx: Tx, catalog: Catalog, key: str, now: int, actor: Actor = SHELL) -> Known:
    """End it for good. Raises UnknownProjectError, TransitionError."""
    return _move(tx, catalog, catalog.by_key(tx, key), _CLOSE, actor, now)


def _move(tx: Tx, catalog: Catalog, known: Known, move: _Move, actor: Actor, now: int) -> Known:
    """The change, if the state allows it; another process may have been quicker, then its outcome is judged."""
    if known.state not in move.refusals and tx.run(move.change, id=known.id, state=known.state, now=now):
        moved = catalog.get(tx, known.id)
        figures = {"before": known.state, "after": moved.state}
        record(tx, actor, Act(move.what, project=known.id, figures=figures), now)
        return moved
    current = catalog.get(tx, known.id)
    raise move.refusals.get(current.state, TransitionError)(key=known.key)
