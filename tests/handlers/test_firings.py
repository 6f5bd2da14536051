"""What rules say, in each language: every figure as a reason, every action; and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.translate import Translator
from handlers.parts import firings
from handlers.parts import task as parts
from handlers.talk import Key, Line, Note, Screen, Show, State, Turn
from tasks.assignment.deal import NoWork
from tasks.projects.catalog import Known
from tasks.projects.rules import Rule
from tasks.projects.spec import Spec
from tasks.rules import words
from tasks.rules.evaluate import Firing
from tasks.rules.figures import COLLECTORS, Figure
from tasks.rules.look import Done
from tasks.words import Words
from tests.handlers.screens import LANGUAGES, faults, faults_of_turn, render
from tests.support.bots import ANIMALS

TRANSLATOR = Translator(lambda: 0)


def _firing(figures: Mapping[str, Figure], then: Any = "promote") -> Firing:
    return Firing(Rule.model_validate({"if": {"answers": {"from": 1}}, "then": then}), figures, {})


def _sentences() -> Sequence[Words]:
    reason = words.why(_firing({name: Figure(0.5, 10) for name in COLLECTORS}))
    return [
        reason,
        words.checked_more(reason),
        words.asked_more(reason),
        words.promoted(3, reason, proven=True),
        words.promoted(5, reason, proven=False),
        words.demoted(1, reason),
        words.demoted(5, reason),
        words.paused(3_600_000, reason),
        words.earned("careful", reason),
        words.invited_to_practice(reason, there=True),
        words.invited_to_practice(reason, there=False),
        words.asked_reviewers(reason),
        words.proposed(reason),
    ]


def _known(**changed: Any) -> Known:
    return Known(7, "animals", "live", 1, Spec.model_validate({**ANIMALS, **changed}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_rules_say_can_be_read(language: str) -> None:
    for said in _sentences():
        assert faults(Screen([Line(said)]), TRANSLATOR, language) == []


@pytest.mark.parametrize("name", sorted(COLLECTORS))
def test_every_figure_has_a_sentence_with_its_number(name: str) -> None:
    said = TRANSLATOR.words(words.why(_firing({name: Figure(0.25, 12)})), "en")
    assert name == "doubt" or "12" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pause_says_until_when_and_why(language: str) -> None:
    why = words.why(_firing({"skips_in_row": Figure(5, 5)}))
    for reason in (why, ""):
        screen = parts.no_work(_known(), NoWork("paused", 3, 3_600_000, reason))
        assert faults(screen, TRANSLATOR, language) == []
        assert "10:00" in render(screen, TRANSLATOR, language).text


def _turn(*, item: bool = True, task: int | None = 1) -> Turn:
    """The next item, or why there is none; without a task the end of a sitting."""
    receipt = (7, 1, 1) if item else None
    screen = Screen([Line("the screen")], [[Key("Cat", "work.answer", "cat")]], receipt=receipt)
    return Turn(State("work", {"task": task}), [Show(screen)])


def _done(then: Any) -> Done:
    return Done(_firing({"skips_in_row": Figure(5, 5)}, then), words.invited_to_practice("", there=False))


def test_what_was_done_stands_above_the_item_and_stays() -> None:
    turn = firings.told(_known(), _turn(), [_done("promote"), _done("raise-checks")])
    assert [type(action) for action in turn.actions] == [Note, Note, Show]
    assert turn.actions[-1].fresh  # type: ignore[union-attr]  # a Show
    assert faults_of_turn(turn, TRANSLATOR, "ko") == []


def test_nothing_done_changes_nothing() -> None:
    turn = _turn()
    assert firings.told(_known(), turn, []) is turn


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({}, ["work.instructions", "work.back"]),
        ({"qualification": {"practice": 3}}, ["qualify.practise", "work.instructions", "work.back"]),
    ],
)
def test_practice_is_offered_in_place_of_the_item(changed: Mapping[str, Any], keys: list[str]) -> None:
    turn = firings.told(_known(**changed), _turn(), [_done("invite-to-practice")])
    (shown,) = turn.actions
    assert isinstance(shown, Show)
    assert [key.to for row in shown.screen.keys for key in row] == keys
    for language in LANGUAGES:
        assert faults_of_turn(turn, TRANSLATOR, language) == []


@pytest.mark.parametrize("turn", [_turn(item=False), _turn(item=False, task=None)], ids=["no item", "rest"])
def test_without_an_item_practice_is_only_spoken_of(turn: Turn) -> None:
    told = firings.told(_known(), turn, [_done("invite-to-practice")])
    assert [type(action) for action in told.actions] == [Note, Show]


def test_a_pause_is_told_where_the_screen_does_not_say_it() -> None:
    turn = _turn(item=False)
    assert firings.told(_known(), turn, [_done({"pause": "1h"})]) is turn
    for other in (_turn(), _turn(item=False, task=None)):
        assert len(firings.told(_known(), other, [_done({"pause": "1h"})]).actions) == 2
