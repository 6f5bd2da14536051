"""What is counted, for ``/metrics``: a registry of its own, made where the bot is put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from db.queries.deliveries import Queue
from db.queries.pulse import Totals

if TYPE_CHECKING:
    from tasks.reports.course import Course

CONTENT_TYPE = CONTENT_TYPE_LATEST
_MOST_LABELS = 20
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
        self._deliveries = Counter(
            "crowdloom_deliveries",
            "Messages of the bot's own accord, by what became of them.",
            ("state",),
            registry=registry,
        )
        self._queue = Gauge(
            "crowdloom_delivery_queue",
            "Messages that wait to be sent: all, and those that are due.",
            ("what",),
            registry=registry,
        )
        self._swept = Counter("crowdloom_leases_swept", "Leases that ended without an answer.", registry=registry)
        self._waiting = Gauge("crowdloom_waiting_turns", "Turns that wait for the database.", registry=registry)
        self._leads = Gauge(
            "crowdloom_leads",
            "Whether this process keeps the clock and the courier (one alone does).",
            registry=registry,
        )
        self._work = Gauge("crowdloom_work", "Rows over all projects, by what they are.", ("what",), registry=registry)

        self._projects = _Projects(registry)

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

    def delivered(self, state: str) -> None:
        """A message of the bot's own accord has been sent, or has not: a state of a delivery."""
        self._deliveries.labels(state).inc()

    def hold_queue(self, queue: Queue) -> None:
        """How many messages wait, as of the last look."""
        for what, count in queue._asdict().items():
            self._queue.labels(what).set(count)

    def watch_queue(self, length: Callable[[], int]) -> None:
        """Ask ``length`` at each reading of the metrics how many turns wait."""
        self._waiting.set_function(length)

    def watch_lead(self, leads: Callable[[], bool]) -> None:
        """Ask ``leads`` at each reading of the metrics whether this process leads."""
        self._leads.set_function(leads)

    def hold(self, totals: Totals) -> None:
        """The state of the work, as the database says at this moment."""
        for what, count in totals._asdict().items():
            self._work.labels(what).set(count)

    def hold_projects(self, courses: Sequence[Course]) -> None:
        """How live projects go, as of the last look; those that were held before and are not given are forgotten."""
        self._projects.hold(courses)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)


class _Projects:
    """Gauges by project (the id of its file): the figures of ``/stats ID``, but for those of single people."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, says: str, *labels: str) -> Gauge:
            return Gauge(f"crowdloom_project_{name}", says, ("project", *labels), registry=registry)

        self._items = gauge("items", "Items of a live project: all, and those settled, by how.", "what")
        self._answers = gauge("answers", "Answers of a live project.")
        self._share = gauge("share", "Answers as their items were settled; hidden checks answered right.", "what")
        self._label = gauge("label_items", "Items settled with a label.", "label")
        self._disputes = gauge("disputes", "Disputes by cause and end.", "cause", "end")
        self._pace = gauge("settled_a_day", "Items settled a day, over the last seven.")
        self._done = gauge("done_timestamp_seconds", "When it will be done, by the forecast.", "end")
        self._due = gauge("due_timestamp_seconds", "When it is due.")
        self._spent = gauge("spent_minor_units", "What it has cost.", "currency")

    def hold(self, courses: Sequence[Course]) -> None:
        """Forget what was held, and hold these."""
        for gauge in vars(self).values():
            gauge.clear()
        for course in courses:
            self._counts(course)
            self._times(course)

    def _counts(self, course: Course) -> None:
        counts = {"all": course.tasks, "agreed": course.agreed, "disputed": course.disputed, "decided": course.decided}
        for what, count in counts.items():
            self._items.labels(course.key, what).set(count)
        self._answers.labels(course.key).set(course.answers)
        for one in course.mix[:_MOST_LABELS] if course.labels else ():
            self._label.labels(course.key, one.label.key).set(one.tasks)
        for dispute in course.disputes:
            self._disputes.labels(course.key, dispute.cause, dispute.end).set(dispute.cases)
        right, seen = course.gold
        if course.agreement is not None:
            self._share.labels(course.key, "agreement").set(course.agreement)
        if seen:
            self._share.labels(course.key, "hidden checks").set(right / seen)
        if course.currency:
            self._spent.labels(course.key, course.currency).set(course.spent)

    def _times(self, course: Course) -> None:
        self._pace.labels(course.key).set(course.pace)
        for end, moment in course.forecast._asdict().items() if course.forecast else ():
            self._done.labels(course.key, end).set(moment / 1000)
        if course.deadline:
            self._due.labels(course.key).set(course.deadline / 1000)
