"""The database as the rooms above see it: a transaction to hand down, errors to tell."""

from db.errors import CrowdloomError, FailureError, InputError
from db.session import Database, Tx

__all__ = ["CrowdloomError", "Database", "FailureError", "InputError", "Tx"]
