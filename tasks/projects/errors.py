"""Why a project cannot be found, changed or moved on."""

from db.errors import InputError, told


class ProjectError(InputError):
    """Something about a project that the requester can mend."""


class UnknownProjectError(ProjectError):
    """There is no such project, and none like it."""

    message = told("Run “project list” to see which there are: there is no project “{key}”.")


class UnseenProjectError(UnknownProjectError):
    """The same, said to whoever looks by chat."""

    message = told("Look under /projects which there are: there is no project “{key}”.")


class MistypedProjectError(UnknownProjectError):
    """There is no such project, but one like it."""

    message = told("Did you mean “{nearest}”? There is no project “{key}”.")


class TakenError(ProjectError):
    """A requester's file names the project of somebody else."""

    message = told("Choose another id: “{key}” is taken.")


# --------------------------------------------------------------------------- life cycle


class TransitionError(ProjectError):
    """The project is not in a state from which this is possible."""


class AlreadyLiveError(TransitionError):
    """It runs."""

    message = told("Nothing to do: “{key}” is live already.")


class AlreadyPausedError(TransitionError):
    """It rests."""

    message = told("Nothing to do: “{key}” is paused already.")


class AlreadyClosedError(TransitionError):
    """It has ended."""

    message = told("Nothing to do: “{key}” is closed already.")


class ClosedForGoodError(TransitionError):
    """It has ended, and does not begin again."""

    message = told("Add the file again under a new id: “{key}” is closed, and that is for good.")


class NoBudgetError(TransitionError):
    """It pays for answers, and its budget cannot pay one."""

    message = told("Give “{key}” a budget first: what is left of it, {left}, pays for no answer.")


class NotLaunchedError(TransitionError):
    """It has not begun."""

    message = told("Launch “{key}” first: it is still a draft.")


class NothingToDoError(TransitionError):
    """It has no tasks to work on."""

    message = told("Add data to “{key}” first: it has no tasks to work on yet.")


# --------------------------------------------------------------------------- changes


class FixedAfterLaunchError(ProjectError):
    """A part of the file that answers already depend on."""

    message = told("Put {keys} back as it was, or use a new id: “{key}” has been launched, and answers depend on it.")


class ShapeChangedError(ProjectError):
    """The question changed under rows that this data file does not bring again."""

    message = told(
        "Import all rows of “{key}” again together with the change, or use a new id: "
        "{n} rows were imported under the old question."
    )


class NoSuchColumnError(ProjectError):
    """The file shows a column that the data has not."""

    message = told("Name a column of the data in “show”: there is no “{column}”; there are {columns}.")


class NothingShownError(ProjectError):
    """The file does not say what to show, and it cannot be guessed."""

    message = told("Say with “show” what the worker sees: the data has {columns}.")


class NoDataError(ProjectError):
    """The data file holds no row."""

    message = told("Give a data file with rows: this one has none.")


class PicturesWithoutDataError(ProjectError):
    """Examples show pictures, and there is no data beside which they could lie."""

    message = told("Give the data file too: the pictures of the examples lie beside it.")
