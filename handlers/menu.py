"""The open projects, as cards: what each is, what it pays, how long an item takes, what is left, what opens it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from handlers.flow import Flow, Menu, Visit, show
from handlers.parts import returned
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks import profile
from tasks.money.budget import used_up
from tasks.projects.catalog import Known, Progress, progress
from tasks.qualification import review_quiz
from tasks.qualification.door import Door, decide, standing
from tasks.qualification.gates import PROVEN
from tasks.store import Tx
from tasks.words import Join, Local, Money, Words, _, _n

_ON_A_PAGE = 6
_AGAIN = Key(_("Look again"), "menu.projects")
_A_QUESTION = 15
"""Seconds that a question of a quiz takes, while nobody's work shows it."""


class _Card(NamedTuple):
    known: Known
    door: Door


def projects(visit: Visit, page: int = 0, toast: Words | None = None) -> Turn:
    """The list of open projects, the best fit first."""
    cards = _cards(visit)
    if not cards:
        lines = [
            Line(_("Nothing to do just now."), Style.STRONG),
            Line(_("New projects appear here. Look again a little later.")),
        ]
        return show(State("menu"), Screen(lines, [*returned.keys(visit), [_AGAIN]]), toast)
    page, shown = page_of(cards, page, _ON_A_PAGE)
    lines = [Line(_n("{n} open project", "{n} open projects", len(cards)), Style.HEAD)]
    for card in shown:
        lines += card_lines(visit.tx, card.known, card.door)
    keys = [[Key(Local(card.known.spec.title), "work.choose", card.known.id)] for card in shown if _leads_on(card)]
    keys += _reviewing(visit, shown)
    keys = [*returned.keys(visit), *(keys or [[_AGAIN]])]  # all of them may be closed to this person just now
    return show(State("menu"), Screen(lines, [*keys, *pager("menu.projects", page, len(cards), _ON_A_PAGE)]), toast)


def _cards(visit: Visit) -> Sequence[_Card]:
    """What one can go on with first; of that what one likes, then what is open at once, then what is new."""
    live = visit.desk.catalog.live(visit.tx)
    stands, likes = standing(visit.tx, visit.who.id), profile.read(visit.tx, visit.who.id).likes
    titles = {known.spec.skill: Local(known.spec.title) for known in live}
    cards = [_Card(known, decide(known, visit.who, stands, visit.now, titles)) for known in live]
    return sorted(
        cards,
        key=lambda card: (
            not _leads_on(card),
            not profile.liked(likes, card.known.spec),
            card.door.state != "open",
            -card.known.id,
        ),
    )


def _leads_on(card: _Card) -> bool:
    return card.door.state != "closed"


def card_lines(tx: Tx, known: Known, door: Door) -> Sequence[Line]:
    """What somebody reads of a project before they choose it."""
    lines = [Line(Local(known.spec.title), Style.STRONG)]
    counts = progress(tx, known.id)
    if door.state != "open":
        lines.append(Line(Join(("🔒 ", _opens(known, door, counts)))))
    if door.state == "closed":
        return lines
    facts: list[Words] = []
    if known.spec.reward and known.spec.reward.answer:
        facts.append(_("{amount} each", amount=Money(known.spec.reward.answer, known.spec.reward.currency)))
    if counts.answers:
        facts.append(_("about {time} an item", time=timedelta(seconds=_typical(counts))))
    facts.append(_n("{n} item left", "{n} items left", max(0, counts.tasks - counts.settled)))
    if known.state != "draft" and used_up(tx, known.purse):
        facts.append(_("cannot pay for more just now"))
    return [*lines, Line(Join(facts, " · "))]


def _opens(known: Known, door: Door, counts: Progress) -> Words:
    """What opens it, and about how long that takes."""
    if door.state != "quiz" or door.running:
        return door.why
    each = known.spec.qualification.per_question_ms
    seconds = _typical(counts) if counts.answers else min(_A_QUESTION, each // 1000) if each else _A_QUESTION
    return Join((door.why, _("about {time}", time=timedelta(seconds=seconds * door.left))), ", ")


def _typical(counts: Progress) -> int:
    """Seconds an item takes others."""
    return max(1, round(counts.work_ms / counts.answers / 1000))


def _reviewing(visit: Visit, shown: Sequence[_Card]) -> list[list[Key]]:
    """The way to become a reviewer, for people who are proven."""
    if visit.who.gate < PROVEN:
        return []
    able = [card.known for card in shown if review_quiz.offered(visit.tx, card.known, visit.who, visit.now)]
    return [[become_reviewer(known)] for known in able]


def become_reviewer(known: Known) -> Key:
    """The way to a reviewer's quiz."""
    return Key(_("Become a reviewer: {title}", title=Local(known.spec.title)), "qualify.review", known.id)


def _tasks(visit: Visit, _argument: str) -> Turn:
    return projects(visit)


def _projects(visit: Visit, page: int | None) -> Turn:
    return projects(visit, page or 0)


MENU = Flow(
    "menu", consented=True, commands={"tasks": Menu(_tasks, _("Open projects"))}, presses={"projects": _projects}
)
