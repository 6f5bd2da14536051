"""What is left in the middle: carried along, taken up once, forgotten after a week."""

from __future__ import annotations

from handlers.kept import KEPT_MS, begun, carried
from handlers.talk import State
from tests.conftest import NOON

_DRAFT = {"draft": {"kind": "choice"}, "step": "words"}
_LEFT = carried(State("new", _DRAFT), State("projects", {"key": "a"}), NOON)


def test_what_was_begun_goes_along() -> None:
    assert begun(_LEFT.memory, NOON) == _DRAFT
    further = carried(_LEFT, State("work", {"task": 1}), NOON + 1)
    assert (further.memory["task"], begun(further.memory, NOON)) == (1, _DRAFT)
    assert begun(carried(further, State("new", {}), NOON + 2).memory, NOON) == _DRAFT


def test_it_is_taken_up_once() -> None:
    here = carried(_LEFT, State("new", _DRAFT), NOON)
    assert here.memory == _DRAFT
    assert carried(here, State("new", {}), NOON).memory == {}, "they leave it"


def test_a_week_later_it_is_gone() -> None:
    assert begun(_LEFT.memory, NOON + KEPT_MS) == _DRAFT
    assert begun(_LEFT.memory, NOON + KEPT_MS + 1) == {}
    assert carried(_LEFT, State("work"), NOON + KEPT_MS + 1).memory == {}


def test_nobody_else_has_anything_to_carry() -> None:
    after = State("work", {"task": 1})
    assert carried(State("new", {"key": "a"}), after, NOON) is after
    assert carried(State("menu"), after, NOON) is after
