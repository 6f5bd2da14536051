"""Why somebody cannot take a seat, vote or decide: each with the sentence that they are told."""

from db.errors import InputError, told


class ReviewError(InputError):
    """It cannot be reviewed by them, or not now."""


class BudgetSpentError(ReviewError):
    """The project cannot promise what a vote earns."""

    message = told("Choose another project: this one cannot pay for more votes just now.")


class NotYourCaseError(ReviewError):
    """They hold no seat at it, or had a part in the task."""

    message = told("Take the next one: this one is not yours to decide.")


class NoSeatError(ReviewError):
    """As many as are wanted vote on it already."""

    message = told("Wait for the verdict: as many as are needed vote on this one already.")


class SeatLostError(ReviewError):
    """Their time ran out, and another reviewer has the seat."""

    message = told("Take the next one: the time for this one ran out, and somebody else has it now.")


class DecidedMeanwhileError(ReviewError):
    """There is a verdict."""

    message = told("Go on with the next one: this one has been decided meanwhile.")


class WithdrawnError(ReviewError):
    """The task or the answer has changed, so that nothing is to be decided any more."""

    message = told("Go on with the next one: this one needs no decision any more.")


class UnknownChoiceError(ReviewError):
    """What was voted for is none of the things that can be voted for."""

    message = told("Tap one of the keys below the item: this is not one of the choices.")


class LongNoteError(ReviewError):
    """A note that nobody would read in a chat."""

    message = told("Say it in up to {most} characters: it is read on a phone. Your note is not kept yet.")


class NoNoteError(ReviewError):
    """A reason without words, or a very long one."""

    message = told("Write why, in up to {most} characters: everybody concerned is told the reason.")
