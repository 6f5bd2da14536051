"""``/forget``: to be erased. Asks twice, says what is lost, and ends the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import MY_WALLET, spoken
from handlers.talk import Key, Line, Screen, Show, State, Style, Turn
from tasks.money.wallet import at_stake, being_paid
from tasks.privacy.erase import forget
from tasks.words import Join, Money, Words, _

_KEEP = Key(_("Keep everything"), "forget.keep")


def _asked(visit: Visit, _argument: object = None) -> Turn:
    spoken(visit)
    lines = [
        Line(_("Erase everything about you?"), Style.STRONG),
        *_owed(visit),
        Line(_("Erased are: who you are, your settings, your qualifications, how you work, and this conversation.")),
        Line(_("Your answers stay, without you: nobody can tell any more whose they were.")),
    ]
    first = [[MY_WALLET]] if at_stake(visit.tx, visit.who.id) else []
    keys = [[_KEEP], *first, [Key(_("Get my data first"), "my_data.get")], [Key(_("Erase me"), "forget.sure")]]
    return show(State("forget"), Screen(lines, keys))


def _owed(visit: Visit) -> list[Line]:
    """What they would give up, before anything else is said."""
    lines = []
    if coming := being_paid(visit.tx, visit.who.id):
        lines.append(Line(_("What is being paid to you now still comes: {amounts}", amounts=_amounts(coming))))
    if lost := at_stake(visit.tx, visit.who.id):
        given_up = _("You give up {amounts}: it can never be paid to you after this.", amounts=_amounts(lost))
        lines += [
            Line(given_up),
            Line(_("If you want it, have it paid out first, and come back once it has arrived.")),
        ]
    return lines


def _amounts(found: Sequence[Money]) -> Words:
    return Join([_("{amount}", amount=money) for money in found], ", ")


def _sure(visit: Visit, _value: object) -> Turn:
    lines = [
        Line(_("This cannot be undone."), Style.STRONG),
        *_owed(visit),
        Line(_("If you write again later, you begin as somebody new.")),
    ]
    return show(State("forget"), Screen(lines, [[_KEEP], [Key(_("Erase me for good"), "forget.erase")]]))


def _erase(visit: Visit, _value: object) -> Turn:
    """The question turns into the last message: there is nothing to press, and no conversation any more."""
    forget(visit.tx, visit.who.id, visit.now, visit.desk.rng)
    lines = [
        Line(_("You are erased."), Style.STRONG),
        Line(
            _("Gone are your account here, settings, qualifications, habits of work, agreements and messages to you.")
        ),
        Line(_("Your answers stay, with nobody behind them. What you were working on went back to others.")),
        Line(_("What stands in this chat is yours: delete it whenever you like. Should you come back: /start")),
    ]
    return Turn(State(""), [Show(Screen(lines))])


def _keep(visit: Visit, _value: object) -> Turn:
    return show(State("forget"), Screen([Line(_("Nothing is erased."), Style.STRONG)], _ways(visit)))


def _ways(_visit: Visit) -> list[list[Key]]:
    return [[Key(_("To the projects"), "menu.projects")]]


FORGET = Flow(
    "forget",
    permit="own",
    commands={"forget": Menu(_asked, _("Erase everything about me"), permit="own")},
    presses={"ask": _asked, "sure": _sure, "erase": _erase, "keep": _keep},
)
