"""What people in charge do with people: roles, suspensions, and decisions on what rules propose.

The shell and the chat both do it here. Everything needs a reason, is told to the person with it, and is written down.
Who decides about whom: ``tasks.charge``. Rules propose, and never suspend (promise 7).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from db.errors import told
from db.queries import mass, qualification, staff
from db.queries.staff import Listed, Proposed
from db.session import Tx
from tasks import cases
from tasks.access import ROLES, may
from tasks.assignment.sweep import end_leases
from tasks.charge import MOST_OF_REASON, Charge, NoReasonError, OwnersGiveItError, StaffError, YourselfError
from tasks.notices import tell
from tasks.outreach import holding
from tasks.privacy.audit import Act, record
from tasks.words import Text, _

__all__ = ["MOST_OF_REASON", "NoReasonError", "StaffError", "YourselfError"]


class UnknownPersonError(StaffError):
    """There is nobody of that number, or of that id on that channel."""

    message = told("Look the number up in the list of people: there is nobody known as “{person}”.")


class UnknownRoleError(StaffError):
    """There is no such role."""

    message = told("Choose one of {roles}: “{role}” is no role.")


class SameRoleError(StaffError):
    """They have that role."""

    message = told("Nothing to do: they have this role already.")


class AlreadySuspendedError(StaffError):
    """They are suspended."""

    message = told("Nothing to do: they are suspended already.")


class NotSuspendedError(StaffError):
    """They are not suspended."""

    message = told("Nothing to do: they are not suspended.")


class DecidedError(StaffError):
    """There is no such proposal, or somebody has decided on it."""

    message = told("Look at the list again: this has been decided already.")


_NEW_ROLE: Mapping[str, Text] = MappingProxyType(
    {
        "worker": _("Your role has changed: from now on you work on items, as everybody does. The reason: {why}"),
        "reviewer": _("You are a reviewer now: /review shows items that the crowd cannot agree on. The reason: {why}"),
        "requester": _("You can run projects of your own now: /projects shows how. The reason: {why}"),
        "admin": _("You are an admin now: /projects and /people are open to you. The reason: {why}"),
        "owner": _("You are an owner now: all is open to you, and you say who is an admin. The reason: {why}"),
    }
)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Since when somebody is suspended, and why in the words of who decided."""

    since: int
    why: str


# --------------------------------------------------------------------------- who


def find(tx: Tx, named: str) -> Listed:
    """The person of a number, or of ``channel:id``. Raises UnknownPersonError; so does who was erased."""
    channel, colon, user = named.strip().partition(":")
    found = None
    if colon:
        found = tx.one(staff.BY_CHANNEL, channel=channel.strip(), user=user.strip())
    elif channel.isdecimal() and len(channel) < 19:  # noqa: PLR2004 - digits of the largest number there can be
        found = tx.one(staff.BY_NUMBER, person=int(channel))
    if found is None or found.erased_at is not None:
        raise UnknownPersonError(person=named[:64])
    return found


def suspension(tx: Tx, person: int) -> Suspension:
    """The last time they were suspended."""
    done = tx.one(staff.LAST, person=person, what="suspend")
    return Suspension(done.at, json.loads(done.figures).get("why", "")) if done else Suspension(0, "")


def proposal_of(tx: Tx, number: int) -> Proposed:
    """What waits under this number. Raises DecidedError."""
    found = tx.one(staff.PROPOSED, proposal=number)
    if found is None or found.decided_at is not None:
        raise DecidedError
    return found


# --------------------------------------------------------------------------- what is done


