"""Why an answer cannot be taken, or no task be given."""

from db.errors import InputError, told


class AssignmentError(InputError):
    """The assignment is not what the person thinks it is."""


class TooLateError(AssignmentError):
    """The lease ended and others have filled the slot."""

    message = told("Go on with the next one: this item has been finished by others meanwhile.")


class NotYoursError(AssignmentError):
    """There is no such assignment, or it was answered."""

    message = told("Go on with the current item: that one is no longer open.")


class BudgetSpentError(AssignmentError):
    """The project's budget cannot pay another answer."""

    message = told("Choose another project: the budget of this one is used up just now.")


class NothingToUndoError(AssignmentError):
    """Nothing was answered or skipped, or it can no longer be taken back."""

    message = told("Go on from here: there is nothing to take back any more.")


class ProjectClosedError(AssignmentError):
    """The project does not take answers any more."""

    message = told("Choose another project: this one has just closed.")
