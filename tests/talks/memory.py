"""Drives a bot in memory through the recording channel."""

from __future__ import annotations

from collections import defaultdict

from bot.channel import Button
from bot.channels.recorder import Recorder
from bot.jobs.reminders import Reminders
from bot.wiring import Bot
from handlers.talk import Heard, Press, Sent, Shared
from tests.conftest import Clock
from tests.support.bots import Talker
from tests.talks.script import FILES, Shown

_MINUTE_MS = 60_000


class MemoryDriver:
    """All people of one talk."""

    def __init__(self, bot: Bot, channel: Recorder, clock: Clock, language: str) -> None:
        self._bot, self._channel, self._clock, self._language = bot, channel, clock, language
        self._people: dict[str, Talker] = {}
        self._earlier: defaultdict[str, list[tuple[str, Button]]] = defaultdict(list)
        self._toasts_before: dict[str, int] = {}
        self._seen_before: dict[str, frozenset[str]] = {}

    def _talker(self, who: str) -> Talker:
        if who not in self._people:
            self._people[who] = Talker(self._bot, self._channel, who, self._clock, self._language)
        return self._people[who]

    def _acting(self, who: str) -> Talker:
        """The talker, whose keys so far are remembered as old ones."""
        talker = self._talker(who)
        self._toasts_before[who] = len(talker.seen.toasts)
        self._seen_before[who] = frozenset(talker.seen.messages)
        if talker.seen.messages:
            self._earlier[who] += [(talker.seen.last_id, key) for row in talker.screen.buttons for key in row]
        self._clock.pass_ms(1_000)
        return talker

    async def says(self, who: str, text: str) -> None:
        """See ``Driver``."""
        await self._acting(who).says(text)
        await self._bot.conversations.settle()

    async def sends(self, who: str, what: str) -> None:
        """See ``Driver``."""
        await self._acting(who).hears(_sent(what))
        await self._bot.conversations.settle()

    async def presses(self, who: str, label: str, *, old: bool) -> None:
        """See ``Driver``."""
        if not old:
            await self._acting(who).presses(label)
            await self._bot.conversations.settle()
            return
        talker = self._talker(who)
        now = {key.data for row in talker.screen.buttons for key in row}
        message, key = next(
            (message, key)
            for message, key in reversed(self._earlier[who])
            if key.data not in now and (key.label == label or key.label.endswith(f" {label}"))
        )
        await self._acting(who).hears(Press(key.data), message_id=message, press=who)

    async def passes(self, minutes: int) -> None:
        """See ``Driver``."""
        self._clock.pass_ms(minutes * _MINUTE_MS)
        await self._bot.sweeps.leases()
        await self._bot.sweeps.queue()
        await self._bot.sweeps.endings()
        await self._bot.sweeps.holds()
        await self._bot.reviews.all()

    async def posts(self) -> None:
        """See ``Driver``."""
        await posts(self._bot)

    async def shown(self, who: str) -> Shown:
        """See ``Driver``."""
        talker = self._talker(who)
        keys = [key.label for row in talker.screen.buttons for key in row]
        toasts = talker.seen.toasts[self._toasts_before.get(who, 0) :]
        before = self._seen_before.get(who, frozenset())
        notes = [message.text for number, message in talker.seen.messages.items() if number not in before][:-1]
        return Shown("\n".join([*notes, talker.screen.text]), keys, "\n".join(toasts))


async def posts(bot: Bot) -> None:
    """What the clock and the courier do, once."""
    courier = bot.sending.courier
    await Reminders(courier.database, courier.catalog, courier.now).all()
    await bot.sending.outreach.step()
    await courier.once()
    await bot.sending.outreach.step()
    await bot.sending.outreach.settle()


def _sent(what: str) -> Heard:
    kind, *numbers = what.split()
    if kind == "location":
        return Shared(kind, dict(zip(("latitude", "longitude"), map(float, numbers), strict=True)))
    if kind == "document" and numbers:
        return Sent(kind, numbers[0], str(FILES / numbers[0]))
    return Shared(kind, {}) if kind == "contact" else Sent(kind)