def set_role(tx: Tx, by: Charge, person: Listed, role: str, why: str, now: int) -> None:
    """Give them a role of ``tasks.access.ROLES``. Raises StaffError."""
    if role not in ROLES:
        raise UnknownRoleError(role=role[:32], roles=", ".join(ROLES))
    others = holding.others(tx, person.id)
    person = still(tx, person.id)
    why = by.why(person, why)
    if not by.gives(role):
        raise OwnersGiveItError
    if not tx.run(staff.SET_ROLE, person=person.id, role=role):
        raise SameRoleError
    if not may(role, "review"):
        cases.leave(tx, person.id)  # whatever is before them as a reviewer goes to others
    if not may(role, "administer"):
        tx.run(mass.DROP_OF, person=person.id)  # what they proposed as an admin waits no longer
        holding.hold_of(tx, person.id, others, now)
    settled = "reviewer" if may(role, "review") else "no-reviewer"
    tx.run(staff.DECIDE_ALL, person=person.id, what=settled, actor=by.actor.id, now=now)
    record(tx, by.actor, Act("role", person.id, figures={"before": person.role, "after": role, "why": why}), now)
    tell(tx, person.id, Text(_NEW_ROLE[role].message, {"why": why}), now)


def suspend(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> int:
    """Let them do no work until it is lifted; what they held goes to others: how many tasks. Raises StaffError."""
    others = holding.others(tx, person.id)
    person = still(tx, person.id)
    why = by.why(person, why)
    if not tx.run(staff.SUSPEND, person=person.id, now=now):
        raise AlreadySuspendedError
    given_back = end_leases(tx, person.id)
    cases.leave(tx, person.id)
    tx.run(mass.DROP_OF, person=person.id)
    holding.hold_of(tx, person.id, others, now)
    tx.run(staff.DECIDE_ALL, person=person.id, what="suspend", actor=by.actor.id, now=now)
    record(tx, by.actor, Act("suspend", person.id, figures={"why": why, "given_back": given_back}), now)
    tell(tx, person.id, _("An admin has suspended your work here. The reason: {why}", why=why), now)
    return given_back


def lift(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> None:
    """End a suspension. Raises StaffError."""
    person = still(tx, person.id)
    why = by.why(person, why)
    if not tx.run(staff.LIFT, person=person.id):
        raise NotSuspendedError
    record(tx, by.actor, Act("lift", person.id, figures={"since": person.suspended_at, "why": why}), now)
    tell(tx, person.id, _("You can work here again: the suspension is over. The reason: {why}", why=why), now)


def decide(tx: Tx, by: Charge, proposal: int, why: str, now: int, *, accept: bool) -> Listed:
    """Do what was proposed, or leave all as it is; whom it was about. Raises StaffError."""
    proposed = proposal_of(tx, proposal)
    person = still(tx, proposed.person)
    why = by.why(person, why)
    if not tx.run(staff.DECIDE, proposal=proposal, actor=by.actor.id, now=now, accepted=accept):
        raise DecidedError
    record(tx, by.actor, _decision(proposed, why, accept=accept), now)
    if accept:
        _DEEDS[proposed.what](tx, by, person, why, now)
    else:
        tell(tx, person.id, Text(_LEFT[proposed.what].message, {"why": why}), now)
    return person


def _suspend(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> None:
    if person.suspended_at is None:
        suspend(tx, by, person, why, now)


def _promote(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> None:
    if person.role == "worker":
        set_role(tx, by, person, "reviewer", why, now)


def _demote(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> None:
    if person.role == "reviewer":
        set_role(tx, by, person, "worker", why, now)


_DEEDS: Mapping[str, Callable[[Tx, Charge, Listed, str, int], None]] = MappingProxyType(
    {"suspend": _suspend, "reviewer": _promote, "no-reviewer": _demote}
)
"""What is done once a proposal is accepted, where it is not done already."""
_LEFT: Mapping[str, Text] = MappingProxyType(
    {
        "suspend": _("An admin has looked at your recent work, and all stays as it is. The reason: {why}"),
        "reviewer": _("You are not a reviewer yet; your work goes on as before. The reason: {why}"),
        "no-reviewer": _("An admin has looked at your votes, and you go on as a reviewer. The reason: {why}"),
    }
)


def _decision(proposed: Proposed, why: str, *, accept: bool) -> Act:
    figures = {"proposal": proposed.id, "proposed": proposed.what, "accepted": accept, "why": why}
    return Act("decide", proposed.person, proposed.project, figures)


def still(tx: Tx, person: int) -> Listed:
    """The person as they are now, locked before anything of theirs, as their own turns do it.

    Raises UnknownPersonError.
    """
    tx.one(qualification.LOCK_PERSON, person=person)
    return find(tx, str(person))
