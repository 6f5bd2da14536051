"""Whatever happens in whatever order: never more reminders a day than may be, none in quiet hours, no cause twice."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from db.session import open_database
from tasks.calendar import local_day
from tasks.notices import take, tell
from tasks.outreach.queue import remind
from tasks.outreach.reminders import HERE_MS, SENT_ROUND
from tasks.outreach.switches import switch
from tasks.words import _
from tasks.zones import Quiet, is_quiet
from tests.conftest import NOON, Clock
from tests.support.outreach import people
from tests.support.reminded import Post

_MINUTE = 60_000
_ZONES = ("Asia/Seoul", "America/New_York", "")
_QUIET = (Quiet(22 * 60, 8 * 60), Quiet(12 * 60, 13 * 60), None)
_TOPICS = st.sampled_from(["notice", "qualification", "digest"])
_WHO = st.integers(0, len(_ZONES) - 1)


class Reminded(RuleBasedStateMachine):
    """Three people in three zones, a queue, and a clock."""

    template: Path

    @initialize()
    def begin(self) -> None:
        """Nobody has been told anything."""
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "reminded.db")
        self.database = open_database(f"sqlite:///{self.folder / 'reminded.db'}")
        self.clock = Clock(NOON)
        self.post = Post(self.database, self.clock)
        each = [
            {"zone": zone, "quiet_from": quiet and quiet.start, "quiet_until": quiet and quiet.end}
            for zone, quiet in zip(_ZONES, _QUIET, strict=True)
        ]
        self.people = people(self.database, *each)
        self.seen = dict.fromkeys(self.people, 0)
        self.told: Counter[str] = Counter()
        self.tells = 0
        self.read: list[str] = []

    def _run(self, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        return self.database.run(lambda tx: work(tx, *given, **named)).result()

    def teardown(self) -> None:
        """Leave nothing."""
        self.database.close()
        shutil.rmtree(self.folder)

    @rule(who=_WHO, topic=_TOPICS, cause=st.integers(0, 30), n=st.integers(1, 5))
    def reminds(self, who: int, topic: str, cause: int, n: int) -> None:
        """The same causes come again and again."""
        for each in range(cause, cause + n):
            self._run(remind, self.people[who], topic, f"{topic}:{each}", _("Wallet"), self.clock())

    @rule(who=_WHO)
    def tells_them(self, who: int) -> None:
        """Something waits for them."""
        self.tells += 1
        self._run(tell, self.people[who], str(self.tells), self.clock())

    @rule(who=_WHO, reads=st.booleans())
    def comes(self, who: int, reads: bool) -> None:  # noqa: FBT001 - drawn
        """They are here, and perhaps read what waits for them."""
        self.seen[self.people[who]] = self.clock()
        self.post.change(
            "UPDATE conversation SET seen_at = :now WHERE person_id = :who", now=self.clock(), who=self.people[who]
        )
        if reads:
            self.read += [str(words) for words in self._run(take, self.people[who])]

    @rule(who=_WHO, topic=_TOPICS, on=st.booleans())
    def turns(self, who: int, topic: str, on: bool) -> None:  # noqa: FBT001 - drawn
        """A switch of theirs."""
        self._run(switch, self.people[who], topic, on=on)

    @rule(minutes=st.sampled_from([1, 3, 7, 45, 180, 600]), looks=st.booleans())
    def time_passes(self, minutes: int, looks: bool) -> None:  # noqa: FBT001 - drawn
        """The clock perhaps looks for what there is to remind of, the courier comes: at a good time for each."""
        self.clock.pass_ms(minutes * _MINUTE)
        if looks:
            self.post.look()
        before = len(self.post.sent)
        self.post.post()
        for person, topic, at, words in self.post.sent[before:]:
            who = self.people.index(person)
            quiet = _QUIET[who]
            assert not is_quiet(quiet, _ZONES[who], at)
            assert topic in SENT_ROUND or self.seen[person] <= at - HERE_MS
            self.read += [str(part) for part in getattr(words, "parts", ())]

    @invariant()
    def few_a_day(self) -> None:
        """Of their own days."""
        days = Counter(
            (person, local_day(at, _ZONES[self.people.index(person)]))
            for person, topic, at, _words in self.post.sent
            if topic not in SENT_ROUND
        )
        assert all(n <= self.post.per_day for n in days.values())

    @invariant()
    def nothing_twice(self) -> None:
        """No notice is read twice, in the chat and in a message; no cause is sent twice."""
        assert all(n == 1 for n in Counter(self.read).values())
        rows = self.database.run(
            lambda tx: tx.connection.exec_driver_sql("SELECT cause FROM delivery WHERE state = 'sent'").all()
        ).result()
        assert all(n == 1 for n in Counter(row[0] for row in rows).values())
        assert len(rows) == len(self.post.sent)


@pytest.mark.timeout(180)
def test_reminders(sqlite_template: Path) -> None:
    run_state_machine_as_test(
        type("Reminded", (Reminded,), {"template": sqlite_template}),
        settings=settings(
            max_examples=25,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
