"""What is counted, for ``/metrics``: a registry of its own, made where the bot is put together."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from db.queries.pulse import Totals

CONTENT_TYPE = CONTENT_TYPE_LATEST
_TURN_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """Counts turns, sends and sweeps; keeps ``bot.conversation.Observer``. No label ever names a person."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._turns = Counter(
            "crowdloom_turns", "Turns of conversations.", ("channel", "heard", "outcome"), registry=registry
        )
        self._seconds = Histogram(
            "crowdloom_turn_seconds",
            "From an event heard to its effect committed.",
            ("channel",),
            buckets=_TURN_SECONDS,
            registry=registry,
        )
        self._sends = Counter(
            "crowdloom_sends", "Calls to a channel, by verb and outcome.", ("method", "outcome"), registry=registry
        )
        self._swept = Counter("crowdloom_leases_swept", "Leases that ended without an answer.", registry=registry)
        self._waiting = Gauge("crowdloom_waiting_turns", "Turns that wait for the database.", registry=registry)
        self._work = Gauge("crowdloom_work", "Rows over all projects, by what they are.", ("what",), registry=registry)

    def turn(self, channel: str, heard: str, seconds: float, *, failed: bool) -> None:
        """A turn has been committed, or has failed."""
        self._turns.labels(channel, heard, "failed" if failed else "done").inc()
        self._seconds.labels(channel).observe(seconds)

    def sent(self, method: str, outcome: str) -> None:
        """A channel has been called: ``done``, or the name of its error in small letters."""
        self._sends.labels(method, outcome).inc()

    def swept(self, leases: int) -> None:
        """Leases have been ended."""
        self._swept.inc(leases)

    def watch_queue(self, length: Callable[[], int]) -> None:
        """Ask ``length`` at each reading of the metrics how many turns wait."""
        self._waiting.set_function(length)

    def hold(self, totals: Totals) -> None:
        """The state of the work, as the database says at this moment."""
        for what, count in totals._asdict().items():
            self._work.labels(what).set(count)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)
