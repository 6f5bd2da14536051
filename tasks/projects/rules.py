"""Rules as data: if the figures of somebody's work in a project are such, then do this. See docs/project-file.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_serializer, model_validator
from rapidfuzz import process

from tasks.projects.mistakes import WrongError
from tasks.projects.part import Fraction, Part, Skill
from tasks.projects.values import Duration
from tasks.words import _

MOST_REMEMBERED = 64
"""Answers that a history goes back."""
_USUAL = 20
MOST_RULES = 50

Action = Literal[
    "raise-checks",
    "more-answers",
    "promote",
    "demote",
    "pause",
    "skill",
    "invite-to-practice",
    "propose-suspension",
    "dispute",
]
_SHORTEST_PAUSE_MS, _LONGEST_PAUSE_MS = 60_000, 7 * 86_400_000
"""Nobody is suspended by a rule, nor by a pause that never ends."""
ACTIONS: tuple[str, ...] = get_args(Action)
_WITH_A_VALUE: Mapping[str, str] = {"pause": "1h", "skill": "careful"}
"""Actions that need a word more, with an example."""

# --------------------------------------------------------------------------- conditions


class Bounds(Part):
    """Where a figure must lie: above ``below`` nothing is said, and so on; all that are given hold together."""

    below: float | None = None
    above: float | None = None
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None

    @model_validator(mode="after")
    def _can_hold(self) -> Bounds:
        if self.low is None and self.high is None:
            raise WrongError(_("give it a bound: “below”, “above”, “from” or “to”"))
        if self.low is not None and self.high is not None and not self._some_room(self.low, self.high):
            raise WrongError(_("let the bounds leave room between them: no figure fits these"))
        return self

    @property
    def low(self) -> float | None:
        """The higher of the lower bounds."""
        return max((bound for bound in (self.above, self.from_) if bound is not None), default=None)

    @property
    def high(self) -> float | None:
        """The lower of the upper bounds."""
        return min((bound for bound in (self.below, self.to) if bound is not None), default=None)

    def _some_room(self, low: float, high: float) -> bool:
        return low < high or (low == high and self.hold(low))

    def hold(self, value: float) -> bool:
        """Whether the figure lies there."""
        return (
            (self.below is None or value < self.below)
            and (self.above is None or value > self.above)
            and (self.from_ is None or value >= self.from_)
            and (self.to is None or value <= self.to)
        )


class Lately(Bounds):
    """The same for the ``last`` so many, once there are ``least`` of them (else all of these)."""

    last: int = Field(default=_USUAL, ge=1, le=MOST_REMEMBERED)
    least: int | None = Field(default=None, ge=1, le=MOST_REMEMBERED)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Lately:
        if self.needs > self.last:
            raise WrongError(_("let “least” be at most “last”: no more than these are looked at"))
        return self

    @property
    def needs(self) -> int:
        """How many must be there."""
        return self.last if self.least is None else self.least


class Share(Lately):
    """A share lately, 0 to 1."""

    below: Fraction | None = None
    above: Fraction | None = None
    from_: Fraction | None = Field(default=None, alias="from")
    to: Fraction | None = None


class Seconds(Lately):
    """A time lately."""


class Count(Bounds):
    """How many there are just now."""


class Chance(Bounds):
    """A probability as it stands, 0 to 1."""

    below: Fraction | None = None
    above: Fraction | None = None
    from_: Fraction | None = Field(default=None, alias="from")
    to: Fraction | None = None


class When(Part):
    """What must hold, all of it together; each key is a figure of one person's work in one project."""

    answers: Count | None = None
    doubt: Chance | None = None
    """How probable it is that they give no information, by the last batch pass."""
    skips_in_row: Count | None = None
    gold_accuracy: Share | None = None
    """Hidden checks that were right."""
    agreement: Share | None = None
    """How near their answers came to what was agreed."""
    accuracy: Share | None = None
    """Both together: ``last`` of each."""
    acceptance: Share | None = None
    """Reviewed answers that were accepted."""
    rejections: Share | None = None
    """Reviewed answers that were sent back."""
    sameness: Count | None = None
    """The same answer in a row."""
    seconds: Seconds | None = None
    """The median of their working time."""
    fast: Share | None = None
    """Answers given faster than the item can be read."""

    @model_validator(mode="after")
    def _says_something(self) -> When:
        if not self.asked:
            raise WrongError(_("say when: name at least one figure, such as gold_accuracy"))
        return self

    @cached_property
    def asked(self) -> Sequence[tuple[str, Bounds]]:
        """The figures that are asked for, and their bounds: those that are dear to know come last."""
        return [(name, bounds) for name in type(self).model_fields if (bounds := getattr(self, name)) is not None]


