"""A broadcast in words for whoever is in charge: whom it is for, when it goes out, who reads which language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from db.session import Tx
from tasks.calendar import zone_of
from tasks.outreach.audience import Audience
from tasks.outreach.broadcast import Standing
from tasks.outreach.content import Content, read_in
from tasks.outreach.timing import Timing
from tasks.profile import LANGUAGES
from tasks.projects.catalog import Catalog
from tasks.projects.errors import UnknownProjectError
from tasks.reports.card import GATES, ROLES
from tasks.words import City, Day, Join, Local, Share, Text, Words, _, _n

_EPOCH = date(1970, 1, 1)
_SHOWN, _BEGINNING = 3, 40
_FAILURES: Mapping[str, Sequence[str]] = MappingProxyType(
    {"gone": ("chat not found", "deactivated", "gone"), "slow": ("timeout", "timed out", "5", "server", "network")}
)
"""Signs in what a channel said, by the class of failures that they are of."""
_MISSED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        name: (words.message, words.plural or "")
        for name, words in {
            "blocked": _n("not reached: {n} has blocked the bot", "not reached: {n} have blocked the bot", 0),
            "dropped": _n("not sent any more: {n}", "not sent any more: {n}", 0),
            "gone": _n("not reached: {n} is not there any more", "not reached: {n} are not there any more", 0),
            "slow": _n("failed: {n}, the channel gave no answer", "failed: {n}, the channel gave no answer", 0),
            "other": _n("failed: {n}, the channel refused it", "failed: {n}, the channel refused it", 0),
        }.items()
    }
)


def audience(tx: Tx, catalog: Catalog, wanted: Audience) -> Sequence[Words]:
    """A line for each condition; one for everybody where there is none."""
    lines: list[Words] = []
    if wanted.gate:
        lines.append(_("at least: {gate}", gate=GATES[wanted.gate]))
    if wanted.role:
        lines.append(_("role: {role}", role=ROLES[wanted.role]))
    if wanted.skills:
        lines.append(_("skill: {skills}", skills=Join(wanted.skills, ", ")))
    if wanted.languages:
        lines.append(_("language: {languages}", languages=Join(list(map(language, wanted.languages)), ", ")))
    return [*lines, *_active(wanted), *_history(tx, catalog, wanted), *_listed(wanted)] or [everybody()]


def everybody() -> Words:
    """No condition at all."""
    return _("everybody who takes such messages")


def _active(wanted: Audience) -> Sequence[Words]:
    lines: list[Words] = []
    if wanted.active_days is not None:
        lines.append(_("here within {span}", span=timedelta(days=wanted.active_days)))
    if wanted.silent_days is not None:
        lines.append(_("not here for {span}", span=timedelta(days=wanted.silent_days)))
    return lines


def _history(tx: Tx, catalog: Catalog, wanted: Audience) -> Sequence[Words]:
    lines: list[Words] = []
    if wanted.worked is not None:
        project = title(tx, catalog, wanted.worked)
        lines.append(_n("worked on {project}", "{n} answers or more to {project}", wanted.answers, project=project))
    if wanted.never is not None:
        lines.append(_("never worked on {project}", project=title(tx, catalog, wanted.never)))
    if wanted.measured is not None:
        project = title(tx, catalog, wanted.measured)
        lines.append(
            _("right on {share} of the hidden checks of {project}", share=Share(wanted.right), project=project)
        )
    return lines


def _listed(wanted: Audience) -> Sequence[Words]:
    if not wanted.people:
        return []
    some: Words = Join([str(one) for one in wanted.people[:_SHOWN]], ", ")
    if len(wanted.people) > _SHOWN:
        return [_n("a list of {n} person: {some} …", "a list of {n} people: {some} …", len(wanted.people), some=some)]
    return [_("a list: {some}", some=some)]


def reach(total: int, by_language: Mapping[str, int], asleep: int, wakes: int | None) -> Words:
    """To how many people, in which languages, how many are asleep and when they wake (minute of their day)."""
    if not total:
        return _("It reaches nobody.")
    each = Join([_("{language} {n}", language=code or "–", n=n) for code, n in by_language.items()], " · ")
    said: Words = _n("to {n} person: {languages}", "to {n} people: {languages}", total, languages=each)
    if not asleep:
        return said
    later = _("asleep {n}, theirs when they wake", n=asleep)
    if wakes is not None:
        later = _("asleep {n}, theirs at {time}", n=asleep, time=clock(wakes))
    return Join((said, later), " · ")


def unreachable(n: int) -> Words:
    """Those who would be meant, but have blocked the bot."""
    return _n("not counted: {n} who has blocked the bot", "not counted: {n} who have blocked the bot", n)


def left_out(unknown: Sequence[str], n: int | None = None) -> Words:
    """Who of a list is not known; ``n`` where these are only some of them."""
    many = len(unknown) if n is None else n
    more = ["…"] if many > _SHOWN else []
    some = Join([*unknown[:_SHOWN], *more], ", ")
    return _n(
        "{n} of the list is not known here: {some}", "{n} of the list are not known here: {some}", many, some=some
    )


_STATES: Mapping[str, Text] = MappingProxyType(
    {
        "draft": _("not sent yet"),
        "waiting": _("waits to be confirmed"),
        "choosing": _("choosing whom it goes to"),
        "running": _("being sent"),
        "paused": _("paused"),
        "cancelled": _("called off"),
        "done": _("finished"),
    }
)


def state(stands: Standing) -> Words:
    """Where it stands; one that was never sent is dropped."""
    if stands.state == "cancelled" and stands.starts_at is None:
        return _("dropped")
    return _STATES[stands.state]


def title(tx: Tx, catalog: Catalog, project: int) -> Words:
    """A project by its title; a dash for one that is not there."""
    try:
        return Local(catalog.get(tx, project).spec.title)
    except UnknownProjectError:
        return "–"


def language(code: str) -> str:
    """A language by its own name."""
    return LANGUAGES.get(code, code)


def timing(planned: Timing) -> Words:
    """When it goes out."""
    when: Words = _("at once")
    if planned.at is not None:
        there = datetime.fromtimestamp(planned.at / 1000, zone_of(planned.zone))
        when = _("{day}, {time} ({city})", day=Day((there.date() - _EPOCH).days),
                 time=clock(there.hour * 60 + there.minute), city=City(planned.zone))  # fmt: skip
    elif planned.minute is not None:
        day = (date.fromisoformat(planned.day) - _EPOCH).days
        when = _("{day}, {time} by each person’s clock", day=Day(day), time=clock(planned.minute))
    if not planned.wave:
        return when
    every = timedelta(minutes=planned.every)
    return Join((when, _n("{n} person every {span}", "{n} people every {span}", planned.wave, span=every)), " · ")


def clock(minute: int) -> str:
    """A minute of a day as clocks show it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def fallbacks(text: Mapping[str, str], by_language: Mapping[str, int]) -> Sequence[Words]:
    """Who reads it in a language that is not theirs: how many, and which."""
    lines: list[Words] = []
    for code, n in by_language.items():
        read = read_in(text, code)
        if n and read not in {"", code}:
            lines.append(
                _n(
                    "{language}: {n} person reads it in {other}",
                    "{language}: {n} people read it in {other}",
                    n,
                    language=language(code) if code else "–",
                    other=language(read),
                )
            )
    return lines


def beginning(content: Content, code: str, most: int = _BEGINNING) -> str:
    """The first words of what it says, in the language of whoever asks if there is one: to know it by."""
    if not content.variants or not content.variants[0]:
        return ""
    text = content.variants[0][read_in(content.variants[0], code)]
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most].rstrip()}…"


def why_missed(state: str, why: str) -> str:
    """The class of why somebody did not get it: ``blocked``, ``dropped``, or one of failures."""
    if state != "failed":
        return state
    return next((name for name, signs in _FAILURES.items() if any(sign in why.lower() for sign in signs)), "other")


def missed(why: str, n: int) -> Words:
    """So many did not get it, for a reason of ``why_missed``."""
    one, many = _MISSED[why]
    return Text(one, {"n": n}, plural=many)
