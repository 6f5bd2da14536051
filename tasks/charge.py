"""Who has charge of whom: what somebody may decide about somebody else, by what both of them are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from db.errors import InputError, told
from db.queries.staff import Listed
from tasks.access import ROLES, may
from tasks.privacy.audit import SHELL, Actor

MOST_OF_REASON = 300
"""Characters of a reason."""
_OWNERS_GIVE = frozenset({"admin", "owner"})
"""Roles that only an owner gives."""


class StaffError(InputError):
    """It cannot be done to this person."""


class NoReasonError(StaffError):
    """No reason was given, one without words, or a very long one."""

    message = told("Say why, in up to {most} characters: the person is told the reason.")


class YourselfError(StaffError):
    """Nobody decides about themselves."""

    message = told("Ask another admin: nobody decides about themselves.")


class HigherRoleError(StaffError):
    """They have as much charge as who decides, or more."""

    message = told("Ask an owner: they are in charge themselves, as you are.")


class OwnersGiveItError(StaffError):
    """Only owners give this role."""

    message = told("Ask an owner: only owners say who is an admin or an owner.")


class SettingsAdminError(StaffError):
    """Who is named in the settings is an owner, whatever the database says."""

    message = told("Take them out of CROWDLOOM_ADMINS first: whoever is named there is an owner.")


def nobody(_channel: str, _user: str) -> str:
    """Settings that give no role to anybody."""
    return ""


@dataclass(frozen=True, slots=True)
class Charge:
    """Who decides about people: who it is for the record, their role, and which role the settings give to whom."""

    actor: Actor
    role: str
    given: Callable[[str, str], str] = nobody
    """The role that the settings give to the id of a channel; empty where they say nothing."""

    def role_of(self, person: Listed) -> str:
        """What somebody is, by the settings or else by their row."""
        return self.given(person.channel, person.external_id) or person.role

    def over(self, person: Listed) -> bool:
        """Whether they decide about this person at all."""
        if self.actor.id == person.id or may(self.given(person.channel, person.external_id), "administer"):
            return False
        return may(self.role, "govern") or _rank(self.role) > _rank(person.role)

    def gives(self, role: str) -> bool:
        """Whether they may give this role to somebody."""
        return may(self.role, "govern") or (may(self.role, "administer") and role not in _OWNERS_GIVE)

    def refuse(self, person: Listed) -> None:
        """Raises StaffError where they do not decide about this person."""
        if self.actor.id is not None and self.actor.id == person.id:
            raise YourselfError
        if may(self.given(person.channel, person.external_id), "administer"):
            raise SettingsAdminError
        if not self.over(person):
            raise HigherRoleError

    def why(self, person: Listed, why: str) -> str:
        """The reason as it is told and recorded. Raises StaffError."""
        self.refuse(person)
        return reason(why)


def reason(why: str) -> str:
    """Some words in one line. Raises NoReasonError."""
    why = " ".join(why.split())
    if len(why) > MOST_OF_REASON or not any(map(str.isalnum, why)):
        raise NoReasonError(most=MOST_OF_REASON)
    return why


def the_shell(given: Callable[[str, str], str] = nobody) -> Charge:
    """Whoever may start the program on the machine may all, but what the settings forbid."""
    return Charge(SHELL, "owner", given)


def _rank(role: str) -> int:
    return ROLES.index(role) if role in ROLES else -1
