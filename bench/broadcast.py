"""A broadcast through Telegram's API: rate, memory, people at work meanwhile, and nobody left out when it is killed.

The bot runs as a process of its own, against the fake Bot API server in this one. People at work answer items with some
moments between two; the time of an answer is from the tap to the new screen. ``--people``, ``--rate`` and ``--kills``
say how large it is: 300,000 people at 28 a second take three hours.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from subprocess import Popen
from typing import Any, NamedTuple

from bench.house import database_in, fill, now_ms, percentile
from bench.telegram import child
from db.queries import deliveries
from db.queries.deliveries import Queue
from db.session import Database, Tx
from db.statement import change
from tasks.outreach import broadcast
from tasks.outreach.audience import Audience
from tasks.outreach.broadcast import Draft, Standing
from tasks.outreach.content import Content
from tasks.privacy.audit import SHELL
from tasks.projects.catalog import Catalog
from tests.fakes.botapi import BotApi, Crowd

COLUMNS = ("people", "sent/s", "of the budget", "most in a second", "RSS MB", "at work: p50/p99 ms without", "with",
           "p99 ratio", "killed", "left out", "doubles", "in flight")  # fmt: skip
SIZES = ("people", "rate", "kills")
_FIRST = 10_000_000
"""The id of the first of those who only read."""
_WORKERS, _THINK = 8, 0.25
_PERSON = change("""
    INSERT INTO person (id, channel, external_id, language, zone, role, consent, joined_at, gate)
    VALUES (:person, 'telegram', :user, 'en', 'UTC', 'worker', '1', 0, 3)
""")
_TALK = change("""
    INSERT INTO conversation (person_id, chat, flow, memory, serial, screen, message_id, heard)
    VALUES (:person, :user, 'menu', '{}', 0, '', '', '[]')
