"""Rules in a project file and in an operator's: what is read, and every mistake with its line and remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tasks.projects.changes import fixed_keys_changed
from tasks.projects.mistakes import ProjectFileError
from tasks.projects.reading import parse_project
from tasks.projects.rules import ACTIONS
from tasks.rules.defaults import (
    RulesFileError,
    RulesUnreadableError,
    in_force,
    operators_rules,
)

_HEAD = "id: x\ntitle: y\nkind: text\nrules:\n"


def _mistake(rule: str) -> str:
    with pytest.raises(ProjectFileError) as raised:
        parse_project(f"{_HEAD}{rule}".encode())
    return "\n".join(str(mistake) for mistake in raised.value.mistakes)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "- if: {gold_acuracy: {below: 0.6}}\n  then: demote",
            "Line 5: rules[1].if.gold_acuracy: did you mean “gold_accuracy”",
        ),
        ("- if: {fast: {from: 0.3}}\n  then: raise-check", "Line 6: rules[1].then: did you mean “raise-checks”"),
        ("- if: {fast: {from: 0.3}}\n  then: banish", "write one of these: raise-checks"),
        ("- if: {fast: {from: 0.3}}\n  then: {pause: soon}", "write a number with its unit"),
        ("- if: {fast: {from: 0.3}}\n  then: {pause: 8d}", "choose a break from 1m to 7d"),
        ("- if: {fast: {from: 0.3}}\n  then: {pause: 5s}", "choose a break from 1m to 7d"),
        ("- if: {fast: {from: 0.3}}\n  then: pause", "say which, as in {pause: 1h}"),
        ("- if: {fast: {from: 0.3}}\n  then: {promote: 3}", "write just “promote”"),
        ("- if: {fast: {from: 0.3}}\n  then: {pause: 1h, skill: a}", "write one action here"),
        ("- if: {fast: {from: 0.3}}\n  then: {skill: Not A Skill}", "use only the letters a to z"),
        ("- if: {fast: {from: 30}}\n  then: demote", "rules[1].if.fast.from: choose a lower number"),
        ("- if: {fast: {from: 0.3, last: 65}}\n  then: demote", "choose a lower number: it must be 64 or less"),
        ("- if: {fast: {from: 0.3, last: 5, least: 6}}\n  then: demote", "let “least” be at most “last”"),
        ("- if: {fast: {last: 20}}\n  then: demote", "give it a bound"),
        ("- if: {fast: {above: 0.5, to: 0.5}}\n  then: demote", "let the bounds leave room"),
        ("- if: {skips_in_row: {from: 5, last: 3}}\n  then: demote", "there is no such key"),
        ("- if: {}\n  then: demote", "say when"),
        ("- then: demote", "rules[1].if: add this key"),
        ("- if: {fast: {from: 0.3}}", "rules[1].then: add this key"),
        ("- demote", "write keys with values here: if, then"),
        ("  if: {fast: {from: 0.3}}", "write a list here"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(rule: str, told: str) -> None:
    assert told in _mistake(rule)


@pytest.mark.parametrize("document", ["project-file.md", "admins.md"])
def test_the_examples_of_the_documents_are_rules(document: str) -> None:
    told = (Path(__file__).parents[3] / "docs" / document).read_text("utf-8")
    books = [book for book in re.findall(r"```yaml\n(rules:.*?)```", told, re.DOTALL) if book]
    singles = re.findall(r"`(\{[a-z_]+: \{[^`]*\}\})`", told)
    assert books
    for book in books:
        assert parse_project(f"id: x\ntitle: y\nkind: text\n{book}".encode()).rules
    for when in singles:
        assert parse_project(f"{_HEAD}- if: {when}\n  then: promote".encode()).rules


def test_rules_may_change_while_people_work() -> None:
    one = parse_project(f"{_HEAD}- if: {{fast: {{from: 0.3}}}}\n  then: demote".encode())
    assert fixed_keys_changed(one, one.model_copy(update={"rules": ()})) == []


def test_a_rule_says_itself_in_the_words_of_the_file() -> None:
    (rule,) = (
        parse_project(f"{_HEAD}- then: {{pause: 1h}}\n  if: {{fast: {{from: 0.3, last: 9}}}}".encode()).rules or ()
    )
    assert str(rule) == "if: {fast: {from: 0.3, last: 9}}, then: {pause: 3600s}"


def test_the_defaults_know_most_actions_and_reject_nobody() -> None:
    rules = operators_rules()
    assert {rule.then.action for rule in rules} == set(ACTIONS) - {"skill", "dispute"}
    assert not {"reject", "suspend"} & set(ACTIONS)


def test_a_projects_rules_replace_those_with_the_same_action() -> None:
    defaults = operators_rules()
    own = parse_project(f"{_HEAD}- if: {{fast: {{from: 0.3}}}}\n  then: demote".encode()).rules
    found = in_force(own, defaults)
    assert [rule for rule in found if rule.then.action == "demote"] == list(own or ())
    assert {rule.then.action for rule in found} == {rule.then.action for rule in defaults}
    assert in_force((), defaults) == ()
    assert in_force(None, defaults) == defaults


def test_an_operators_file(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n  - if: {skips_in_row: {from: 3}}\n    then: {pause: 10m}\n")
    found = operators_rules(file)
    assert [rule.then.pause_ms for rule in found if rule.then.action == "pause"] == [600_000]
    assert "promote" in {rule.then.action for rule in found}


def test_an_operators_file_with_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n  - if: {skips_in_row: {from: 3}}\n    then: pawse\n")
    with pytest.raises(RulesFileError, match=r"Line 3: rules\[1\]\.then: did you mean “pause”"):
        operators_rules(file)
    file.write_text("rules: [\n")
    with pytest.raises(RulesFileError, match="Line 2"):
        operators_rules(file)
    with pytest.raises(RulesUnreadableError):
        operators_rules(tmp_path / "none.yaml")
