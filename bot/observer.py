"""Who counts what happens: the metrics of a service, or nobody."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Counts what happens (``bot.metrics``)."""

    def turn(self, channel: str, heard: str, seconds: float, *, failed: bool) -> None:
        """A turn has been committed, or has failed."""

    def swept(self, leases: int) -> None:
        """Leases have been ended."""

    def delivered(self, state: str) -> None:
        """A message of the bot's own accord has been sent, or has not."""


class NoObserver:
    """Counts nothing."""

    def turn(self, channel: str, heard: str, seconds: float, *, failed: bool) -> None:
        """Nothing."""

    def swept(self, leases: int) -> None:
        """Nothing."""

    def delivered(self, state: str) -> None:
        """Nothing."""
