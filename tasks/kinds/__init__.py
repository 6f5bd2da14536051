"""The registry of kinds: a new sort of question is a file here, one in handlers.ask, and a line in both."""

from collections.abc import Mapping
from types import MappingProxyType

from tasks.kinds.base import Answer, AnswerError, Kind, Question
from tasks.kinds.choice import Choice
from tasks.kinds.multi_choice import MultiChoice
from tasks.kinds.rating import Rating
from tasks.kinds.text import FreeText

_ALL: tuple[Kind, ...] = (Choice(), MultiChoice(), Rating(), FreeText())

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _ALL})
"""Kinds by the name that project files use."""

__all__ = ["KINDS", "Answer", "AnswerError", "Kind", "Question"]
