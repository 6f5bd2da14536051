"""Invitations: links that bring people to one project or to all, for so many people, until a day."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from random import Random

from db.errors import InputError, told
from db.queries import joining
from db.session import Tx
from tasks.access import may
from tasks.people import Who
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Known

_LETTERS = string.ascii_letters + string.digits
_LENGTH = 16
"""95 bits: nobody finds one by trying."""
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a link can carry."""
_DAY_MS = 86_400_000
WORKERS_PLACES = 20
WORKERS_DAYS = 30


class InvitationError(InputError):
    """The invitation brings nobody in; the bot itself is open to them all the same."""


class UnknownInvitationError(InvitationError):
    """There is no such invitation."""

    message = told("Ask for the link again: this invitation is not known here.")


class EndedInvitationError(InvitationError):
    """Its day is over."""

    message = told("Ask for a new link: this invitation has ended.")


class FullInvitationError(InvitationError):
    """All its places are taken."""

    message = told("Ask for a new link: all places of this invitation are taken.")


class OwnInvitationError(InvitationError):
    """Who made it came by it."""

    message = told("Send the link to others: it is your own invitation.")


class NotYoursToInviteError(InputError):
    """A worker invites to projects they work in, and to none that only admins invite to."""

    message = told("Choose a project that you work in: only admins can invite to this one.")


@dataclass(frozen=True, slots=True)
class Terms:
    """How many people an invitation is for, and until when; None for any number, for ever."""

    places: int | None = None
    ends_at: int | None = None


def invite(tx: Tx, inviter: Who, known: Known | None, terms: Terms, now: int, rng: Random) -> str:
    """The code of a new invitation to a project, or to all.

    Workers get the one that they have already while it is open, with the terms that are theirs.
    Raises NotYoursToInviteError.
    """
    project = known.id if known else None
    if not may(inviter.role, "administer"):
        if known and not may_invite(tx, inviter, known):
            raise NotYoursToInviteError
        mine = tx.one(joining.OPEN_INVITATION, inviter=inviter.id, project=project or 0, now=now)
        if mine is not None:
            return mine.code
        terms = Terms(WORKERS_PLACES, now + WORKERS_DAYS * _DAY_MS)
    code = "".join(rng.choice(_LETTERS) for _ in range(_LENGTH))
    values = {"code": code, "project": project, "inviter": inviter.id, "places": terms.places, "ends": terms.ends_at}
    tx.run(joining.INVITE, now=now, **values)
    figures = {"places": terms.places, "ends_at": terms.ends_at}
    record(tx, Actor(inviter.id, inviter.channel), Act("invite", project=project, figures=figures), now)
    return code


def may_invite(tx: Tx, who: Who, known: Known) -> bool:
    """Whether somebody may invite others to a project: admins to all, workers where they work and anybody may."""
    if may(who.role, "administer"):
        return True
    return not known.spec.audience.invited and tx.one(joining.WORKS_IN, project=known.id, person=who.id) is not None


def terms_of(tx: Tx, code: str) -> Terms:
    """For how many more people it is good, and until when. Raises UnknownInvitationError."""
    found = tx.one(joining.INVITATION, code=code)
    if found is None:
        raise UnknownInvitationError
    return Terms(None if found.places is None else max(0, found.places - found.used), found.ends)


def accept(tx: Tx, who: Who, code: str, now: int) -> None:
    """They come by this invitation, and take one of its places, once. Raises InvitationError.

    Of people who come at the same moment as many get in as there are places: a place is taken by one update.
    """
    found = tx.one(joining.INVITATION, code=code) if _CODE.fullmatch(code) else None
    if found is None:
        raise UnknownInvitationError
    if found.inviter == who.id:
        raise OwnInvitationError
    if tx.one(joining.CAME, code=code, person=who.id) is None:
        if found.ends is not None and found.ends <= now:
            raise EndedInvitationError
        if not tx.run(joining.TAKE_PLACE, code=code):
            raise FullInvitationError
        tx.run(joining.COME, code=code, person=who.id, now=now)
    tx.run(joining.CAME_BY, code=code, person=who.id)


def wanted(tx: Tx, person: int) -> int | None:
    """The project that they last came for; None where they came for none."""
    found = tx.one(joining.WANTED, person=person)
    return found.id if found else None
