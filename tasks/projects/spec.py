"""The project file as the program sees it; stored as JSON that reads back as a project file."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    field_serializer,
    field_validator,
    model_validator,
)
from rapidfuzz import process

from tasks.kinds import KINDS, Question
from tasks.projects.mistakes import WrongError
from tasks.projects.part import Fraction, Part, Skill
from tasks.projects.reviewing import Review, Reward
from tasks.projects.rules import MOST_RULES, Rule
from tasks.projects.values import Duration, LabelKey, Language, Said, Words, unique
from tasks.words import _

_MINUTE = 60_000
_DAY = 86_400_000
_SURE = 0.95
_MOST_LABELS = 200
_MOST_EXAMPLES = 20
_MOST_ANSWERS = 100
_SHORTEST_QUESTION, _LONGEST_QUESTION = 5_000, 3_600_000

Column = Annotated[str, Field(min_length=1, max_length=100)]


class Label(Part):
    """One of the answers to choose from."""

    key: LabelKey
    text: Annotated[Words, Said(64)]


class Show(Part):
    """The columns of the data file that the worker sees."""

    image: Column | None = None
    text: Column | None = None


class Overlap(Part):
    """How many answers a task gets: ``min`` at first, up to ``max`` until the consensus is sure enough."""

    min: int = Field(default=1, ge=1, le=_MOST_ANSWERS)
    max: int = Field(default=1, ge=1, le=_MOST_ANSWERS)
    confidence: float | None = Field(default=None, gt=0.5, lt=1)
    reopen: Fraction = 0
    """The part of the project's tasks that may be asked again, once settled, when later answers speak strongly
    against what they were settled with."""

    @model_validator(mode="before")
    @classmethod
    def _number(cls, raw: object) -> object:
        if isinstance(raw, str | int):
            return {"min": raw, "max": raw}
        if isinstance(raw, dict):
            given = {key: value for key, value in raw.items() if value is not None}
            low = given.get("min", "1")
            high = given.get("max", low)
            return {"min": low, "max": high, **({} if str(low) == str(high) else {"confidence": _SURE}), **given}
        return raw

    @model_validator(mode="after")
    def _in_order(self) -> Overlap:
        if self.min > self.max:
            raise WrongError(_("let “max” be at least “min”: {max} is below {min}", max=self.max, min=self.min))
        if self.reopen and self.fixed:
            raise WrongError(_("let “max” be above “min”, or leave “reopen” out: a fixed number is never exceeded"))
        return self

    @property
    def fixed(self) -> bool:
        """Whether each task gets the same number of answers."""
        return self.min == self.max


class Gold(Part):
    """The part of the tasks whose answer is known and hidden."""

    share: float = Field(default=0.1, ge=0, le=0.9)


class Qualification(Part):
    """What a worker passes before the work: practice, then a quiz."""

    skill: Skill | None = None
    """What passing shows, where projects share it; else it counts for this project alone."""
    practice: int = Field(default=0, ge=0, le=100)
    quiz: int = Field(default=0, ge=0, le=100)
    pass_share: Fraction = Field(default=0.8, alias="pass")
    band: Fraction | None = None
    """Whoever scores from here up to ``pass`` practises and tries again, and it is no attempt."""
    per_question_ms: Duration | None = Field(default=None, alias="per_question")
    attempts: int = Field(default=2, ge=1, le=100)
    retry_after_ms: Duration = Field(default=_DAY, alias="retry_after")
    expires_after_ms: Duration | None = Field(default=None, alias="expires_after")

    @model_validator(mode="after")
    def _band_below_pass(self) -> Qualification:
        if self.band is not None and self.band >= self.pass_share:
            raise WrongError(_("let “band” be below “pass”: it is where the middle band begins"))
        if self.band is not None and not self.practice:
            raise WrongError(_("ask for “practice” too: who ends in the band practises before trying again"))
        return self

    @field_validator("per_question_ms")
    @classmethod
    def _answerable(cls, millis: int | None) -> int | None:
        if millis is not None and not _SHORTEST_QUESTION <= millis <= _LONGEST_QUESTION:
            raise WrongError(_("choose a time from 5s to 1h for a question"))
        return millis


class Audience(Part):
    """Whom the project is for."""

    languages: tuple[Language, ...] = ()
    level: int = Field(default=1, ge=1, le=3)
    """How well one of the languages must be spoken: 1 a little, 2 well, 3 as one's own."""
    gate: int = Field(default=1, ge=1, le=4)
    age: int = Field(default=18, ge=0, le=99)
    skills: tuple[Skill, ...] = ()
    """All of these must be held."""
    invited: bool = False
    """Only for whoever came by an invitation to this project."""


