"""The one place where the parts of the bot are joined."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.channel import Channel
from bot.conversation import Conversations, Job, RoleOf
from bot.inbox import Inbox
from bot.jobs.ahead import AheadJobs
from bot.jobs.audit import AuditJobs
from bot.jobs.broadcasts import BroadcastJobs
from bot.jobs.charts import ChartJobs
from bot.jobs.clock import Clock, ticking_of
from bot.jobs.courier import road_to
from bot.jobs.deliveries import Deliveries
from bot.jobs.files import FileJobs
from bot.jobs.lead import Lead
from bot.jobs.my_data import MyDataJobs
from bot.jobs.outreach import AudienceJob
from bot.jobs.passes import Passes
from bot.jobs.payouts import PayoutJobs
from bot.jobs.people import PeopleJobs
from bot.jobs.projects import ProjectJobs
from bot.jobs.rejections import RejectionJobs
from bot.jobs.reminders import Reminders
from bot.jobs.reviews import Reviews
from bot.jobs.schedules import clock_of
from bot.jobs.sweeps import Sweeps
from bot.letters import Letters
from bot.media import Drawn, Pictures
from bot.menus import Menus
from bot.observer import NoObserver, Observer
from bot.outbound import Outbound, Sending, sending
from bot.parts import Parts
from bot.presenter import Presenter
from bot.translate import Translator
from db.lock import lock_of
from handlers.all import all_flows
from handlers.flow import Desk, Flows
from handlers.talk import Sender
from tasks.approval import Given


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that listens: hand ``conversations.hear`` to its channels."""

    conversations: Conversations
    flows: Flows
    translator: Translator
    sending: Sending
    sweeps: Sweeps
    deliveries: Deliveries
    passes: Passes
    reviews: Reviews
    lead: Lead
    clock: Clock


@asynccontextmanager
async def build_bot(
    parts: Parts,
    channels: Sequence[Channel],
    role_of: RoleOf,
    observer: Observer | None = None,
    *,
    ticking: bool = True,
    gives_way: bool = False,
    outbound: Outbound | None = None,
) -> AsyncIterator[Bot]:
    """A bot on these channels. Leaving stops the clock, waits for jobs, and writes what is still in memory.

    One that ``gives_way`` keeps the clock only while no other process wants to (``bot.jobs.lead``).
    """
    translator = Translator(parts.now_ms)
    flows = all_flows()
    desk = Desk(
        parts.catalog,
        parts.rng,
        {code: translator.name(code) for code in translator.languages()},
        translator.negotiate,
        translator.words,
        _links(channels),
        auto_reviewers=parts.auto_reviewers,
        rules=parts.rules,
        minimums=parts.minimums,
        limits=parts.limits,
        reminders=parts.reminders,
        given=lambda channel, user: role_of(Sender(channel, user)),
    )
    deliveries = Deliveries(parts.database, parts.now_ms)
    watch = observer or NoObserver()
    drawn = Drawn(parts.files / "drawn")
    pictures = _pictures(parts, channels, drawn)
    presenters = {
        channel.name: Presenter(channel, translator, pictures[channel.name], deliveries) for channel in channels
    }
    inbox = Inbox(parts.files / "in", parts.now_ms)
    await asyncio.to_thread(inbox.tidy)
    jobs = _jobs(parts, translator, drawn, inbox)
    menus = Menus(parts.database, flows, translator, channels)
    conversations = Conversations(
        parts.database, flows, desk, presenters, jobs, role_of, parts.now_ms, inbox, watch, menus
    )
    sweeps = Sweeps(parts.database, parts.catalog, parts.now_ms, watch.swept)
    passes = Passes(parts.database, parts.catalog, parts.now_ms)
    reviews = Reviews(parts.database, parts.catalog, parts.now_ms)
    lead = Lead(lock_of(parts.database.engine), gives_way=gives_way)
    sends = _sending(parts, translator, pictures, outbound, channels, conversations, lead, watch, desk.given)
    clock = clock_of(parts, lead, role_of, _swept(parts, sweeps, passes, reviews))
    bot = Bot(conversations, flows, translator, sends, sweeps, deliveries, passes, reviews, lead, clock)
    async with AsyncExitStack() as until:
        until.push_async_callback(deliveries.flush)
        until.push_async_callback(conversations.stop)
        if ticking:
            await _begin(bot, until)
        yield bot


