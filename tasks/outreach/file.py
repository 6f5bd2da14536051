"""A broadcast as a file: what it says, to whom, when; every mistake with its line and what to do about it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, ValidationError, field_validator, model_validator

from db.errors import InputError, told
from tasks.outreach import content
from tasks.outreach.audience import MOST_PEOPLE
from tasks.outreach.hours import at_their_hour
from tasks.outreach.timing import HourError
from tasks.projects import remedies
from tasks.projects.mistakes import FileMistake, ProjectFileError, WrongError, because
from tasks.projects.outline import Outline, outline
from tasks.projects.part import Fraction, Part, Skill
from tasks.projects.values import Duration, Language, Said, Words
from tasks.words import _

_DAY_MS, _MINUTE_MS = 86_400_000, 60_000
_MOST_BYTES = 1_000_000
_EXAMPLE = "text: {en: Hello}"


class BroadcastFileError(ProjectFileError):
    """The file has mistakes: all of them, in the order of their lines."""

    message = told("Mend the broadcast file first:\n{mistakes}")


class BroadcastFileUnreadableError(InputError):
    """The file cannot be opened."""

    message = told("Check the path of the broadcast file: “{path}” cannot be read.")


class KeyPart(Part):
    """A key below the message: a link, or the way to the open projects."""

    text: Annotated[Words, Said(content.LABEL)]
    link: str | None = None
    opens: Literal["projects"] | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> KeyPart:
        if (self.link is None) == (self.opens is None):
            raise WrongError(_("say where the key leads: “link” with an address, or “opens: projects”"))
        return self


class Worked(Part):
    """So many answers in a project; the id alone for one."""

    project: str
    answers: int = Field(default=1, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, raw: object) -> object:
        return {"project": raw} if isinstance(raw, str) else raw


class Right(Part):
    """A share of the hidden checks of a project."""

    project: str
    share: Fraction


class Who(Part):
    """What narrows it; all that is given must hold."""

    gate: int = Field(default=0, ge=0, le=4)
    role: Literal["worker", "reviewer", "requester", "admin", "owner"] | None = None
    skills: tuple[Skill, ...] = ()
    languages: tuple[Language, ...] = ()
    here_within_ms: Duration | None = Field(default=None, alias="here_within")
    not_here_for_ms: Duration | None = Field(default=None, alias="not_here_for")
    worked: Worked | None = None
    never_worked: str | None = None
    right: Right | None = None
    people: tuple[str, ...] = Field(default=(), max_length=MOST_PEOPLE)
    """Numbers, or ``channel:id``."""
    list: str | None = None
    """A file of such, beside the broadcast's."""
    as_project_asks: bool = False
    """Gate, languages and skills of the project's own ``audience``, in the place of those above."""

    @field_validator("here_within_ms", "not_here_for_ms")
    @classmethod
    def _days(cls, millis: int | None) -> int | None:
        if millis is not None and millis % _DAY_MS:
            raise WrongError(_("write whole days, such as 7d"))
        return millis


class Waves(Part):
    """So many people at a time."""

    people: int = Field(ge=1, le=10_000_000)
    every_ms: Duration = Field(alias="every")

    @field_validator("every_ms")
    @classmethod
    def _minutes(cls, millis: int) -> int:
        if millis % _MINUTE_MS:
            raise WrongError(_("write whole minutes, such as 10m"))
        return millis


class When(Part):
    """At once; not before a moment; or at an hour of each person's day."""

    at: AwareDatetime | None = None
    hour: str | None = None
    day: str | None = None
    zone: str = "UTC"
    """For people who have not said where they are."""
    waves: Waves | None = None

    @model_validator(mode="after")
    def _one_way(self) -> When:
        if self.at is not None and self.hour is not None:
            raise WrongError(_("keep one of them: “at” is a moment, “hour” a time of each person’s day"))
        if self.day is not None and self.hour is None:
            raise WrongError(_("add “hour”, such as “09:00”: the day alone says no time"))
        return self

    @field_validator("hour", "day")
    @classmethod
    def _written(cls, raw: str | None) -> str | None:
        if raw is None:
            return None
        try:
            if ":" in raw:
                at_their_hour(raw, "UTC", 0)
            else:
                date.fromisoformat(raw)
        except (HourError, ValueError):
            raise WrongError(because(HourError())) from None
        return raw


class BroadcastFile(Part):
    """The whole file."""

    text: Annotated[Words, Said(content.TEXT, optional=True)] = Field(default={})
    second: Annotated[Words, Said(content.TEXT, optional=True)] = Field(default={})
    """The other text, where two are compared."""
    picture: str | None = None
    """A file beside this one."""
    keys: tuple[KeyPart, ...] = Field(default=(), max_length=content.MOST_KEYS)
    project: str | None = None
    places: int | None = Field(default=None, ge=1)
    audience: Who = Who()
    when: When = When()

    @model_validator(mode="after")
    def _whole(self) -> BroadcastFile:
        if not self.text:
            raise WrongError((("text",), _("write what the message is to say")))
        if self.places is not None and self.project is None:
            raise WrongError((("places",), _("add “project”: a place is one in a project")))
        if self.audience.as_project_asks and self.project is None:
            raise WrongError((("audience", "as_project_asks"), _("add “project”: it is its audience that is meant")))
        return self


def read_broadcast(file: Path) -> tuple[BroadcastFile, Outline]:
    """The file, and the lines of its values. Raises BroadcastFileError, BroadcastFileUnreadableError."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BroadcastFileUnreadableError(path=str(file)) from error
    if not raw.strip() or len(raw) > _MOST_BYTES:
        mistake = _("write the broadcast into the file, such as “{example}”", example=_EXAMPLE)
        raise BroadcastFileError([FileMistake(0, mistake)])
    try:
        read = outline(raw, is_json=file.suffix.lower() == ".json")
    except ProjectFileError as error:
        raise BroadcastFileError(error.mistakes) from error
    found = list(read.mistakes)
    spec: BroadcastFile | None = None
    try:
        spec = BroadcastFile.model_validate(read.data)
    except ValidationError as error:
        found += remedies.mistakes(error, read, BroadcastFile)
    if found or spec is None:
        raise BroadcastFileError(found)
    return spec, read


def moment_of(at: datetime) -> int:
    """Milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def whole_days(millis: int | None) -> int | None:
    """Days of a duration."""
    return None if millis is None else millis // _DAY_MS


def whole_minutes(millis: int) -> int:
    """Minutes of a duration."""
    return millis // _MINUTE_MS
