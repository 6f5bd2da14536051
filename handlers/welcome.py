"""The first hello: by whose invitation somebody comes, and the language to speak."""

from __future__ import annotations

from handlers.admin.projects import manage
from handlers.consent import ask
from handlers.flow import Flow, Menu, Visit, show
from handlers.menu import projects
from handlers.review import review
from handlers.suspended import suspended
from handlers.talk import Key, Line, Screen, State, Style, Toast, Turn
from handlers.work import choose
from tasks.access import SUSPENDED, may
from tasks.outreach.invitation import InvitationError, accept, wanted
from tasks.people import speak
from tasks.privacy.consent import agreed
from tasks.words import Words, _, error_words


def hello(visit: Visit) -> Turn:
    """Guess the language, then ask for it where the guess is empty, else say what this is."""
    if visit.who.role == SUSPENDED:
        return suspended(visit)
    if not visit.who.language and not _guessed(visit):
        return _choose_language(visit)
    return projects(visit) if agreed(visit.who) else ask(visit)


def _start(visit: Visit, code: str) -> Turn:
    """Hello, perhaps by an invitation: one that brings nobody in is named, and the hello is the same."""
    refused = _refused(visit, code) if code else None
    if not visit.who.language and not _guessed(visit):
        turn = _choose_language(visit)
    elif code and refused is None and agreed(visit.who) and may(visit.who.role, "work"):
        turn = _came(visit)
    else:
        turn = _home(visit)
    return Turn(turn.state, [Toast(refused), *turn.actions]) if refused else turn


def _refused(visit: Visit, code: str) -> Words | None:
    try:
        accept(visit.tx, visit.who, code, visit.now)
    except InvitationError as error:
        return error_words(error)
    return None


def _came(visit: Visit) -> Turn:
    """Somebody who has long been here, to the project that they are invited to."""
    project = wanted(visit.tx, visit.who.id)
    return _home(visit) if project is None else choose(visit, project)


def _guessed(visit: Visit) -> bool:
    """Speak the language of the person's app, English where that is none of ours; whether it was one of ours."""
    guess = visit.desk.negotiate(visit.guess)
    visit.who = speak(visit.tx, visit.who, guess or "en")
    return bool(guess)


def _home(visit: Visit) -> Turn:
    """Where a person of that role begins: what admins and reviewers do is not recorded as work is."""
    if visit.who.role == SUSPENDED:
        return suspended(visit)
    if may(visit.who.role, "request"):
        return manage(visit)
    if may(visit.who.role, "review"):
        return review(visit)
    return projects(visit) if agreed(visit.who) else ask(visit)


def _language(visit: Visit, _argument: str) -> Turn:
    if not visit.who.language:
        _guessed(visit)
    return _choose_language(visit)


def _choose_language(visit: Visit) -> Turn:
    keys = [[Key(name, "welcome.speak", code)] for code, name in visit.desk.languages.items()]
    if agreed(visit.who):
        keys.append([Key(_("Other languages that I speak"), "profile.tongues", 0)])
    return show(State("welcome"), Screen([Line(_("Choose your language."), Style.STRONG)], keys))


def _speak(visit: Visit, code: str) -> Turn:
    visit.who = speak(visit.tx, visit.who, code)
    return _home(visit)


_IN_CHARGE = (
    _("/projects shows the projects, /new begins one, /stats shows how they go, /broadcast writes to people."),
    _("/people and /payouts show what waits for a decision, /approvals what waits for a second admin."),
    _("/schedule shows what is done by itself, /audit what was done."),
)


def _help(visit: Visit, _argument: str) -> Turn:
    lines = [
        Line(_("How it works"), Style.STRONG),
        Line(_("/tasks shows the open projects. Choose one, read the instructions, then answer item after item.")),
        Line(_("Not sure? Skip. A mistake? Undo it until the next item is answered. A bad item? Report it under ⋯.")),
        Line(_("/wallet shows what you have earned, /returned the answers that were sent back to you.")),
        Line(_("/me shows how you do and what is stored of you, /mydata sends it to you, /forget erases you.")),
        Line(_("/stop stops for now: your place is kept.")),
        Line(_("/language changes the language, /profile your time, quiet hours and what you like to work on.")),
        Line(_("/messages says what is sent to you by itself, and turns it off.")),
    ]
    if may(visit.who.role, "review"):
        lines.append(Line(_("/review shows what waits for your vote, and what became of the ones before.")))
    if may(visit.who.role, "request") and not may(visit.who.role, "administer"):
        lines.append(Line(_("/projects are the projects of your own, /new begins one, /stats shows how they go.")))
    if may(visit.who.role, "administer"):
        lines += [Line(words) for words in _IN_CHARGE]
    return show(State("welcome"), Screen(lines, [[Key(_("To the projects"), "menu.projects")]]))


WELCOME = Flow(
    "welcome",
    permit="own",
    commands={
        "start": Menu(_start, _("Start")),
        "language": Menu(_language, _("Change the language"), permit="own"),
        "help": Menu(_help, _("How it works")),
    },
    presses={"speak": _speak},
)
