"""``/messages``: what comes by itself, each topic with its switch; each such message has a key that turns it off."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import spoken
from handlers.parts.times import quiet_words
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks import profile
from tasks.access import may
from tasks.outreach.switches import switch, switches
from tasks.words import Join, Words, _, _n

_NAMES: Mapping[str, Words] = {
    "notice": _("Answers to you"),
    "assignment": _("Items left open"),
    "qualification": _("Qualifications that end"),
    "new": _("New work that fits you"),
    "broadcast": _("News from the team"),
    "digest": _("Your week"),
}
"""What each topic is called, in the order in which they are shown."""
_SAYS: Mapping[str, Words] = {
    "notice": _("what became of an answer, an appeal, a payout. Without it they wait here until you come."),
    "assignment": _("once, some minutes before an item goes to others."),
    "qualification": _("some days before, and when one has ended."),
    "new": _("at most once a day."),
    "broadcast": _("what people in charge send to many."),
    "digest": _("on Mondays, how it went."),
}
_OF_CHARGE: Mapping[str, tuple[Words, Words]] = {
    "digest": (_("What happened"), _("each morning, in your projects.")),
}
"""The same for people in charge, where it is something else."""
_TO_PROJECTS = Key(_("To the projects"), "menu.projects")


def _named(visit: Visit, topic: str) -> tuple[Words, Words]:
    if topic in _OF_CHARGE and may(visit.who.role, "request"):
        return _OF_CHARGE[topic]
    return _NAMES[topic], _SAYS[topic]


def _screen(visit: Visit) -> Turn:
    spoken(visit)
    on = switches(visit.tx, visit.who.id, visit.who.role)
    quiet = profile.read(visit.tx, visit.who.id).quiet
    lines = [
        Line(_("Messages that come by themselves"), Style.STRONG),
        *(Line(Join(_named(visit, topic), ": ")) for topic in _NAMES),
        Line(_at_most(visit), Style.FAINT),
        Line(_("Quiet hours: {hours}", hours=quiet_words(quiet))),
    ]
    boxes = [[Key(Join((_box(on[topic]), _named(visit, topic)[0])), "outreach.turn", topic)] for topic in _NAMES]
    ways = [[Key(_("Quiet hours"), "profile.quiet")], [_TO_PROJECTS]]
    return show(State("outreach"), Screen(lines, [*boxes, *ways]))


def _box(on: bool) -> str:  # noqa: FBT001 - it is what is shown
    return "☑ " if on else "☐ "


def _at_most(visit: Visit) -> Words:
    """How many reminders come on a day; news and what was ordered count, but do not wait."""
    most = visit.desk.reminders
    if not most:
        return _("Reminders are switched off here for everybody.")
    return _n(
        "At most {n} reminder a day, never between two items, and none in your quiet hours.",
        "At most {n} reminders a day, never between two items, and none in your quiet hours.",
        most,
    )


def _messages(visit: Visit, _argument: str) -> Turn:
    return _screen(visit)


def _show(visit: Visit, _value: object) -> Turn:
    return _screen(visit)


def _turn(visit: Visit, topic: object) -> Turn:
    """A switch of the screen is turned, and the screen stays."""
    if topic in _NAMES:
        on = switches(visit.tx, visit.who.id, visit.who.role)[str(topic)]
        switch(visit.tx, visit.who.id, str(topic), on=not on)
    return _screen(visit)


def _mute(visit: Visit, topic: object) -> Turn:
    """No such messages: one tap, said back, and undone by one tap."""
    if topic not in _NAMES:
        return _screen(visit)
    spoken(visit)
    switch(visit.tx, visit.who.id, str(topic), on=False)
    lines = [
        Line(_("Switched off: {topic}", topic=_named(visit, str(topic))[0]), Style.STRONG),
        Line(_("Such messages come no more. Your work goes on as before.")),
    ]
    return show(State("outreach"), Screen(lines, _after(Key(_("Switch on again"), "outreach.unmute", topic))))


def _unmute(visit: Visit, topic: object) -> Turn:
    if topic not in _NAMES:
        return _screen(visit)
    switch(visit.tx, visit.who.id, str(topic), on=True)
    lines = [Line(_("Switched on: {topic}", topic=_named(visit, str(topic))[0]), Style.STRONG)]
    return show(State("outreach"), Screen(lines, _after(Key(_("Switch off"), "outreach.mute", topic))))


def _after(back: Key) -> list[list[Key]]:
    return [[_TO_PROJECTS], [back], [Key(_("All such messages"), "outreach.show")]]


OUTREACH = Flow(
    "outreach",
    permit="own",
    commands={"messages": Menu(_messages, _("Messages that come by themselves"), permit="own")},
    presses={"show": _show, "turn": _turn, "mute": _mute, "unmute": _unmute},
)
