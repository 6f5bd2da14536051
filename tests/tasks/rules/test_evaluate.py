"""When rules fire: each figure by example; and what holds of all rules and figures."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.projects.rules import ACTIONS, MOST_REMEMBERED, Rule
from tasks.quality import lately
from tasks.rules.evaluate import Clocks, evaluate
from tasks.rules.figures import COLLECTORS, Standing


class Known:
    """A way of working that is known."""

    def __init__(self, answers: int = 40, run: int = 1, seconds: float = 8.0, fast: float = 0.0) -> None:
        self.answers, self.run, self._seconds, self._fast = answers, run, seconds, fast

    def seconds(self, _last: int) -> float | None:
        """Always the same."""
        return self._seconds if self.answers else None

    def fast_share(self, _last: int) -> float | None:
        """Always the same."""
        return self._fast if self.answers else None


def ring(right: int, wrong: int) -> bytes:
    """So many right answers, then so many wrong ones."""
    return b"\xff" * right + b"\x00" * wrong


def standing(**figures: Any) -> Standing:
    """Somebody of whom nothing is known but this."""
    nothing: dict[str, Any] = {"gold": b"", "agreed": b"", "reviewed": b"", "golds": 0, "settled": 0, "reviews": 0}
    nothing |= {"answers": 0, "skips": 0, "skips_in_row": 0, "doubt": 0.0, "habits": lambda: Known(0)}
    return Standing(**{**nothing, **figures})


def rule(when: Mapping[str, Any], then: Any = "raise-checks") -> Rule:
    """A rule as a file has it."""
    return Rule.model_validate({"if": when, "then": then})


@pytest.mark.parametrize(
    ("when", "yes", "no"),
    [
        ({"gold_accuracy": {"below": 0.6, "last": 10}}, {"gold": ring(5, 5)}, {"gold": ring(6, 4)}),
        ({"gold_accuracy": {"below": 0.6, "last": 10}}, {"gold": ring(50, 10)}, {"gold": ring(0, 9)}),
        ({"gold_accuracy": {"below": 0.6, "last": 9, "least": 3}}, {"gold": ring(1, 2)}, {"gold": ring(0, 2)}),
        ({"gold_accuracy": {"from": 0.9, "last": 10}}, {"gold": ring(9, 0) + ring(0, 1)}, {"gold": ring(8, 2)}),
        ({"agreement": {"to": 0.5, "last": 4}}, {"agreed": ring(2, 2)}, {"agreed": ring(3, 1)}),
        ({"accuracy": {"above": 0.7, "last": 4}}, {"gold": ring(3, 0), "agreed": ring(1, 1)}, {"gold": ring(3, 0)}),
        ({"acceptance": {"from": 1, "last": 3}}, {"reviewed": ring(3, 0)}, {"reviewed": ring(3, 1)}),
        ({"rejections": {"from": 0.5, "last": 4}}, {"reviewed": ring(2, 2)}, {"reviewed": ring(3, 1)}),
        (
            {"seconds": {"below": 2}},
            {"habits": lambda: Known(20, seconds=1.5)},
            {"habits": lambda: Known(19, seconds=1.5)},
        ),
        ({"fast": {"from": 0.3}}, {"habits": lambda: Known(fast=0.3)}, {"habits": lambda: Known(fast=0.29)}),
        ({"sameness": {"from": 15}}, {"habits": lambda: Known(run=15)}, {"habits": lambda: Known(run=14)}),
        ({"skips_in_row": {"from": 5}}, {"skips_in_row": 5}, {"skips_in_row": 4}),
        ({"answers": {"from": 100}}, {"answers": 100}, {"answers": 99}),
        ({"doubt": {"above": 0.5}}, {"doubt": 0.6}, {"doubt": 0.5}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_figure(when: Mapping[str, Any], yes: Mapping[str, Any], no: Mapping[str, Any]) -> None:
    assert len(evaluate([rule(when)], standing(**yes), {})) == 1
    assert evaluate([rule(when)], standing(**no), {}) == []


def test_every_figure_of_the_vocabulary_can_be_read() -> None:
    from tasks.projects.rules import When  # noqa: PLC0415 - for this alone

    assert set(COLLECTORS) == set(When.model_fields)


def test_all_conditions_must_hold() -> None:
    both = rule({"gold_accuracy": {"below": 0.6, "last": 4}, "skips_in_row": {"from": 2}})
    assert len(evaluate([both], standing(gold=ring(1, 3), skips_in_row=2), {})) == 1
    assert evaluate([both], standing(gold=ring(1, 3), skips_in_row=1), {}) == []
    assert evaluate([both], standing(gold=ring(3, 1), skips_in_row=2), {}) == []


def test_habits_are_read_only_where_the_rest_holds() -> None:
    def never() -> Known:
        raise AssertionError

    hurried = rule({"fast": {"from": 0.5}, "gold_accuracy": {"below": 0.6, "last": 4}})
    assert evaluate([hurried], standing(gold=ring(4, 0), habits=never), {}) == []


def test_a_rule_fires_again_once_all_it_looks_at_is_new() -> None:
    wrong = rule({"gold_accuracy": {"below": 0.6, "last": 10}})
    here = standing(gold=ring(0, 10), golds=10)
    (first,) = evaluate([wrong], here, {})
    fired = {wrong.key: first.clocks}
    assert evaluate([wrong], replace(here, golds=19), fired) == []
    assert len(evaluate([wrong], replace(here, golds=20), fired)) == 1


def test_a_row_of_skips_fires_again_after_as_many_more() -> None:
    skipping = rule({"skips_in_row": {"from": 5}})
    (first,) = evaluate([skipping], standing(skips_in_row=5, skips=5), {})
    fired = {skipping.key: first.clocks}
    assert [len(evaluate([skipping], standing(skips_in_row=n, skips=n), fired)) for n in (6, 9, 10)] == [0, 0, 1]


def test_what_looks_at_no_history_fires_once() -> None:
    many = rule({"answers": {"from": 100}}, {"skill": "steady"})
    (first,) = evaluate([many], standing(answers=100), {})
    assert evaluate([many], standing(answers=100_000), {many.key: first.clocks}) == []


def test_nobody_is_promoted_by_the_look_that_gives_reason_for_care() -> None:
    better = rule({"agreement": {"from": 0.8, "last": 4}}, "promote")
    worse = rule({"gold_accuracy": {"below": 0.6, "last": 4}}, "demote")
    here = standing(agreed=ring(4, 0), gold=ring(0, 4))
    assert [one.rule for one in evaluate([better, worse], here, {})] == [worse]


# --------------------------------------------------------------------------- of all of them

_SHARES = ("gold_accuracy", "agreement", "accuracy", "acceptance", "rejections", "fast")
_COUNTS = ("skips_in_row", "sameness", "answers")
_ACTION = st.sampled_from([*(a for a in ACTIONS if a not in {"pause", "skill"}), {"pause": "1h"}, {"skill": "careful"}])


@st.composite
def rules_(draw: st.DrawFn) -> Rule:
    """Any rule."""
    when: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(_SHARES), max_size=3, unique=True)):
        bound = draw(st.sampled_from(["below", "above", "from", "to"]))
        when[name] = {bound: draw(st.sampled_from([0.2, 0.5, 0.8])), "last": draw(st.integers(1, 8))}
    for name in draw(st.lists(st.sampled_from(_COUNTS), min_size=not when, max_size=2, unique=True)):
        when[name] = {"from": draw(st.integers(0, 6))}
    return rule(when, draw(_ACTION))


def _itself(known: Known) -> Known:
    return known


@st.composite
def lives(draw: st.DrawFn) -> list[Standing]:
    """Where somebody stands after each thing they do."""
    acts = draw(
        st.lists(st.tuples(st.sampled_from(["gold", "agreed", "reviewed", "skip"]), st.booleans()), max_size=40)
    )
    here = standing()
    life = []
    for what, right in acts:
        if what == "skip":
            here = replace(here, skips=here.skips + 1, skips_in_row=here.skips_in_row + 1)
        else:
            clock = {"gold": "golds", "agreed": "settled", "reviewed": "reviews"}[what]
            here = replace(
                here,
                **{what: lately.judged(getattr(here, what), float(right)), clock: getattr(here, clock) + 1},
                answers=here.answers + 1,
                skips_in_row=0,
            )
        known = Known(here.answers, run=here.answers % 5, fast=0.5)
        life.append(replace(here, habits=partial(_itself, known)))
    return life


@given(rules_(), lives())
def test_a_rule_never_fires_twice_on_the_same_history(one: Rule, life: list[Standing]) -> None:
    fired: dict[str, Clocks] = {}
    for here in life:
        for firing in evaluate([one], here, fired):
            before = fired.get(one.key)
            for name, bounds in one.when.asked:
                clock = COLLECTORS[name][1]
                if before is not None and clock:
                    assert clock(here) - before[name] >= getattr(bounds, "last", max(1, int(bounds.low or 1)))
            fired[one.key] = firing.clocks


@given(st.lists(rules_(), max_size=6), lives(), st.integers(0, 100))
def test_the_order_of_rules_does_not_matter(rules: list[Rule], life: list[Standing], seed: int) -> None:
    shuffled = rules[:]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order
    for here in life:
        fired = {one.rule.key for one in evaluate(rules, here, {})}
        assert fired == {one.rule.key for one in evaluate(shuffled, here, {})}


@given(st.lists(rules_(), min_size=1, max_size=4), lives())
def test_a_condition_more_never_makes_a_rule_fire(rules: list[Rule], life: list[Standing]) -> None:
    for here in life:
        for one in rules:
            alone = [rule({name: bounds.model_dump(exclude_none=True)}) for name, bounds in one.when.asked]
            assert bool(evaluate([one], here, {})) == all(evaluate([part], here, {}) for part in alone)


@given(rules_())
def test_a_rule_reads_back_as_it_was_written(one: Rule) -> None:
    again = Rule.model_validate_json(one.model_dump_json())
    assert (again, again.key, str(again)) == (one, one.key, str(one))


@given(st.lists(st.floats(0, 1), max_size=100))
def test_what_was_judged_last_can_be_taken_back(rights: list[float]) -> None:
    seen = b""
    for right in rights:
        before = seen
        seen = lately.judged(seen, right)
        assert lately.unjudged(seen, right) == before[-(MOST_REMEMBERED - 1) :]
    assert len(seen) == min(len(rights), MOST_REMEMBERED)
