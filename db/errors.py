"""The root of all errors of ours. What a person is told lives on the error, and in the catalogue."""

from __future__ import annotations

from typing import Any


def told(message: str) -> str:
    """Mark an error's sentence for the catalogue (a keyword of pybabel extract)."""
    return message


class CrowdloomError(Exception):
    """Something that a person is told about.

    Each kind of error is a class with its ``message``: the English sentence with ``{name}`` fields, what to do
    first and then why. ``values`` fill the fields; ``str(error)`` is the sentence in English.
    """

    message = told("Please try again in a moment: something on our side did not work.")

    def __init__(self, **values: Any) -> None:
        super().__init__(self.message.format(**values))
        self.values = values


class InputError(CrowdloomError):
    """The person can mend it: exit 2 in the shell."""


class FailureError(CrowdloomError):
    """The person cannot mend it: exit 1 in the shell."""


class TurnAgainError(RuntimeError):
    """What a turn has read has changed before it was locked: the database runs the whole turn once more.

    Nobody is told, and no conversation catches it. Never raised where turns come one after the other (SQLite).
    """


class DatabaseUnavailableError(FailureError):
    """The database cannot be opened, or is closed."""

    message = told("Check the database's address and that it is running: it cannot be opened.")