""")


class Killed(NamedTuple):
    """A time in which the bot was away (seconds of ``perf_counter``), and what was in flight when it died."""

    since: float
    until: float
    in_flight: int


@dataclass
class Watch:
    """What the fake server and the operating system see of a run."""

    people: int
    sent: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    rss: list[int] = field(default_factory=list)
    away: list[Killed] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0

    def __call__(self, method: str, chat: int) -> None:
        """A call that was obeyed."""
        if method == "sendMessage" and chat >= _FIRST:
            self.sent[chat] += 1
            self.times.append(time.perf_counter())

    @property
    def rate(self) -> float:
        """Messages a second while the bot was there: whole seconds of full load, a second after each beginning."""
        cuts = [self.times[0], *(moment for one in self.away for moment in (one.since, one.until)), self.times[-1]]
        spans = [(start + 1.0, end) for start, end in zip(cuts[::2], cuts[1::2], strict=True) if end > start + 2.0]
        sent = sum(sum(1 for at in self.times if start <= at < end) for start, end in spans)
        return sent / max(0.001, sum(end - start for start, end in spans))

    @property
    def most(self) -> int:
        """The most calls in any stretch of a second, wherever it begins."""
        best = first = 0
        for last, at in enumerate(self.times):
            while self.times[first] <= at - 1.0:
                first += 1
            best = max(best, last - first + 1)
        return best

    def waits(self, tapped: Sequence[tuple[float, float]], *, during: bool) -> list[float]:
        """How long answers took, while messages were sent or before; but for times without the bot."""
        return [
            took
            for at, took in tapped
            if (self.began <= at < self.ended) == during
            and (during or at < self.began)
            and not any(one.since - 1.0 <= at + took and at <= one.until + 3.0 for one in self.away)
        ]


def measure(*, short: bool, people: int = 0, rate: int = 28, kills: int | None = None) -> Iterator[tuple[str, ...]]:
    """One broadcast to everybody."""
    count = people or (150 if short else 5_000)
    deaths = kills if kills is not None else (1 if short else 5)
    with tempfile.TemporaryDirectory() as folder:
        database = database_in(Path(folder))
        fill(database, 40_000)
        _populate(database, count)
        try:
            yield asyncio.run(_run(database, Path(folder), count, rate, deaths, 3.0 if short else 30.0))
        finally:
            database.close()


def _populate(database: Database, people: int) -> None:
    for start in range(0, people, 5_000):
        rows = [{"person": n + 1, "user": str(_FIRST + n)} for n in range(start, min(people, start + 5_000))]

        def insert(tx: Tx, rows: Sequence[Mapping[str, Any]] = rows) -> None:
            tx.many(_PERSON, rows)
            tx.many(_TALK, rows)

        database.run(insert).result()


async def _run(database: Database, folder: Path, people: int, rate: int, kills: int, warm: float) -> tuple[str, ...]:
    watch = Watch(people)
    async with BotApi(record=False) as api:
        api.methods.world.walls = range(_FIRST, _FIRST + people)
        api.watch = watch
        settings = {
            "CROWDLOOM_API_URL": api.url,
            "CROWDLOOM_BOT_TOKEN": api.token,
            "CROWDLOOM_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "CROWDLOOM_MEDIA_DIR": f"{folder}/media",
            "CROWDLOOM_LISTEN": "127.0.0.1:0",
            "CROWDLOOM_LOG_LEVEL": "warning",
            "CROWDLOOM_BOOTSTRAP": "off",
            "CROWDLOOM_SENDS_PER_SECOND": str(rate),
        }
        crowd = Crowd(api, _WORKERS, "/start", ".*", _THINK)
        at_work = asyncio.ensure_future(crowd.stay())
        stands = await _lives(database, watch, settings, kills, warm)
        at_work.cancel()
        await asyncio.gather(at_work, return_exceptions=True)
    return _row(watch, crowd, stands, rate)


async def _lives(database: Database, watch: Watch, settings: Mapping[str, str], kills: int, warm: float) -> Standing:
    """One life of the bot after the other, each but the last ended by kill -9, at even distances."""
    number = 0
    for life in range(kills + 1):
        with child([sys.executable, "main.py", "run"], settings) as bot:
            if not life:
                await asyncio.sleep(4.0 + warm)  # it starts, people join, and then work
                number = _sent(database)
                watch.began = time.perf_counter()
            upto = watch.people * (life + 1) // (kills + 1)
            await _until(database, watch, bot, number, upto if life < kills else None)
            if life < kills:
                bot.send_signal(signal.SIGKILL)
                since = time.perf_counter()
                bot.wait()
                found = database.run(lambda tx: tx.one(deliveries.QUEUE, now=0)).result() or Queue(0, 0, 0)
                watch.away.append(Killed(since, since, found.sending))
                await asyncio.sleep(0.2)
    watch.ended = time.perf_counter()
    return database.run(lambda tx: broadcast.standing(tx, number)).result()


def _sent(database: Database) -> int:
    made = Draft(Content(({"en": "New work is here, and it pays well."},)), Audience(gate=3))
    number = database.run(lambda tx: broadcast.draft(tx, SHELL, made, now_ms())).result()
    database.run(lambda tx: broadcast.send(tx, Catalog(), SHELL, number, now_ms())).result()
    return number


async def _until(database: Database, watch: Watch, bot: Popen[str], number: int, sent: int | None) -> None:
    """Until so many have been sent; without a number until it is done. A broadcast that stands still is an error."""
    before, moved = len(watch.times), time.perf_counter()
    while True:
        await asyncio.sleep(0.2)
        if len(watch.times) > before:
            if watch.away and watch.away[-1].until == watch.away[-1].since:
                watch.away[-1] = watch.away[-1]._replace(until=time.perf_counter())
            before, moved = len(watch.times), time.perf_counter()
        with suppress(OSError, StopIteration):
            watch.rss.append(_rss(bot.pid))
        if sent is not None and before >= sent:
            return
        if sent is None and before >= watch.people and _is_done(database, number):
            return
        if time.perf_counter() - moved > 60:  # noqa: PLR2004 - seconds
            raise TimeoutError(str(before))


def _is_done(database: Database, number: int) -> bool:
    return database.run(partial(broadcast.standing, number=number)).result().state == "done"


def _rss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


def _row(watch: Watch, crowd: Crowd, stands: Standing, rate: int) -> tuple[str, ...]:
    without, during = (watch.waits(crowd.tapped, during=during) for during in (False, True))
    left_out = watch.people - len(watch.sent)
    doubles = sum(watch.sent.values()) - len(watch.sent)
    half = len(watch.rss) // 2
    if left_out or stands.sent + stands.failed + stands.blocked != stands.total:
        raise AssertionError(json.dumps({"left out": left_out, "sent": stands.sent, "total": stands.total}))
    return (
        "broadcast",
        f"{watch.people:,}",
        f"{watch.rate:.2f}",
        f"{watch.rate / rate:.1%}",
        f"{watch.most} of {rate}",
        f"{watch.rss[0]} → {max(watch.rss[:half])} → {max(watch.rss[half:])}",
        _times(without),
        _times(during),
        f"{percentile(during, 0.99) / percentile(without, 0.99):.2f}" if without and during else "–",
        str(len(watch.away)),
        str(left_out),
        str(doubles),
        " + ".join(str(one.in_flight) for one in watch.away) or "–",
    )


def _times(waits: Sequence[float]) -> str:
    if not waits:
        return "–"
    return f"{percentile(waits, 0.5) * 1000:.0f} / {percentile(waits, 0.99) * 1000:.0f} ({len(waits):,})"
