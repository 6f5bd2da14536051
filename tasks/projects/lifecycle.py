"""The life of a project: draft → live → paused → live → closed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from db.queries import projects
from db.session import Tx
from db.statement import Statement
from tasks.money import budget
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

Refusals = Mapping[str, type[TransitionError]]

_NO_LAUNCH: Refusals = MappingProxyType({"live": AlreadyLiveError, "closed": ClosedForGoodError})
_NO_PAUSE: Refusals = MappingProxyType(
    {"draft": NotLaunchedError, "paused": AlreadyPausedError, "closed": AlreadyClosedError}
)
_NO_CLOSE: Refusals = MappingProxyType({"draft": NotLaunchedError, "closed": AlreadyClosedError})


def launch(tx: Tx, catalog: Catalog, key: str, now: int) -> Known:
    """Open it to workers, for the first time or again. Raises UnknownProjectError, TransitionError, PoolError."""
    known = catalog.by_key(tx, key)
    if known.state == "draft" and not progress(tx, known.id).tasks:
        raise NothingToDoError(key=key)
    if known.state == "draft":
        refuse_short(known.spec, pools(tx, known.id))
    _fund(tx, known, now)
    return _move(tx, catalog, known, projects.LAUNCH, _NO_LAUNCH, now)


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


def pause(tx: Tx, catalog: Catalog, key: str, now: int) -> Known:
    """Give no more tasks for now. Raises UnknownProjectError, TransitionError."""
    return _move(tx, catalog, catalog.by_key(tx, key), projects.PAUSE, _NO_PAUSE, now)


def close(tx: Tx, catalog: Catalog, key: str, now: int) -> Known:
    """End it for good. Raises UnknownProjectError, TransitionError."""
    return _move(tx, catalog, catalog.by_key(tx, key), projects.CLOSE, _NO_CLOSE, now)


def _move(tx: Tx, catalog: Catalog, known: Known, change: Statement[Any], refusals: Refusals, now: int) -> Known:
    """The change, if the state allows it; another process may have been quicker, then its outcome is judged."""
    if known.state not in refusals and tx.run(change, id=known.id, state=known.state, now=now):
        return catalog.get(tx, known.id)
    current = catalog.get(tx, known.id)
    raise refusals.get(current.state, TransitionError)(key=known.key)
