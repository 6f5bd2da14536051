"""How a chat asks, one file a kind: the other half of ``tasks.kinds``."""

from collections.abc import Mapping
from types import MappingProxyType

from handlers.ask.base import Ask, Drafted, HandIn
from handlers.ask.choice import AskChoice
from handlers.ask.multi_choice import AskMultiChoice
from handlers.ask.rating import AskRating
from handlers.ask.text import AskText

_ALL: tuple[Ask, ...] = (AskChoice(), AskMultiChoice(), AskRating(), AskText())

ASKS: Mapping[str, Ask] = MappingProxyType({ask.kind: ask for ask in _ALL})
"""The chat's side of each kind, by the name that project files use."""

__all__ = ["ASKS", "Ask", "Drafted", "HandIn"]
