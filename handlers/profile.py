"""About oneself: the few questions after the agreement, which may be left for later, and where to change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.ask import ASKS
from handlers.flow import Flow, Menu, Visit, again, show
from handlers.menu import projects
from handlers.parts import times, tongues
from handlers.talk import Key, Line, Said, Screen, Shared, State, Style, Turn
from handlers.work import choose
from tasks import profile as said
from tasks.outreach.invitation import wanted
from tasks.words import City, Join, Words, _
from tasks.zones import Quiet, clock, zone_at

_MOST_TOPICS = 12
_SHARING = frozenset({"telegram"})
"""The channels on which a place can be shared."""

# --------------------------------------------------------------------------- the way in


def begin(visit: Visit) -> Turn:
    """The first question after the agreement; none to whoever has answered it before."""
    return _finish(visit) if visit.who.zone else _ask_time(visit, {"joining": True})


def _finish(visit: Visit) -> Turn:
    """To work: to the project that they were invited to, else to all."""
    project = wanted(visit.tx, visit.who.id)
    return projects(visit) if project is None else choose(visit, project)


def _later(visit: Visit, _value: object) -> Turn:
    return _finish(visit)


def _memory(visit: Visit) -> dict[str, Any]:
    """What these questions remember: nothing of another conversation's."""
    return dict(visit.memory) if visit.flow == "profile" else {}


def _joining(visit: Visit) -> bool:
    return bool(_memory(visit).get("joining"))


# --------------------------------------------------------------------------- all of it


def profile(visit: Visit, toast: Words | None = None) -> Turn:
    """What they have said of themselves, and a key for each to change it."""
    known = said.read(visit.tx, visit.who.id)
    zone = known.zone
    time: Words = Join((clock(zone, visit.now), City(zone)), " · ") if zone else _("not said yet")
    lines = [
        Line(_("About you"), Style.STRONG),
        Line(_("Your time: {time}", time=time)),
        Line(_("Quiet hours: {hours}", hours=times.quiet_words(known.quiet))),
        Line(_("You like: {what}", what=_likes_words(visit, known.likes))),
        Line(_("You speak: {languages}", languages=tongues.spoken_words(known.speaks))),
    ]
    keys = [
        [Key(_("My time"), "profile.clock", 0), Key(_("Quiet hours"), "profile.quiet")],
        [Key(_("What I like"), "profile.likes"), Key(_("My languages"), "profile.tongues", 0)],
        [Key(_("Messages that come by themselves"), "outreach.show")],
        [Key(_("To the projects"), "menu.projects")],
    ]
    return show(State("profile"), Screen(lines, keys), toast)


def _profile(visit: Visit, _argument: str) -> Turn:
    return profile(visit)


def _show(visit: Visit, _value: object) -> Turn:
    return profile(visit)


# --------------------------------------------------------------------------- time


def _ask_time(visit: Visit, memory: dict[str, Any], page: int = 0, toast: Words | None = None) -> Turn:
    way_on = Key(_("Later"), "profile.later") if memory.get("joining") else Key(_("Back"), "profile.show")
    screen = times.what_time(visit.who.language, visit.now, page, way_on, shares=_shares(visit))
    return show(State("profile", {**memory, "time": True}), screen, toast)


def _shares(visit: Visit) -> bool:
    return visit.who.channel in _SHARING


def _clock(visit: Visit, page: int | None) -> Turn:
    return _ask_time(visit, _memory(visit), page or 0)


def _zone(visit: Visit, zone: str) -> Turn:
    visit.who = said.set_zone(visit.tx, visit.who, zone)
    toast = _("{time} in {city}", time=clock(zone, visit.now), city=City(zone))
    if _joining(visit):
        return _ask_likes(visit, toast)
    if _memory(visit).get("quiet"):
        return _quiet(visit, None, toast)
    return profile(visit, toast)


def _shared(visit: Visit, shared: Shared) -> Turn:
    if shared.what != "location":
        return again(_("Please tap one of the keys below the message: nothing else is needed here."))
    zone = zone_at(shared.values.get("latitude"), shared.values.get("longitude"))
    if not zone:
        return again(_("Tap a city that has your time: no clocks are known at that place."))
    return _zone(visit, zone)


def _said(visit: Visit, _said: Said) -> Turn:
    if visit.memory.get("time"):
        if _shares(visit):
            return again(_("Tap the time that your clock shows now, or share your location with 📎."))
        return again(_("Tap the time that your clock shows now."))
    return again(_("Please tap one of the keys below the message."))


# --------------------------------------------------------------------------- quiet hours


def _quiet_command(visit: Visit, _argument: str) -> Turn:
    return _quiet(visit, None)


