"""Who may do what: the one place where it is decided."""

from collections.abc import Mapping
from types import MappingProxyType

PERMITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "worker": frozenset({"work"}),
        "reviewer": frozenset({"work", "review"}),
        "admin": frozenset({"work", "review", "administer"}),
    }
)
"""What each role may do."""


def may(role: str, permit: str) -> bool:
    """Whether a person of that role may; an unknown role may nothing."""
    return permit in PERMITS.get(role, frozenset())
