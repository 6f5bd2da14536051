"""Skills and the last gate, given and taken back by people in charge: with a reason, told and recorded."""

from __future__ import annotations

import re

from db.errors import told
from db.queries import staff
from db.queries.staff import Listed
from db.session import Tx
from tasks.charge import Charge, StaffError
from tasks.notices import tell
from tasks.privacy.audit import Act, record
from tasks.qualification import gates, skills
from tasks.staff import still
from tasks.words import _

MOST_OF_SKILL = 64
_SKILL = re.compile(r"[a-z0-9][a-z0-9-]*")
_DAY_MS = 86_400_000


class SkillNameError(StaffError):
    """A skill is named as in project files."""

    message = told(
        "Name the skill as project files do, in small letters, digits and hyphens: “{skill}” is no such name."
    )


class NoSuchSkillError(StaffError):
    """They do not hold it."""

    message = told("Nothing to do: they do not hold “{skill}”.")


class NotAgreedError(StaffError):
    """They have not agreed to anything yet."""

    message = told("Wait until they have joined: they have agreed to nothing yet.")


class ProvenAlreadyError(StaffError):
    """An admin has said so before."""

    message = told("Nothing to do: they are proven already.")


class NotProvenError(StaffError):
    """No admin has said so."""

    message = told("Nothing to do: no admin has made them proven. What their own work has earned, rules take back.")


def grant(tx: Tx, by: Charge, person: Listed, skill: str, days: int | None, why: str, now: int) -> None:
    """They hold a skill, for so many days or for good, as if they had earned all of it. Raises StaffError."""
    skill = skill.strip()
    if len(skill) > MOST_OF_SKILL or not _SKILL.fullmatch(skill):
        raise SkillNameError(skill=skill[:MOST_OF_SKILL])
    person = _joined(still(tx, person.id))
    why = by.why(person, why)
    ends_at = None if days is None else now + days * _DAY_MS
    skills.grant(tx, person.id, skill, 1.0, "admin", None, ends_at, now)
    record(tx, by.actor, Act("skill", person.id, figures={"skill": skill, "ends_at": ends_at, "why": why}), now)
    tell(tx, person.id, _("You have shown “{skill}” now, an admin says. The reason: {why}", skill=skill, why=why), now)


def revoke(tx: Tx, by: Charge, person: Listed, skill: str, why: str, now: int) -> None:
    """They hold it no longer; they can earn it again. Raises StaffError."""
    person = still(tx, person.id)
    why = by.why(person, why)
    if not skills.revoke(tx, person.id, skill, now):
        raise NoSuchSkillError(skill=skill[:MOST_OF_SKILL])
    record(tx, by.actor, Act("skill back", person.id, figures={"skill": skill, "why": why}), now)
    words = _("An admin has taken “{skill}” back; you can earn it again. The reason: {why}", skill=skill, why=why)
    tell(tx, person.id, words, now)


def prove(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> None:
    """They are proven, as after a long good record. Raises StaffError."""
    person = _joined(still(tx, person.id))
    why = by.why(person, why)
    if not tx.run(staff.PROVE, person=person.id, now=now):
        raise ProvenAlreadyError
    gates.reached(tx, person.id, gates.PROVEN, "an admin", now)
    record(tx, by.actor, Act("proven", person.id, figures={"why": why}), now)
    tell(tx, person.id, _("You are proven now: more projects are open to you. The reason: {why}", why=why), now)


def unprove(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> None:
    """They are what their record says again. Raises StaffError."""
    person = still(tx, person.id)
    why = by.why(person, why)
    if not tx.run(staff.UNPROVE, person=person.id):
        raise NotProvenError
    gates.recount(tx, person.id, "an admin", now)
    record(tx, by.actor, Act("proven back", person.id, figures={"why": why}), now)
    words = _("An admin has taken back that you are proven; your work earns it again. The reason: {why}", why=why)
    tell(tx, person.id, words, now)


def _joined(person: Listed) -> Listed:
    if not person.gate:
        raise NotAgreedError
    return person