def _quiet(visit: Visit, _value: object, toast: Words | None = None) -> Turn:
    """When to be quiet; the hours are those of their own clock, so that one comes first."""
    if not visit.who.zone:
        return _ask_time(visit, {"quiet": True}, toast=toast)
    return show(State("profile"), times.quiet_hours(said.read(visit.tx, visit.who.id).quiet), toast)


def _hours(visit: Visit, value: Sequence[int] | None) -> Turn:
    if value is None:
        said.set_quiet(visit.tx, visit.who, None)
        return profile(visit, _("No quiet hours"))
    start, end = value
    if start == end:
        return again(_("Choose another hour: from {time} to {time} is no time at all.", time=f"{start // 60:02}:00"))
    said.set_quiet(visit.tx, visit.who, Quiet(start, end))
    return profile(visit, _("Quiet hours: {hours}", hours=times.quiet_words(Quiet(start, end))))


def _start(_visit: Visit, _value: object) -> Turn:
    return show(State("profile"), times.start_hour())


def _end(_visit: Visit, start: int) -> Turn:
    return show(State("profile"), times.end_hour(start))


# --------------------------------------------------------------------------- likes


def _likes(visit: Visit, _value: object) -> Turn:
    return _ask_likes(visit)


def _ask_likes(visit: Visit, toast: Words | None = None) -> Turn:
    """Kinds of questions, and the topics that there are; each tap is kept at once."""
    chosen = said.read(visit.tx, visit.who.id).likes
    boxes = [
        [Key(Join(("☑ " if trait in chosen else "☐ ", words)), "profile.like", trait)]
        for trait, words in _traits(visit, chosen)
    ]
    forward = _("Go on ({n})", n=len(chosen)) if chosen else _("Anything")
    keys = [[Key(forward, "profile.liked")], *boxes]
    lines = [
        Line(_("What would you like to work on?"), Style.STRONG),
        Line(_("What you like comes first in the list; everything else stays open to you.")),
    ]
    memory = {"joining": True} if _joining(visit) else {}
    return show(State("profile", memory), Screen(lines, keys), toast)


def _traits(visit: Visit, chosen: Sequence[str]) -> Sequence[tuple[str, Words]]:
    """What there is to like; topics of running projects, and those that were liked before."""
    live = {known.spec.topic for known in visit.desk.catalog.live(visit.tx) if known.spec.topic}
    before = {trait.removeprefix("topic:") for trait in chosen if trait.startswith("topic:")}
    topics = [*sorted(before), *sorted(live - before)][:_MOST_TOPICS]
    kinds: list[tuple[str, Words]] = [(f"kind:{kind}", ask.called) for kind, ask in ASKS.items()]
    return [*kinds, *((f"topic:{topic}", topic) for topic in topics)]


def _likes_words(visit: Visit, likes: Sequence[str]) -> Words:
    named = [words for trait, words in _traits(visit, likes) if trait in likes]
    return Join(named, ", ") if named else _("Anything")


def _like(visit: Visit, trait: str) -> Turn:
    before = set(said.read(visit.tx, visit.who.id).likes)
    said.set_likes(visit.tx, visit.who, sorted(before ^ {trait}))
    return _ask_likes(visit)


def _liked(visit: Visit, _value: object) -> Turn:
    return _finish(visit) if _joining(visit) else profile(visit)


# --------------------------------------------------------------------------- languages


def _tongues(visit: Visit, page: int | None) -> Turn:
    speaks = said.speaks(visit.tx, visit.who.id)
    return show(State("profile", {"page": page or 0}), tongues.tongues(speaks, page or 0))


def _tongue(visit: Visit, language: str) -> Turn:
    page = int(_memory(visit).get("page", 0))
    return show(State("profile", {"page": page}), tongues.how_well(language, page))


def _level(visit: Visit, value: Sequence[object]) -> Turn:
    language, level = str(value[0]), int(str(value[1]))
    said.set_speaks(visit.tx, visit.who, language, level)
    return _tongues(visit, int(_memory(visit).get("page", 0)))


_HEARD = (
    _show, _clock, _zone, _later, _quiet, _hours, _start, _end, _likes, _like, _liked, _tongues, _tongue, _level,
)  # fmt: skip

PROFILE = Flow(
    "profile",
    permit="own",
    consented=True,
    commands={
        "profile": Menu(_profile, _("What you have said of yourself"), permit="own"),
        "quiet": Menu(_quiet_command, _("Quiet hours"), permit="own"),
    },
    presses={hear.__name__.removeprefix("_"): hear for hear in _HEARD},
    said=_said,
    shared=_shared,
)
