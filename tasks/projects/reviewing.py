"""The parts of the project file that say how answers are reviewed, and what they earn."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    FieldSerializationInfo,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_validator,
)

from tasks.money.amounts import write_amount
from tasks.projects.mistakes import WrongError
from tasks.projects.part import Fraction, Part
from tasks.projects.values import Currency, Duration, LabelKey, Said, Wait, Words, read_amount, unique
from tasks.words import _

_DAY = 86_400_000


class Reward(Part):
    """What an answer and a reviewer's vote earn, in minor units of the currency, and out of how much."""

    currency: Currency
    answer: int
    vote: int = 0
    budget: int | None = None
    """The most that all of it may cost; None for as much as it takes."""
    hold_ms: Wait = Field(default=3 * _DAY, alias="hold")
    """How long an answer's pay is on hold if nobody accepts or rejects it before."""

    @field_validator("answer", "vote", "budget", mode="before")
    @classmethod
    def _read(cls, raw: object, info: ValidationInfo) -> int | None:
        currency = info.data.get("currency")
        if raw is None and info.field_name == "budget":
            return None
        return read_amount(raw, currency) if currency else 0

    @field_serializer("answer", "vote", "budget")
    def _write(self, minor: int | None, _info: FieldSerializationInfo) -> str | None:
        return None if minor is None else write_amount(minor, self.currency)


class Reason(Part):
    """Why an answer can be rejected, and what part of its pay is paid all the same."""

    key: LabelKey
    text: Annotated[Words, Said(200)]
    pay: Fraction = 0


class Review(Part):
    """How disputed tasks and single answers are decided, and the quiz by which a reviewer is known."""

    votes: int = Field(default=3, ge=1, le=25)
    most: int | None = Field(default=None, ge=1, le=51)
    """Votes at the most, before an admin decides; by default twice ``votes`` and one."""
    share: Fraction | None = None
    """The part of the answers that a reviewer looks at; less of whoever has a good record. By default all of those that
    no other answer is held against (free text that is asked once), and none of others."""
    audit: Fraction = 0
    """The part of the agreed tasks that reviewers decide too, unknowing."""
    reasons: Annotated[
        tuple[Reason, ...], Field(max_length=20), AfterValidator(unique(lambda reason: str(reason.key), "key"))
    ] = ()
    """Why an answer can be rejected; without any, some that fit everywhere."""
    redo_within_ms: Duration = Field(default=_DAY, alias="redo_within")
    appeal_within_ms: Duration = Field(default=7 * _DAY, alias="appeal_within")
    appeal_votes: int = Field(default=2, ge=2, le=25)
    decide_within_ms: Duration = Field(default=3 * _DAY, alias="decide_within")
    """Within which an appeal is decided: after it, it is granted."""
    quiz: int = Field(default=0, ge=0, le=100)
    pass_share: Fraction = Field(default=0.9, alias="pass")

    @model_validator(mode="after")
    def _in_order(self) -> Review:
        if self.most is not None and self.most < self.votes:
            raise WrongError(
                _("let “most” be at least “votes”: {most} is below {votes}", most=self.most, votes=self.votes)
            )
        return self

    @property
    def most_votes(self) -> int:
        """How many votes there may be on a dispute before an admin decides."""
        return self.most or 2 * self.votes + 1
