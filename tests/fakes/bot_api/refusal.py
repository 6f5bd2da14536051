"""How the Bot API says no: a status and Telegram's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):  # noqa: N818 - what a server does is no error of its own
    """A call that the Bot API would refuse; ``parameters`` carry ``retry_after``."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.description = description
        self.parameters: Mapping[str, int] = parameters

    def body(self) -> dict[str, Any]:
        """The JSON of the reply."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        return body


def bad(description: str) -> Refused:
    """A 400."""
    return Refused(400, f"Bad Request: {description}")


def flood(seconds: int) -> Refused:
    """A 429."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
