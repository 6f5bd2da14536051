"""Who may do what: the one place where it is decided."""

from collections.abc import Mapping
from types import MappingProxyType

ROLES = ("worker", "reviewer", "requester", "admin", "owner")
"""What a person can be made, from little to much."""

SUSPENDED = "suspended"
"""The role of somebody who is suspended, whatever they were before and will be again."""

PERMITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        SUSPENDED: frozenset({"own"}),
        "worker": frozenset({"own", "work"}),
        "reviewer": frozenset({"own", "work", "review", "inspect"}),
        "requester": frozenset({"own", "work", "request", "inspect"}),
        "admin": frozenset({"own", "work", "review", "request", "inspect", "administer"}),
        "owner": frozenset({"own", "work", "review", "request", "inspect", "administer", "govern"}),
    }
)
"""What each role may do.

``own`` is what is everybody's own: their language, their data, to leave. ``request`` is to run projects of one's own
(``tasks.projects.own``), ``inspect`` to see how an answer came about, ``administer`` to have charge of all projects and
people, ``govern`` to say who is an admin.
"""


def may(role: str, permit: str) -> bool:
    """Whether a person of that role may; an unknown role may nothing."""
    return permit in PERMITS.get(role, frozenset())
