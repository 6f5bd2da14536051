"""The door of a project: whether a person may work in it, else why not, and what opens it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, cast

from db.queries import qualification as queries
from db.queries.qualification import Fact
from db.session import Tx
from tasks.kept import unpack
from tasks.people import Who
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tasks.words import Join, Moment, Words, _, _n

_NO_TITLES: Mapping[str, Words] = MappingProxyType({})
_OWN = 3
"""How well people speak the language of their screens, unless they said otherwise."""
_JOINED = 1

_GATES: Mapping[int, Words] = {
    2: _("for people who have practised here"),
    3: _("for people who have passed a quiz here"),
    4: _("for people with a good record here"),
}


@dataclass(frozen=True, slots=True)
class Door:
    """``open``; what comes before the work (``practice``, ``quiz``, saying one's ``age``); or ``closed``."""

    state: Literal["open", "practice", "quiz", "age", "closed"]
    why: Words = ""
    """What opens it, or why it is closed."""
    opens_at: int | None = None
    """When it may open by itself."""
    left: int = 0
    """Practice tasks, or questions of the quiz, that lie before it."""
    running: bool = False
    """A quiz has been begun."""


OPEN = Door("open")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is in one project."""

    practised: int = 0
    paused_until: int | None = None
    paused_for: str | None = None
    running: bool = False
    failed: int = 0
    """Attempts at the quiz since it was last passed."""
    failed_at: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides for a person which doors are open."""

    speaks: Mapping[str, int] = field(default_factory=dict)
    skills: Mapping[str, int | None] = field(default_factory=dict)
    """Skills and when they end."""
    invited: frozenset[int] = frozenset()
    places: Mapping[int, Place] = field(default_factory=dict)

    def holds(self, skill: str, now: int) -> bool:
        """Whether they hold it still."""
        if skill not in self.skills:
            return False
        ends_at = self.skills[skill]
        return ends_at is None or ends_at > now


# --------------------------------------------------------------------------- loading


def standing(tx: Tx, person: int, project: int | None = None) -> Standing:
    """How somebody stands, in one statement: in all projects, or in one."""
    if project is None:
        return _read(tx.all(queries.STANDING, person=person))
    return _read(tx.all(queries.STANDING_IN, person=person, project=project))


def _read(facts: Sequence[Fact]) -> Standing:
    of = {what: [fact for fact in facts if fact.what == what] for what in ("speaks", "skill", "invited")}
    projects = {fact.project for fact in facts if fact.what in {"enrolled", "quiz"}}
    return Standing(
        {str(fact.name): fact.n for fact in of["speaks"]},
        {str(fact.name): fact.at for fact in of["skill"]},
        frozenset(fact.project for fact in of["invited"]),
        {project: _place([fact for fact in facts if fact.project == project]) for project in projects},
    )


def _place(facts: Sequence[Fact]) -> Place:
    enrolled = next((fact for fact in facts if fact.what == "enrolled"), None)
    quizzes = sorted((fact for fact in facts if fact.what == "quiz"), key=lambda fact: fact.n)
    passed = max((fact.n for fact in quizzes if fact.name == "passed"), default=0)
    failed = [fact.at or 0 for fact in quizzes if fact.n > passed and fact.name in {"failed", "left"}]
    return Place(
        enrolled.n if enrolled else 0,
        enrolled.at if enrolled else None,
        enrolled.name if enrolled else None,
        any(fact.name == "running" for fact in quizzes),
        len(failed),
        max(failed, default=0),
    )


def door(tx: Tx, known: Known, who: Who, now: int) -> Door:
    """The door of a project for somebody, as things stand."""
    return decide(known, who, standing(tx, who.id, known.id), now)


def still(tx: Tx, known: Known, who: Who, now: int) -> Door:
    """The same for somebody at work there: nothing is read where the project asks for nothing."""
    return door(tx, known, who, now) if asks(known.spec) else decide(known, who, Standing(), now)


def asks(spec: Spec) -> bool:
    """Whether a project asks of people what has to be looked up."""
    audience, needs = spec.audience, spec.qualification
    return bool(audience.languages or audience.skills or audience.invited or needs.practice or needs.quiz)


# --------------------------------------------------------------------------- deciding


def decide(known: Known, who: Who, stands: Standing, now: int, titles: Mapping[str, Words] = _NO_TITLES) -> Door:
    """Pure: what a project asks for against how somebody stands, first what takes longest to change.

    ``titles`` are what people call skills, where the skill has a title.
    """
    place = stands.places.get(known.id, Place())
    return (
        _closed(known, who, stands, now, titles)
        or _too_young(known.spec, who)
        or _resting(who, now)
        or _paused(place, now)
        or _to_qualify(known.spec, stands, place, now)
        or OPEN
    )


def _closed(known: Known, who: Who, stands: Standing, now: int, titles: Mapping[str, Words]) -> Door | None:
    audience = known.spec.audience
    if known.state != "live":
        return Door("closed", _("This project is closed just now."))
    if audience.invited and known.id not in stands.invited:
        return Door("closed", _("for people who were invited"))
    if audience.languages and not _understood(known.spec, who, stands):
        return Door("closed", _spoken(known.spec))
    missing = [skill for skill in audience.skills if not stands.holds(skill, now)]
    if missing:
        return Door(
            "closed",
            _("for people who have shown: {skills}", skills=Join([titles.get(one, one) for one in missing], ", ")),
        )
    if who.gate < audience.gate and audience.gate > _JOINED:
        return Door("closed", _GATES[audience.gate])
    return None


def _understood(spec: Spec, who: Who, stands: Standing) -> bool:
    speaks = {who.language: _OWN, **stands.speaks}
    return any(speaks.get(language, 0) >= spec.audience.level for language in spec.audience.languages)


def _spoken(spec: Spec) -> Words:
    languages = Join([autonym(code) for code in spec.audience.languages], ", ")
    return {
        1: _("for people who read {languages}", languages=languages),
        2: _("for people who speak {languages} well", languages=languages),
        3: _("for people whose own language is {languages}", languages=languages),
    }[spec.audience.level]


def autonym(code: str) -> str:
    """What a language is called by those who speak it."""
    from babel import Locale  # noqa: PLC0415 - only projects that ask for a language need it

    return str(Locale.parse(code, sep="-").get_display_name() or code)


def _too_young(spec: Spec, who: Who) -> Door | None:
    if who.age >= spec.audience.age:
        return None
    return Door("age", _("for people aged {age} and over", age=spec.audience.age))


def _resting(who: Who, now: int) -> Door | None:
    """Whom an admin gives nothing new for some days, in any project."""
    if who.paused_until is None or who.paused_until <= now:
        return None
    until = _("paused for you until {when}", when=Moment(who.paused_until))
    return Door("closed", Join((until, who.paused_for), ": ") if who.paused_for else until, who.paused_until)


def _paused(place: Place, now: int) -> Door | None:
    if place.paused_until is None or place.paused_until <= now:
        return None
    until = _("paused for you until {when}", when=Moment(place.paused_until))
    why = cast("Words", unpack(json.loads(place.paused_for))) if place.paused_for else None
    return Door("closed", Join((until, why), ": ") if why else until, place.paused_until)


def _to_qualify(spec: Spec, stands: Standing, place: Place, now: int) -> Door | None:
    needs = spec.qualification
    if needs.quiz and stands.holds(spec.skill, now):
        return None
    if place.running and needs.quiz:
        return Door("quiz", _("go on with the quiz"), left=needs.quiz, running=True)
    if needs.quiz and place.failed:
        waits = _waits(spec, place, now)
        if waits:
            return waits
    if place.practised < needs.practice:
        left = needs.practice - place.practised
        return Door("practice", _n("opens with {n} practice item", "opens with {n} practice items", left), left=left)
    if needs.quiz:
        passes = _n("opens with a quiz of {n} question", "opens with a quiz of {n} questions", needs.quiz)
        return Door("quiz", passes, left=needs.quiz)
    return None


def _waits(spec: Spec, place: Place, now: int) -> Door | None:
    needs = spec.qualification
    if place.failed >= needs.attempts:
        return Door(
            "closed",
            _n("the attempt at the quiz is used up", "all {n} attempts at the quiz are used up", needs.attempts),
        )
    opens_at = place.failed_at + needs.retry_after_ms
    if opens_at > now:
        return Door("closed", _("the quiz can be tried again {when}", when=Moment(opens_at)), opens_at)
    return None
