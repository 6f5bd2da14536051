"""What a person is told when a rule fires: what to do first, then why, with the figures; never blame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from tasks.rules.evaluate import Firing
from tasks.rules.figures import Figure
from tasks.words import Join, Moment, Share, Text, Words, _, _n


def _right(seen: Figure) -> Text:
    right = round(seen.value * seen.of)
    return _n(
        "{right} of your last {n} checked item was right.",
        "{right} of your last {n} checked items were right.",
        seen.of,
        right=right,
    )


def _of(sentence: Text) -> Callable[[Figure], Text]:
    return lambda seen: Text(sentence.message, {"share": Share(seen.value), "n": seen.of})


_WHY: Mapping[str, Callable[[Figure], Text]] = {
    "gold_accuracy": _right,
    "agreement": _of(_("{share} of your last {n} answers match what was found in the end.")),
    "accuracy": _of(_("{share} of your last {n} answers that could be checked were right.")),
    "acceptance": _of(_("{share} of your last {n} reviewed answers were accepted.")),
    "rejections": _of(_("{share} of your last {n} reviewed answers were sent back.")),
    "fast": _of(_("{share} of your last {n} answers came faster than the item can be read.")),
    "seconds": lambda seen: _(
        "Your last {n} answers took about {time} each.", n=seen.of, time=timedelta(seconds=seen.value)
    ),
    "sameness": lambda seen: _n(
        "You gave the same answer {n} time in a row.", "You gave the same answer {n} times in a row.", seen.of
    ),
    "skips_in_row": lambda seen: _n("You skipped {n} item in a row.", "You skipped {n} items in a row.", seen.of),
    "answers": lambda seen: _n("You have given {n} answer here.", "You have given {n} answers here.", seen.of),
    "doubt": lambda _seen: _("Your answers so far have little in common with those of others."),
}


def why(firing: Firing) -> Words:
    """The figures that made a rule fire, in sentences."""
    return Join([_WHY[name](figure) for name, figure in firing.figures.items()], " ")


def _then(advice: Text, reason: Words) -> Words:
    return Join((advice, reason), " ")


def checked_more(reason: Words) -> Words:
    """More gold is dealt."""
    return _then(_("Take your time with the next items: more of them are checked for a while."), reason)


def asked_more(reason: Words) -> Words:
    """Their items get another answer."""
    return _then(_("Go on with care: your items are given to one more person for a while."), reason)


def promoted(checks: int, reason: Words, *, proven: bool) -> Words:
    """Fewer checks."""
    if proven:
        first = _("Well done, you have proven yourself here! Only one in {n} of your answers is checked now.", n=checks)
    else:
        first = _("Well done! Only one in {n} of your answers is checked from now on.", n=checks)
    return _then(first, reason)


def demoted(checks: int, reason: Words) -> Words:
    """More checks."""
    if checks == 1:
        return _then(_("Take your time with the next items: each of your answers is checked for now."), reason)
    return _then(_("Take your time with the next items: one in {n} of your answers is checked now.", n=checks), reason)


def paused(until: int, reason: Words) -> Words:
    """A break in this project."""
    return _then(_("Have a break here, this project is open for you again {time}.", time=Moment(until)), reason)


def earned(skill: str, reason: Words) -> Words:
    """A skill."""
    return _then(_("You have earned “{skill}”: it may open more projects to you.", skill=skill), reason)


def invited_to_practice(reason: Words, *, there: bool) -> Words:
    """Practice, or where there is none the instructions."""
    if there:
        return _then(_("A few practice items may make it easier: they show at once what is right."), reason)
    return _then(_("Have another look at the instructions, under “⋯”: it may make the next items easier."), reason)


def asked_reviewers(reason: Words) -> Words:
    """Reviewers look at the item."""
    return _then(_("Go on as before: reviewers will look at your last item too, and nothing is decided yet."), reason)


def proposed(reason: Words) -> Words:
    """Somebody looks at their work."""
    return _then(_("Go on with care: somebody will look at your answers here, and nothing is decided yet."), reason)