def _jobs(parts: Parts, translator: Translator, drawn: Drawn, inbox: Inbox) -> Mapping[str, Job]:
    """What conversations may begin, by name."""
    outbox = parts.files / "out"
    return {
        **ProjectJobs(parts.database, parts.catalog, parts.now_ms, outbox).all(),
        **FileJobs(parts.database, parts.catalog, parts.media, translator, parts.now_ms, inbox, outbox).all(),
        **PayoutJobs(parts.database, parts.now_ms, inbox, outbox).all(),
        **AuditJobs(parts.database).all(),
        **PeopleJobs(parts.database, parts.now_ms).all(),
        **AudienceJob(parts.database, parts.now_ms).all(),
        **AheadJobs(parts.database, parts.catalog, parts.now_ms).all(),
        **BroadcastJobs(parts.database, parts.media).all(),
        **RejectionJobs(parts.database, parts.catalog, parts.now_ms).all(),
        **ChartJobs(parts.database, parts.catalog, translator, parts.now_ms, drawn, outbox).all(),
        **MyDataJobs(parts.database, parts.catalog, translator, parts.now_ms, outbox).all(),
    }


async def _begin(bot: Bot, until: AsyncExitStack) -> None:
    """What goes on by itself: whoever leads keeps the clock, and sends."""
    await until.enter_async_context(bot.lead.standing())
    until.push_async_callback(bot.clock.stop)
    ticks = ticking_of(bot.clock, bot.deliveries)
    ticks.start()
    until.callback(ticks.shutdown, wait=False)
    await until.enter_async_context(bot.sending.going())


def _sending(
    parts: Parts,
    translator: Translator,
    pictures: Mapping[str, Pictures],
    outbound: Outbound | None,
    channels: Sequence[Channel],
    conversations: Conversations,
    lead: Lead,
    watch: Observer,
    given: Given,
) -> Sending:
    letters = Letters(parts.database, parts.catalog, translator, pictures)
    roads = {channel.name: road_to(channel) for channel in channels}
    return sending(parts, letters, outbound or Outbound(), roads, conversations.hear, lambda: lead.held, watch, given)


def _pictures(parts: Parts, channels: Sequence[Channel], drawn: Drawn) -> Mapping[str, Pictures]:
    path = drawn.before(parts.media.path)
    return {channel.name: Pictures(parts.database, _identity(channel), path) for channel in channels}


def _swept(
    parts: Parts, sweeps: Sweeps, passes: Passes, reviews: Reviews
) -> Mapping[str, Callable[[], Awaitable[None]]]:
    return {
        "reminders": Reminders(parts.database, parts.catalog, parts.now_ms).all,
        "leases": sweeps.leases,
        "holds": sweeps.holds,
        "queue": sweeps.queue,
        "endings": sweeps.endings,
        "passes": passes.all,
        "reviews": reviews.all,
    }


def freeze_what_stays() -> None:
    """Take what a started process will never let go of out of the garbage collector's rounds.

    Each full round over it stops everybody for some 50 ms (measured by ``bench turn``: p99 72 ms, 30 ms without).
    """
    gc.collect()
    gc.freeze()


def admins_of(admins: Sequence[int]) -> RoleOf:
    """Telegram's users of those ids are owners; everybody else is what the database says."""
    known = frozenset(str(admin) for admin in admins)

    def role_of(sender: Sender) -> str:
        return "owner" if sender.channel == "telegram" and sender.user in known else ""

    return role_of


def commands(bot: Bot, role: str) -> dict[str, list[tuple[str, str]]]:
    """The commands of a role as a channel's menu lists them, by language."""
    return {
        code: [(name, bot.translator.words(says, code)) for name, says in bot.flows.menu(role)]
        for code in bot.translator.languages()
    }


def _links(channels: Sequence[Channel]) -> Callable[[str, str], str]:
    """Addresses of invitations, on the channels that have any."""
    by_name = {channel.name: getattr(channel, "link", None) for channel in channels}

    def link(channel: str, code: str) -> str:
        address = by_name.get(channel)
        return str(address(code)) if address else ""

    return link


def _identity(channel: Channel) -> str:
    """Under which name a channel's file ids are kept: a bot's ids mean nothing to another bot."""
    return str(getattr(channel, "bot_id", channel.name))
