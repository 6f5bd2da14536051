"""Simulated people: what they press on each kind of screen, and how often they are wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.channel import Button, Message, PictureFile, Span
from bot.crowd import Judge, Lesson, Mind, Tap, Write

_LABELS = {"cat": "Cat", "dog": "Dog", "bird": "Bird"}
_TOOLS = ["↶ Undo “Cat”", "Skip", "⋯"]
_MANY_LOOKS = 4_000


def screen(item: str, *rows: Sequence[str], picture: str = "") -> Message:
    """An item with its keys; a press returns ``row.column``."""
    head = "Animals · 1 of 20\n"
    buttons = [[Button(label, f"{r}.{c}") for c, label in enumerate(row)] for r, row in enumerate(rows)]
    units = len(item.encode("utf-16-le")) // 2
    shown = PictureFile(picture, Path(picture)) if picture else None
    return Message(f"{head}{item}\n\nWhich?", [Span("quote", len(head), units)], buttons, shown)


def mind(truth: Any, errs: float = 0, seed: int = 1, **lesson: Any) -> Mind:
    known = Lesson("Animals", {"It purrs 🐈": truth}, **{"labels": _LABELS, **lesson})
    return Mind([known], errs, Random(seed))  # noqa: S311 - the same chance in each run


@pytest.mark.parametrize("rows", [(["Cat", "Dog"], ["Bird"], _TOOLS), (["Dog"], ["Cat"], ["Bird"], _TOOLS)])
def test_a_choice_is_one_tap_wherever_the_key_is(rows: tuple[list[str], ...]) -> None:
    place = next(f"{r}.{row.index('Cat')}" for r, row in enumerate(rows) if "Cat" in row)
    assert mind("cat").look(screen("It purrs 🐈", *rows)) == Tap(place, answers=True)


def test_a_picture_is_known_by_its_content() -> None:
    seen = screen("any", ["Cat", "Dog"], _TOOLS, picture="It purrs 🐈")
    assert mind("dog").look(seen) == Tap("0.1", answers=True)


def test_a_rating_is_the_number() -> None:
    rater = mind(4, labels={}, steps=range(1, 6))
    assert rater.look(screen("It purrs 🐈", ["1", "2", "3", "4", "5"], _TOOLS)) == Tap("0.3", answers=True)


def test_boxes_are_ticked_one_by_one_then_handed_in() -> None:
    ticker = mind(["cat", "bird"])
    steps = [
        (["☐ Cat", "☐ Dog"], ["☐ Bird"], Tap("0.0")),
        (["☑ Cat", "☑ Dog"], ["☐ Bird"], Tap("0.1")),
        (["☑ Cat", "☐ Dog"], ["☐ Bird"], Tap("1.0")),
        (["☑ Cat", "☐ Dog"], ["☑ Bird"], Tap("2.0", answers=True)),
    ]
    for first, second, act in steps:
        assert ticker.look(screen("It purrs 🐈", first, second, ["Hand in (1)"], _TOOLS)) == act


def test_a_text_is_written_then_handed_in() -> None:
    writer = mind("A cat", labels={})
    assert writer.look(screen("It purrs 🐈", _TOOLS)) == Write("A cat")
    assert writer.look(screen("It purrs 🐈", ["Hand in", "Change"], _TOOLS)) == Tap("0.0", answers=True)


def test_elsewhere_the_first_key_is_the_way_forward() -> None:
    welcome = Message("Welcome!", buttons=[[Button("I agree", "0.0")], [Button("한국어", "1.0")]])
    assert mind("cat").look(welcome) == Tap("0.0")
    assert mind("cat").look(Message("Nothing here")) is None


def test_of_projects_only_known_ones_are_chosen() -> None:
    menu = Message("2 open projects", buttons=[[Button("Fruit", "0.0")], [Button("Animals", "1.0")]])
    assert {mind("cat", seed=seed).look(menu) for seed in range(20)} == {Tap("1.0")}


def test_a_belief_lasts_until_it_is_handed_in() -> None:
    sceptic = mind(["cat", "bird"], errs=0.5)
    seen = screen("It purrs 🐈", ["☐ Cat", "☐ Dog"], ["☐ Bird"], ["Hand in"], _TOOLS)
    assert len({sceptic.look(seen) for _ in range(50)}) == 1


@pytest.mark.parametrize("errs", [0.0, 0.1, 0.4, 1.0])
def test_people_err_as_often_as_they_are_made_to(errs: float) -> None:
    rng = Random(5)  # noqa: S311 - the same chance in each run
    lesson = Lesson("Animals", {f"item {n}": "cat" for n in range(_MANY_LOOKS)}, _LABELS)
    person = Mind([lesson], errs, rng)
    looks = (person.look(screen(f"item {n}", ["Cat", "Dog"], ["Bird"], _TOOLS)) for n in range(_MANY_LOOKS))
    pressed = Counter(act.data for act in looks if isinstance(act, Tap))
    wrong = pressed["0.1"] + pressed["1.0"]
    assert abs(wrong / _MANY_LOOKS - errs) < 0.03
    if errs:
        assert abs(pressed["0.1"] / wrong - 0.5) < 0.1


@pytest.mark.parametrize("errs", [0, 0.5])
def test_the_same_chance_gives_the_same_life(errs: float) -> None:
    def life() -> list[object]:
        person = mind(["cat"], errs, seed=9)
        return [person.look(screen("It purrs 🐈", ["☐ Cat", "☐ Dog"], ["☐ Bird"], ["Hand in (0)"], _TOOLS))]

    assert life() == life()


def _judge(notes: Any = ()) -> Judge:
    return Judge([Lesson("Animals", {"It purrs 🐈": "cat"}, _LABELS, notes=dict(notes))])


def test_a_reviewer_votes_for_what_they_believe() -> None:
    seen = screen("It purrs 🐈", ["A · Dog"], ["B · Cat"], ["Another answer", "The item is at fault"], ["Skip"])
    assert _judge().look(seen) == Tap("1.0", answers=True)


def test_a_reviewer_says_why_once_and_then_votes() -> None:
    seen = screen("It purrs 🐈", ["A · Cat"], ["Skip"])
    judge = _judge({"It purrs 🐈": "Dogs do not."})
    assert [judge.look(seen), judge.look(seen)] == [Write("Dogs do not."), Tap("0.0", answers=True)]


def test_a_reviewer_skips_what_they_cannot_vote_for_and_looks_for_the_next() -> None:
    assert _judge().look(screen("It purrs 🐈", ["A · Dog"], ["Skip"])) == Tap("1.0")
    assert _judge().look(screen("Reviews", ["Vote: Fruit"], ["Vote: Animals"], ["Look again"])) == Tap("1.0")
    assert _judge().look(screen("Reviews", ["Look again"])) is None


def test_who_was_wrong_in_practice_learns_why() -> None:
    """The same item stands there until it is right: nobody is wrong about it for ever."""
    person = mind("cat", errs=1)
    seen = screen("It purrs 🐈", ["Cat", "Dog"], ["Bird"], _TOOLS)
    assert person.look(seen) != Tap("0.0", answers=True)
    assert person.look(seen) == Tap("0.0", answers=True)