class Limits(Part):
    """Bounds for one worker."""

    lease_ms: Duration = Field(default=15 * _MINUTE, alias="lease")
    per_day: int | None = Field(default=None, ge=1)
    share: float | None = Field(default=None, gt=0, le=1)
    """The most of the project's answers that may come from one worker."""

    @field_validator("lease_ms")
    @classmethod
    def _bearable(cls, millis: int) -> int:
        if not _MINUTE <= millis <= 7 * _DAY:
            raise WrongError(_("choose a lease from 1m to 7d: a shorter one ends while people read"))
        return millis


def _moment(raw: object) -> object:
    if isinstance(raw, str) and raw.strip().lstrip("-").replace(".", "").isdigit():
        raise WrongError(_("write a date with its time and zone, such as 2026-12-01T09:00+09:00"))
    return raw


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]


class Schedule(Part):
    """When the project opens by itself, and when it is due."""

    opens: Moment | None = None
    deadline: Moment | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Schedule:
        if self.opens and self.deadline and self.opens >= self.deadline:
            raise WrongError(_("let the project open before its deadline"))
        return self

    @field_serializer("opens", "deadline")
    def _write(self, at: datetime | None) -> str | None:
        return at.isoformat() if at else None


class Privacy(Part):
    """How the items are protected, and how long they are kept."""

    protect: bool = False
    watermark: bool = False
    pii: Literal["show", "mask"] = "show"
    keep_ms: Duration | None = Field(default=None, alias="keep")


class Scale(Part):
    """The steps of a rating, with words for its ends."""

    min: int = Field(default=1, ge=-100, le=100)
    max: int = Field(default=5, ge=-100, le=100)
    low: Annotated[Words, Said(64, optional=True)] = Field(default={})
    high: Annotated[Words, Said(64, optional=True)] = Field(default={})


class Length(Part):
    """Bounds of a text, in characters."""

    min: int = Field(default=1, ge=1, le=3000)
    max: int = Field(default=1000, ge=1, le=3000)


class Example(Part):
    """An item with its answer, shown with the instructions."""

    text: Annotated[Words, Said(1000, optional=True)] = Field(default={})
    image: Column | None = None
    """A file's name in the project file; once imported, the content of a picture in the media store."""
    answer: str
    why: Annotated[Words, Said(500, optional=True)] = Field(default={})

    @model_validator(mode="after")
    def _shows_something(self) -> Example:
        if not self.text and not self.image:
            raise WrongError(_("give the example a “text” or an “image”"))
        return self


def _read_kind(kind: str) -> str:
    if kind not in KINDS:
        near = process.extractOne(kind, list(KINDS))
        raise WrongError(_("did you mean “{nearest}”? “{kind}” is not a kind", kind=kind, nearest=near[0]))
    return kind


class Spec(Part):
    """A project file."""

    id: str = Field(pattern="^[a-z0-9-]{1,64}$")
    title: Annotated[Words, Said(100)]
    topic: Annotated[str, Field(max_length=32)] = ""
    """What it is about, in a word, by which people choose what they like to work on."""
    instructions: Annotated[Words, Said(3000, optional=True)] = Field(default={})
    kind: Annotated[str, AfterValidator(_read_kind)]
    question: Annotated[Words, Said(500, optional=True)] = Field(default={})
    labels: Annotated[
        tuple[Label, ...], Field(max_length=_MOST_LABELS), AfterValidator(unique(lambda label: str(label.key), "key"))
    ] = ()
    scale: Scale = Scale()
    length: Length = Length()
    show: Show = Show()
    examples: tuple[Example, ...] = Field(default=(), max_length=_MOST_EXAMPLES)
    overlap: Overlap = Overlap(min=3, max=3)
    gold: Gold = Gold()
    qualification: Qualification = Qualification()
    audience: Audience = Audience()
    reward: Reward | None = None
    limits: Limits = Limits()
    review: Review = Review()
    schedule: Schedule = Schedule()
    privacy: Privacy = Privacy()
    rules: tuple[Rule, ...] | None = Field(default=None, max_length=MOST_RULES)
    """None for the operator's; an empty list for none at all."""

    @model_validator(mode="before")
    @classmethod
    def _title_asks(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and "question" not in raw and "title" in raw:
            return {**raw, "question": raw["title"]}
        return raw

    @property
    def skill(self) -> str:
        """What passing the quiz shows: the named skill, else the project's own id."""
        return self.qualification.skill or self.id

    def question_for_kind(self) -> Question:
        """The part that the kind reads."""
        return self._question

    @cached_property
    def _question(self) -> Question:
        return Question(
            labels=tuple(label.key for label in self.labels),
            low=self.scale.min,
            high=self.scale.max,
            shortest=self.length.min,
            longest=self.length.max,
        )
