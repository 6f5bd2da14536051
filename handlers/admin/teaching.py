"""Teaching with what reviewers decided: reviewers suggest an item, admins confirm it with its explanation."""

from __future__ import annotations

from handlers.ask import ASKS
from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Picture, Said, Screen, State, Style, Turn
from tasks.access import may
from tasks.privacy.audit import Actor
from tasks.review import teaching
from tasks.review.teaching import Lesson, NotTeachableError, TeachingError
from tasks.words import Join, Local, Words, _, error_words

_ON_A_PAGE = 8
_MOST_OF_ITEM = 600
HOME = Key(_("Teach with what was decided"), "teaching.home")
_VOTES = Key(_("To the reviews"), "review.home")
_HOME = Key(_("Back"), "teaching.home")


def _home(visit: Visit, _value: object = None, toast: Words | None = None) -> Turn:
    found = teaching.candidates(visit.tx, visit.desk.catalog, _ON_A_PAGE)
    lines = [Line(_("Teach with what was decided"), Style.HEAD)]
    if found:
        lines.append(Line(_("Choose an item: people practise with it, or it is asked as a hidden check.")))
    else:
        lines.append(Line(_("Nothing to choose from just now: items come here once reviewers have decided them.")))
    if any(one.suggested for one in found):
        lines.append(Line(_("★ suggested by a reviewer"), Style.FAINT))
    keys = [
        [Key(Join(("★ ", one.words)) if one.suggested else one.words, "teaching.lesson", one.case)] for one in found
    ]
    return show(State("teaching"), Screen(lines, [*keys, [_VOTES]]), toast)


def _lesson(visit: Visit, case: int) -> Turn:
    try:
        found = teaching.lesson(visit.tx, visit.desk.catalog, case)
    except NotTeachableError as error:
        return _home(visit, toast=error_words(error))
    return _shown(visit, found, found.why)


def _shown(visit: Visit, found: Lesson, why: str, toast: Words | None = None) -> Turn:  # noqa: ARG001 - as all screens
    memory = {"case": found.case.id, "why": why}
    return show(State("teaching", memory), screen(found, why), toast)


def screen(found: Lesson, why: str) -> Screen:
    """The item, what is right, and what people are told."""
    spec = found.known.spec
    text = found.item.get(spec.show.text or "", "")[:_MOST_OF_ITEM]
    answer = ASKS[spec.kind].words(spec, found.answer)
    lines = [
        Line(Join((Local(spec.title), " · ", _("Teaching"))), Style.HEAD),
        *([Line(text, Style.QUOTE)] if text else []),
        Line(_("Decided: {answer}", answer=answer), Style.STRONG),
        Line(_("The explanation: {why}", why=why) if why else _("There is no explanation yet.")),
        Line(_("To change it, write the new one as a message: whoever practises is shown it."), Style.FAINT),
    ]
    keys = [
        [Key(_("For practice"), "teaching.make", "practice"), Key(_("As a hidden check"), "teaching.make", "gold")],
        [_HOME],
    ]
    content = found.pictures.get(spec.show.image or "")
    return Screen(lines, keys, Picture(content) if content else None)


def _said(visit: Visit, said: Said) -> Turn:
    case = visit.memory.get("case")
    if case is None:
        return again(_("Please tap one of the keys below the message."))
    found = teaching.lesson(visit.tx, visit.desk.catalog, int(case))
    return _shown(visit, found, " ".join(said.text.split())[: teaching.MOST_OF_WHY], _("Noted: now choose what for."))


def _make(visit: Visit, how: teaching.How) -> Turn:
    actor = Actor(visit.who.id, visit.who.channel)
    case, why = int(visit.memory["case"]), str(visit.memory.get("why", ""))
    try:
        teaching.confirm(visit.tx, visit.desk.catalog, actor, case, how, why, visit.now)
    except NotTeachableError as error:
        return _home(visit, toast=error_words(error))
    return _home(visit, toast=_DONE[how])


_DONE = {
    "practice": _("Done: people practise with it from now on."),
    "gold": _("Done: from now on it is asked as a hidden check, of people who have not met it."),
}


def teachable(visit: Visit) -> bool:
    """Whether this person finds something there."""
    return may(visit.who.role, "administer") and bool(teaching.candidates(visit.tx, visit.desk.catalog, 1))


def key_of(visit: Visit, case: int) -> Key:
    """What somebody can do with a decided item beside looking at it."""
    if may(visit.who.role, "administer"):
        return Key(_("Teach with it"), "teaching.lesson", case)
    return Key(_("Suggest it for practice"), "suggest.lesson", case)


def _suggest(visit: Visit, case: int) -> Turn:
    actor = Actor(visit.who.id, visit.who.channel)
    try:
        teaching.suggest(visit.tx, visit.desk.catalog, actor, case, visit.now)
    except TeachingError as error:
        return again(error_words(error))
    return again(_("Thank you: an admin decides whether people practise with it."))


TEACHING = Flow(
    "teaching",
    permit="administer",
    presses={"home": _home, "lesson": _lesson, "make": _make},
    said=_said,
)
SUGGEST = Flow("suggest", permit="review", presses={"lesson": _suggest})
