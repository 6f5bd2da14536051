"""A project as a worker will see it, screen after screen, in each language; nothing is written by looking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from handlers.ask import ASKS
from handlers.flow import Visit
from handlers.menu import card_lines
from handlers.parts import qualify
from handlers.parts import task as parts
from handlers.talk import Key, Line, Sample, Screen, Show, State, Style, Turn
from tasks.projects.catalog import Known
from tasks.qualification import preview
from tasks.qualification.attempt import Rules
from tasks.words import Local, Words, _

_SITTING = 20


class Page(NamedTuple):
    """One screen of theirs, and what it is."""

    name: Words
    screen: Screen


def look(visit: Visit, wanted: str | Mapping[str, Any]) -> Turn:
    """A page of the preview: the first, or the one that a key names. Raises UnknownProjectError."""
    asked = {"key": wanted} if isinstance(wanted, str) else wanted
    known = visit.project(str(asked["key"]))
    language = str(asked.get("language") or visit.who.language or "en")
    pages = _pages(visit, known, language)
    at = min(max(int(asked.get("page", 0)), 0), len(pages) - 1)
    below = Screen(_lines(visit, known, language, pages, at), _keys(visit, known, language, len(pages), at))
    state = State("new", {"key": known.key})
    return Turn(state, [Sample(pages[at].screen, language), Show(below, fresh=True)])


def _lines(visit: Visit, known: Known, language: str, pages: Sequence[Page], at: int) -> Sequence[Line]:
    name = visit.desk.languages.get(language, language)
    where = _("Preview in {language}: {n} of {total}", language=name, n=at + 1, total=len(pages))
    lines = [Line(where, Style.HEAD), Line(pages[at].name, Style.STRONG)]
    if len(known.spec.title) and language not in known.spec.title and "" not in known.spec.title:
        lines.append(Line(_("The project has no words in this language: people read them in another.")))
    if at == 0:
        lines.append(Line(_("This is what people will see. Nothing of it is counted."), Style.FAINT))
    return lines


def _keys(visit: Visit, known: Known, language: str, pages: int, at: int) -> Sequence[Sequence[Key]]:
    def to(words: Words, **changed: Any) -> Key:
        return Key(words, "new.preview", {"key": known.key, "page": at, "language": language, **changed})

    turning = [to(_("Next"), page=at + 1)] if at + 1 < pages else [to(_("From the beginning"), page=0)]
    turning += [to(name, language=code) for code, name in visit.desk.languages.items() if code != language]
    launch = [Key(_("Launch"), "projects.launching", known.key)] if known.state in {"draft", "paused"} else []
    change = [Key(_("Change"), "new.change", known.key), Key(_("Add items"), "new.items", known.key)]
    project = [Key(_("The project"), "projects.card", known.key)]
    return [row for row in (turning, launch, change if known.state != "closed" else [], project) if row]


# --------------------------------------------------------------------------- their screens


def _pages(visit: Visit, known: Known, language: str) -> Sequence[Page]:
    """In the order in which somebody new meets them; made by what makes them for people."""
    door = preview.somebody(known, language, visit.now)
    card = card_lines(visit.tx, known, door)
    listed = Screen(card, [[Key(Local(known.spec.title), "work.choose", known.id)]])
    return [
        Page(_("In the list of projects"), listed),
        *_before(visit, known, language),
        Page(_("The instructions"), parts.instructions(known, begin=True)),
        *_items(visit, known),
    ]


def _before(visit: Visit, known: Known, language: str) -> Sequence[Page]:
    """Practice and quiz, where there are any."""
    needs, pages = known.spec.qualification, []
    found = preview.practised(visit.tx, known) if needs.practice else None
    if found:
        pages.append(
            Page(_("Practice begins"), qualify.practice_begins(known, preview.somebody(known, language, visit.now)))
        )
        pages.append(Page(_("A practice item"), qualify.exercise(known, found.exercise, {})))
        right = qualify.well_done(known, found.exercise, found.right, done=False)
        pages.append(Page(_("A practice item that was right"), right))
    if needs.quiz:
        needed = Rules(needs.quiz, needs.pass_share).needed
        pages.append(Page(_("The quiz begins"), qualify.quiz_begins(known, needs.quiz, needed)))
    return pages


def _items(visit: Visit, known: Known) -> Sequence[Page]:
    ask = ASKS[known.spec.kind]
    return [
        Page(_("Item {n}", n=n + 1), parts.item(known, ask, offer, {"done": n}, _SITTING, None, 0))
        for n, offer in enumerate(preview.items(visit.tx, known))
    ]
