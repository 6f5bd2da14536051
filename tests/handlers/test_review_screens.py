"""The screens of a dispute, however long the item, the answers and the notes, with a picture and without."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from bot.translate import Translator
from db.queries.cases import Case
from handlers import review_group
from handlers.parts import review as parts
from handlers.talk import Screen
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tasks.review.dispute import Seen, Shown
from tasks.review.reveal import Became, Revealed
from tasks.review.seats import MOST_COUNTED, WHAT, Waiting
from tasks.review.together import Before
from tests.conftest import NOON
from tests.handlers.screens import LANGUAGES, faults
from tests.talks.projects import PROJECTS
from tests.talks.reviewed import REVIEWED

TRANSLATOR = Translator(lambda: NOON)
_ANSWERS: Mapping[str, Sequence[Any]] = {
    "animals": ["cat", "dog"],
    "captions": ["z" * 3_000 + str(n) for n in range(8)],
    "moods": [1, 3, 5],
    "tags": [["food"], ["food", "place", "person"]],
    "forty": [f"s{n}" for n in range(1, 9)],
    "shapes": [],
}
_KNOWN = {name: Known(7, name, "live", 1, Spec.model_validate(dict(PROJECTS[name]))) for name in _ANSWERS}
_CASE = Case(
    3, 7, 1, "dispute", "crowd", None, None, None, "", "decided", 3, 7, 0, 3, 1, None, "", "because " * 80, 0.87, 2,
    None, None,
)  # fmt: skip


def _screens() -> Iterator[tuple[str, Screen]]:
    for name, known in _KNOWN.items():
        for length, pictures in ((0, {}), (3_000, {}), (900, {"photo": "x" * 64})):
            found = Shown({"caption": "가" * length}, pictures, _ANSWERS[name])
            yield from _of(f"{name} {length}", known, found)
    purse = Known(8, "pairs", "live", 1, Spec.model_validate(dict(REVIEWED["pairs"])))
    waits = [
        Waiting(known, what, n) for known in (_KNOWN["animals"], purse) for what in WHAT for n in (1, MOST_COUNTED)
    ]
    yield "home", parts.home(waits, (purse, "answer"), 2, 3, 1, "Cat")
    yield "nothing", parts.home([], None, 0, 0, 0, None)
    yield "decided", parts.decided([Became(1, "an item", new=True), Became(2, "another", new=False)])
    yield "none decided", parts.decided([])


def _of(name: str, known: Known, found: Shown) -> Iterator[tuple[str, Screen]]:
    value = {"answer": found.candidates[-1]} if found.candidates else {"fault": "gap"}
    votes = [Seen(value, "a note " * 70, mine=n == 1) for n in range(20)]
    for memory in ({"case": 3}, {"case": 3, "note": "n" * 500}, {"case": 3, "changing": True}):
        yield f"{name} {memory}", parts.dispute(known, found, memory, "z" * 40, alone=True)
    together = Before(known, _CASE, found)
    yield f"{name} in a group", review_group.screen(together, NOON)
    yield f"{name} at fault, in a group", review_group.at_fault(together, NOON)
    yield f"{name} other", parts.other(known, found, {"draft": None, "page": 99})
    yield f"{name} fault", parts.fault(known, found)
    yield f"{name} alone", parts.alone(known, found, {"case": 3, "alone": True}, votes)
    yield f"{name} nobody", parts.alone(known, found, {"case": 3, "alone": True}, [])
    yield f"{name} read", parts.read(known, found, 1)
    yield f"{name} why", parts.why(known, value)
    yield f"{name} confirm", parts.confirm(known, value, "because " * 60)
    for by in (None, 5):
        case = _CASE._replace(verdict=json.dumps(value), decided_by=by)
        yield f"{name} revealed {by}", parts.revealed(Revealed(known, case, found.item, found.pictures, votes))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "screen"), list(_screens()))
def test_screen(name: str, screen: Screen, language: str) -> None:
    assert faults(screen, TRANSLATOR, language) == [], name
