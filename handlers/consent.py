"""The agreement: what is kept and what for, the two ways to agree, and the receipt at the top of the chat."""

from __future__ import annotations

from dataclasses import replace

from handlers.flow import Flow, Visit, show
from handlers.profile import begin
from handlers.talk import Key, Line, Note, Screen, Show, State, Style, Turn
from tasks.outreach.invitation import wanted
from tasks.privacy import consent
from tasks.words import Local, _
from tasks.zones import local

_AGREE = (
    [Key(_("I agree, let’s go"), "consent.agree")],
    [Key(_("I agree, and I am younger than 18"), "consent.younger")],
)


def ask(visit: Visit) -> Turn:
    """What this is, what they would agree to, and the keys for it."""
    others = [
        Key(f"🌐 {name}", "welcome.speak", code)
        for code, name in visit.desk.languages.items()
        if code != visit.who.language
    ]
    keys = [*_AGREE, [Key(_("What exactly is kept"), "consent.details")], others]
    lines = [*_hello(visit), *(Line(paragraph) for paragraph in consent.essentials())]
    return show(State("consent"), Screen(lines, [row for row in keys if row]))


def _details(_visit: Visit, _value: object) -> Turn:
    """The part of the text that does not stand beside the keys, and the keys again."""
    lines = [
        Line(_("What exactly is kept"), Style.STRONG),
        *(Line(paragraph) for paragraph in consent.details()),
    ]
    return show(State("consent"), Screen(lines, [*_AGREE, [Key(_("Back"), "consent.ask")]]))


def _ask(visit: Visit, _value: object) -> Turn:
    return ask(visit)


def _hello(visit: Visit) -> list[Line]:
    """Why it is asked: somebody new is told what this is, everybody else that the text is another one."""
    if visit.who.consent:
        return [
            Line(_("Please read this once more."), Style.STRONG),
            Line(_("What you agreed to has changed. Nothing is recorded before you agree again.")),
        ]
    lines = [
        Line(_("Welcome!"), Style.STRONG),
        Line(_("Here you look at one small item at a time and answer with a tap. Stop whenever you like.")),
    ]
    project = wanted(visit.tx, visit.who.id)
    if project is not None:
        title = Local(visit.desk.catalog.get(visit.tx, project).spec.title)
        lines.append(Line(_("You are invited to “{project}”.", project=title)))
    return lines


def _agree(visit: Visit, _value: object) -> Turn:
    return _agreed(visit, consent.ADULT)


def _younger(visit: Visit, _value: object) -> Turn:
    return _agreed(visit, 0)


def _agreed(visit: Visit, age: int) -> Turn:
    """The receipt goes to the top of the chat, the next screen below it."""
    digest = consent.digest(lambda words: visit.desk.say(words, visit.who.language))
    visit.who = consent.agree(visit.tx, visit.who, age, digest, visit.now)
    turn = begin(visit)
    below = [replace(action, fresh=True) if isinstance(action, Show) else action for action in turn.actions]
    return Turn(turn.state, [_receipt(visit), *below])


def _receipt(visit: Visit) -> Note:
    lines = [
        Line(_("You agreed to this on {day}.", day=f"{local('UTC', visit.now):%Y-%m-%d %H:%M} UTC"), Style.STRONG),
        *(Line(paragraph) for paragraph in consent.text()),
        Line(
            _("The text is that of {version}.", version=consent.VERSION),
            Style.FAINT,
        ),
    ]
    return Note(lines, pin=True)


CONSENT = Flow("consent", presses={"agree": _agree, "younger": _younger, "details": _details, "ask": _ask})
