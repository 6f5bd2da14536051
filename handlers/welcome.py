"""The first hello: the language, what this is, what is kept of you, and your agreement."""

from __future__ import annotations

from handlers.admin.projects import manage
from handlers.flow import Flow, Menu, Visit, show
from handlers.menu import projects
from handlers.review import review
from handlers.suspended import suspended
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.access import SUSPENDED, may
from tasks.people import agree, speak
from tasks.words import _


def hello(visit: Visit) -> Turn:
    """Guess the language, then ask for it where the guess is empty, else say what this is."""
    if visit.who.role == SUSPENDED:
        return suspended(visit)
    if not visit.who.language and not _guessed(visit):
        return _choose_language(visit)
    return projects(visit) if visit.who.consent else _consent(visit)


def _start(visit: Visit, _argument: str) -> Turn:
    if not visit.who.language and not _guessed(visit):
        return _choose_language(visit)
    return _home(visit)


def _guessed(visit: Visit) -> bool:
    """Speak the language of the person's app, English where that is none of ours; whether it was one of ours."""
    guess = visit.desk.negotiate(visit.guess)
    visit.who = speak(visit.tx, visit.who, guess or "en")
    return bool(guess)


def _home(visit: Visit) -> Turn:
    """Where a person of that role begins: what admins and reviewers do is not recorded as work is."""
    if visit.who.role == SUSPENDED:
        return suspended(visit)
    if may(visit.who.role, "administer"):
        return manage(visit)
    if may(visit.who.role, "review"):
        return review(visit)
    return projects(visit) if visit.who.consent else _consent(visit)


def _language(visit: Visit, _argument: str) -> Turn:
    if not visit.who.language:
        _guessed(visit)
    return _choose_language(visit)


def _choose_language(visit: Visit) -> Turn:
    keys = [[Key(name, "welcome.speak", code)] for code, name in visit.desk.languages.items()]
    return show(State("welcome"), Screen([Line(_("Choose your language."), Style.STRONG)], keys))


def _speak(visit: Visit, code: str) -> Turn:
    visit.who = speak(visit.tx, visit.who, code)
    return _home(visit)


def _consent(visit: Visit) -> Turn:
    others = [
        Key(f"🌐 {name}", "welcome.speak", code)
        for code, name in visit.desk.languages.items()
        if code != visit.who.language
    ]
    lines = [
        Line(_("Welcome!"), Style.STRONG),
        Line(_("Here you look at one small item at a time and answer with a tap. Stop whenever you like.")),
        Line(_("Each item is answered by several people, so a slip does no harm, and you can undo it.")),
        Line(
            _(
                "What is kept: your answers and when you gave them, under a number instead of your name. "
                "It is used to check the answers and to choose work that fits you."
            )
        ),
    ]
    keys = [[Key(_("I agree, let’s go"), "welcome.agree")], others]
    return show(State("welcome"), Screen(lines, [row for row in keys if row]))


def _agree(visit: Visit, _value: object) -> Turn:
    visit.who = agree(visit.tx, visit.who, visit.now)
    return projects(visit)


def _help(_visit: Visit, _argument: str) -> Turn:
    lines = [
        Line(_("How it works"), Style.STRONG),
        Line(_("/tasks shows the open projects. Choose one, read the instructions, then answer item after item.")),
        Line(_("Not sure? Skip. A mistake? Undo it until the next item is answered. A bad item? Report it under ⋯.")),
        Line(_("/language changes the language.")),
    ]
    return show(State("welcome"), Screen(lines, [[Key(_("To the projects"), "menu.projects")]]))


WELCOME = Flow(
    "welcome",
    permit="own",
    commands={
        "start": Menu(_start, _("Start")),
        "language": Menu(_language, _("Change the language"), permit="own"),
        "help": Menu(_help, _("How it works")),
    },
    presses={"speak": _speak, "agree": _agree},
)
