"""Broadcasts: written, changed, sent, held, called off; and how each goes.

Everything here is a short turn. What is long (whom it is for, the sending) goes on behind it, from the rows: see
``tasks.outreach.deliveries``, ``bot.jobs.courier`` and docs/decisions/broadcasts.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from db.errors import told
from db.queries import joining, outreach
from db.queries.outreach import BroadcastRow
from db.session import Tx
from tasks.outreach import audience as audiences
from tasks.outreach import content as contents
from tasks.outreach import timing as timings
from tasks.outreach.audience import Audience
from tasks.outreach.content import Content, OutreachError
from tasks.outreach.timing import Timing
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Catalog

MOST_PLACES = 1_000_000
_CODE_BYTES = 12
OVER = ("cancelled", "done")
UNSENT = ("draft", "waiting")


class UnknownBroadcastError(OutreachError):
    """There is no broadcast of that number."""

    message = told("Look at the list of broadcasts: there is none with the number {number}.")


class SentError(OutreachError):
    """It has been sent."""

    message = told("Write a new one: this one has been sent and stays as it is.")


class MeanwhileError(OutreachError):
    """It is not what it was when they last saw it."""

    message = told("Look at it once more: somebody else has changed it meanwhile.")


class NotUnderWayError(OutreachError):
    """It is not being sent, so that it cannot be held."""

    message = told("Nothing to do: it is not being sent just now.")


class NotPausedError(OutreachError):
    """It was not paused."""

    message = told("Nothing to do: it was not paused.")


class OverError(OutreachError):
    """It is over."""

    message = told("Nothing to do: it is over.")


class PlacesError(OutreachError):
    """Places of nothing, or a number that is none."""

    message = told("Choose a project and write a number, such as 50: a place is one in a project.")


class ClosedProjectError(OutreachError):
    """Its first key would lead to a project that gives no work."""

    message = told("Launch the project first, or choose another: nobody could work in this one.")


class ClosedMeanwhileError(OutreachError):
    """Its project has been closed since it was sent."""

    message = told("Call it off, and write a new one without the project: the one that it opens is closed for good.")


@dataclass(frozen=True, slots=True)
class Draft:
    """A broadcast as it is written: what it says, to whom, when, the project that its first key opens, for how many."""

    content: Content
    audience: Audience = field(default_factory=Audience)
    timing: Timing = field(default_factory=Timing)
    project: int | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A broadcast and how it goes.

    ``total`` is whom it is for (while it is ``choosing``, so far); of them ``sent``, ``failed``, ``blocked`` (they have
    blocked the bot), ``dropped`` (not wanted any more), and ``left``. ``taken`` is how many places are.
    """

    number: int
    state: str
    draft: Draft
    made_by: int | None
    made_at: int
    starts_at: int | None
    began_at: int | None
    ended_at: int | None
    total: int
    sent: int
    failed: int
    blocked: int
    dropped: int
    taken: int
    invitation: str = ""

    @property
    def left(self) -> int:
        """Those that are still to be sent."""
        done = self.sent + self.failed + self.blocked + self.dropped
        return 0 if self.state in OVER else max(0, self.total - done)

    def rate(self, now: int) -> float:
        """Messages a second so far, all that were tried; 0 before the first."""
        tried = self.sent + self.failed + self.blocked
        end = self.ended_at or now
        return tried / max(1.0, (end - self.began_at) / 1000) if self.began_at and tried else 0.0

    def to_go(self, now: int) -> int | None:
        """Seconds until the last one is sent, as it goes so far; None while nobody knows, or hours are their own."""
        rate, planned = self.rate(now), self.draft.timing
        if not rate or self.state != "running" or planned.minute is not None:
            return None
        waves = -(-self.left // planned.wave) * planned.every * 60 if planned.wave else 0
        return max(round(self.left / rate), waves)


# --------------------------------------------------------------------------- writing one


def draft(tx: Tx, actor: Actor, made: Draft, now: int) -> int:
    """Keep one that is being written; its number. What of it cannot be sent is said at ``send``."""
    row = tx.one(outreach.DRAFT, person=actor.id, now=now, **_values(made))
    assert row is not None  # noqa: S101 - it has just been written
    _record(tx, actor, "write broadcast", row.id, made.project, now)
    return row.id


def mark(made: Draft) -> str:
    """What tells a draft from what it was before: another for every change."""
    packed = json.dumps(dict(_values(made)), sort_keys=True, ensure_ascii=False)
    return sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def change(tx: Tx, actor: Actor, number: int, made: Draft, now: int, *, seen: str = "") -> None:
    """Replace one that was not sent; with ``seen``, only what had that ``mark``.

    Raises UnknownBroadcastError, SentError, MeanwhileError.
    """
    _unsent(tx, number, seen)
    tx.run(outreach.REDRAFT, broadcast=number, **_values(made))
    tx.run(outreach.STATE, broadcast=number, state="draft")  # what a second admin was asked for is another
    _record(tx, actor, "change broadcast", number, made.project, now)


def check(tx: Tx, catalog: Catalog, made: Draft, languages: Sequence[str], now: int) -> None:
    """Raises OutreachError, with what to do, where it cannot be sent as it is. Whether anybody is meant: ``size``."""
    contents.check(made.content, languages, places=made.places is not None)
    audiences.check(made.audience)
    timings.check(made.timing, now)
    if made.project is not None and catalog.get(tx, made.project).state != "live":
        raise ClosedProjectError
    if made.places is not None and (made.project is None or not 1 <= made.places <= MOST_PLACES):
        raise PlacesError


def send(tx: Tx, catalog: Catalog, actor: Actor, number: int, now: int, *, seen: str = "") -> None:
    """Begin: from now on whom it reaches is stored, person by person, then it is sent; ``seen`` as in ``change``.

    Raises UnknownBroadcastError, SentError, MeanwhileError, and what ``check`` raises.
    """
    made = _unsent(tx, number, seen)
    check(tx, catalog, made, _languages(made.content), now)
    code = ""
    if made.places is not None:
        code = token_urlsafe(_CODE_BYTES)
        terms = {"project": made.project, "inviter": None, "places": made.places, "ends": None}
        tx.run(joining.INVITE, code=code, now=now, **terms)
    tx.run(outreach.SEND, broadcast=number, now=now, code=code)
    _record(tx, actor, "send broadcast", number, made.project, now)


def wait(tx: Tx, number: int, *, seen: str = "") -> None:
    """It waits for a second admin's word. Raises UnknownBroadcastError, SentError, MeanwhileError."""
    _unsent(tx, number, seen)
    tx.run(outreach.STATE, broadcast=number, state="waiting")


def unwait(tx: Tx, number: int) -> None:
    """It waits for nobody any more: it is a draft again, where it still waits. Raises UnknownBroadcastError."""
    if _locked(tx, number).state == "waiting":
        tx.run(outreach.STATE, broadcast=number, state="draft")


# --------------------------------------------------------------------------- holding one


def pause(tx: Tx, actor: Actor, number: int, now: int, why: str = "") -> None:
    """Send no more of it for now. Raises UnknownBroadcastError, NotUnderWayError."""
    row = _locked(tx, number)
    if row.state not in {"choosing", "running"}:
        raise NotUnderWayError
    tx.run(outreach.STATE, broadcast=number, state="paused")
    _record(
        tx, actor, "pause broadcast", number, row.project, now, {"before": row.state, "after": "paused", "why": why}
    )


def resume(tx: Tx, actor: Actor, number: int, now: int) -> None:
    """Go on where it was; whoever says so answers for it from now on.

    Raises UnknownBroadcastError, NotPausedError, ClosedMeanwhileError.
    """
    row = _locked(tx, number)
    if row.state != "paused":
        raise NotPausedError
    if row.project is not None and tx.one(outreach.CLOSED, project=row.project):
        raise ClosedMeanwhileError
    state = "choosing" if row.began_at is None else "running"
    tx.run(outreach.RESUME, broadcast=number, state=state, person=actor.id)
    figures = {"before": "paused", "after": state, "maker": {"before": row.made_by, "after": actor.id}}
    _record(tx, actor, "resume broadcast", number, row.project, now, figures)


def cancel(tx: Tx, actor: Actor, number: int, now: int) -> None:
    """Send no more of it, ever. Raises UnknownBroadcastError, OverError."""
    row = _locked(tx, number)
    if row.state in OVER:
        raise OverError
    tx.run(outreach.END, broadcast=number, state="cancelled", now=now)
    figures = {"before": row.state, "after": "cancelled", "sent": row.sent, "total": row.total}
    _record(tx, actor, "cancel broadcast", number, row.project, now, figures)


# --------------------------------------------------------------------------- how it goes


def standing(tx: Tx, number: int) -> Standing:
    """How one stands. Raises UnknownBroadcastError."""
    row = tx.one(outreach.BROADCAST, broadcast=number)
    if row is None:
        raise UnknownBroadcastError(number=number)
    return _standing(tx, row)


def listed(tx: Tx, most: int = 20, before: int = 1 << 62) -> Sequence[Standing]:
    """The newest, those with numbers below ``before``."""
    return [_standing(tx, row) for row in tx.all(outreach.LISTED, most=most, before=before)]


def _standing(tx: Tx, row: BroadcastRow) -> Standing:
    taken = tx.one(joining.INVITATION, code=row.invitation) if row.invitation else None
    return Standing(
        row.id,
        row.state,
        _draft(row),
        row.made_by,
        row.made_at,
        row.starts_at,
        row.began_at,
        row.ended_at,
        row.total,
        row.sent,
        row.failed,
        row.blocked,
        row.dropped,
        taken.used if taken else 0,
        row.invitation,
    )


def _draft(row: BroadcastRow) -> Draft:
    return Draft(
        contents.unpack(row.content),
        audiences.unpack(row.audience),
        timings.unpack(row.timing),
        row.project,
        row.places,
    )


def _values(made: Draft) -> Mapping[str, Any]:
    return {
        "project": made.project,
        "said": made.content.pack(),
        "meant": made.audience.pack(),
        "planned": made.timing.pack(),
        "places": made.places,
    }


def _languages(content: Content) -> Sequence[str]:
    """Those that it is written in: whether people can choose them was looked at when it was written."""
    texts = [*content.variants, *(key.text for key in content.keys)]
    return sorted({language for text in texts for language in text})


def _locked(tx: Tx, number: int) -> BroadcastRow:
    row = tx.one(outreach.LOCK_BROADCAST, broadcast=number)
    if row is None:
        raise UnknownBroadcastError(number=number)
    return row


def _unsent(tx: Tx, number: int, seen: str) -> Draft:
    """A draft, locked, that still is what was seen."""
    row = _locked(tx, number)
    if row.state not in UNSENT:
        raise SentError
    made = _draft(row)
    if seen and seen != mark(made):
        raise MeanwhileError
    return made


def _record(
    tx: Tx,
    actor: Actor,
    what: str,
    number: int,
    project: int | None,
    now: int,
    figures: Mapping[str, Any] | None = None,
) -> None:
    record(tx, actor, Act(what, project=project, figures={"broadcast": number, **(figures or {})}), now)
