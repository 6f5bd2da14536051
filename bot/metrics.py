"""What Prometheus may ask: turns and how long they take, leases that ended, the queue of waiting turns."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counters of one process (``bot.conversation.Observer``)."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._turns = Histogram(
            "crowdloom_turn_seconds",
            "Time from hearing an event to its commit.",
            ("channel", "heard"),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._failed = Counter(
            "crowdloom_turns_failed", "Turns that were rolled back.", ("channel", "heard"), registry=self._registry
        )
        self._leases = Counter("crowdloom_leases_ended", "Leases that ended unanswered.", registry=self._registry)

    def turn(self, channel: str, heard: str, seconds: float, *, failed: bool) -> None:
        """See ``Observer.turn``."""
        self._turns.labels(channel, heard).observe(seconds)
        if failed:
            self._failed.labels(channel, heard).inc()

    def swept(self, leases: int) -> None:
        """See ``Observer.swept``."""
        self._leases.inc(leases)

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self._registry)