# --------------------------------------------------------------------------- actions


class Then(Part):
    """What is done: a word, or a word with its value: ``raise-checks``, ``{pause: 1h}``, ``{skill: careful}``."""

    action: Action
    pause_ms: Duration | None = None
    skill: Skill | None = None

    @model_validator(mode="before")
    @classmethod
    def _word(cls, raw: object) -> object:
        if isinstance(raw, dict) and len(raw) != 1:
            raise WrongError(_("write one action here: give each a rule of its own"))
        word, value = next(iter(raw.items())) if isinstance(raw, dict) else (raw, None)
        if word not in ACTIONS:
            raise WrongError(_unknown(str(word)))
        example = _WITH_A_VALUE.get(word)
        if example and value is None:
            raise WrongError(_("say which, as in {{{word}: {example}}}", word=word, example=example))
        if value is not None and not example:
            raise WrongError(_("write just “{word}”: it needs no value", word=word))
        return {"action": word, **_value(word, value)}

    @field_validator("pause_ms")
    @classmethod
    def _bearable(cls, millis: int | None) -> int | None:
        if millis is not None and not _SHORTEST_PAUSE_MS <= millis <= _LONGEST_PAUSE_MS:
            raise WrongError(_("choose a break from 1m to 7d: a longer one is a suspension, and a person decides that"))
        return millis

    @model_serializer
    def _write(self) -> str | dict[str, str]:
        if self.pause_ms is not None:
            return {"pause": f"{self.pause_ms // 1000}s"}
        return {"skill": self.skill} if self.skill is not None else self.action


_DURATION: TypeAdapter[int] = TypeAdapter(Duration)


def _value(word: str, value: object) -> dict[str, object]:
    if word == "skill":
        return {"skill": value}
    if word != "pause":
        return {}
    try:
        _DURATION.validate_python(value)
    except ValidationError as error:
        raise error.errors()[0]["ctx"]["error"] from None
    return {"pause_ms": value}


def _unknown(word: str) -> Any:
    near = process.extractOne(word, ACTIONS, score_cutoff=60)
    if near:
        return _("did you mean “{nearest}”? there is no such action", nearest=near[0])
    return _("write one of these: {limit}", limit=", ".join(ACTIONS))


# --------------------------------------------------------------------------- rules


class Rule(Part):
    """If all of it holds, then this is done; once more only when the history it looks at is another one."""

    when: When = Field(alias="if")
    then: Then

    @cached_property
    def key(self) -> str:
        """What tells it from other rules, short: a digest of all it says."""
        return blake2b(self.model_dump_json(exclude_none=True).encode(), digest_size=6).hexdigest()

    def __str__(self) -> str:
        """In the words of the project file, on one line."""
        said = self.model_dump(mode="json", exclude_none=True)
        return f"if: {_flow(said['if'])}, then: {_flow(said['then'])}"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return f"{value:g}" if isinstance(value, float) else str(value)


class RuleBook(Part):
    """A file of rules alone: an operator's."""

    rules: tuple[Rule, ...] = Field(max_length=MOST_RULES)
