"""What the team has written to one person, and the one answer they can give: ``/answer``."""

from __future__ import annotations

from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks.personnel import letters
from tasks.words import Words, _

_ON = Key(_("Leave it"), "letter.leave")


def _command(visit: Visit, _argument: str) -> Turn:
    spoken(visit)
    return _read(visit)


def _read(visit: Visit, _value: object = None) -> Turn:
    """The newest letter, and how it is answered."""
    letter = letters.newest(visit.tx, visit.who.id, visit.now)
    if letter is None:
        return _over(_("There is nothing to answer: messages from the team come here by themselves."))
    lines = [
        Line(_("The team writes:"), Style.STRONG),
        Line(letter, Style.QUOTE),
        Line(_("To answer, write one message here; whoever wrote to you reads it.")),
    ]
    return show(State("letter"), Screen(lines, [[_ON]]))


def _said(visit: Visit, said: Said) -> Turn:
    letters.answer(visit.tx, visit.actor, said.text, visit.desk.given, visit.now)
    return _over(_("Your answer is sent."))


def _leave(_visit: Visit, _value: object = None) -> Turn:
    return _over(_("Left as it is: /answer brings it back."))


def _over(words: Words) -> Turn:
    keys = [[Key(_("To the projects"), "menu.projects", 0)], [Key(_("My page"), "me.overview")]]
    return show(State("menu"), Screen([Line(words, Style.STRONG)], keys))


LETTER = Flow(
    "letter",
    permit="own",
    commands={"answer": Menu(_command, permit="own")},
    presses={"read": _read, "leave": _leave},
    said=_said,
)
