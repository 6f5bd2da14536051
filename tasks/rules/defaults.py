"""The rules that hold where no file says otherwise, in the words of a project file; and those of an operator's file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from db.errors import InputError, told
from tasks.projects import remedies
from tasks.projects.mistakes import FileMistake, ProjectFileError
from tasks.projects.outline import outline
from tasks.projects.rules import Rule, RuleBook
from tasks.words import Join

RULES = """
rules:
  # The checks thin out with a good record: on every 3rd answer, then every 5th, every 10th.
  - if: {accuracy: {from: 0.8, last: 20}, doubt: {below: 0.5}}
    then: promote
  # They thicken after a bad one.
  - if: {accuracy: {below: 0.6, last: 20}}
    then: demote
  - if: {gold_accuracy: {below: 0.6, last: 10, least: 5}}
    then: raise-checks
  - if: {doubt: {from: 0.8}, answers: {from: 20}}
    then: more-answers
  # Help comes first.
  - if: {gold_accuracy: {below: 0.6, last: 10, least: 5}}
    then: invite-to-practice
  - if: {skips_in_row: {from: 5}}
    then: invite-to-practice
  # A break for whoever hurries and is often wrong; hurry alone is no fault.
  - if: {fast: {from: 0.5, last: 20}, accuracy: {below: 0.6, last: 20}}
    then: {pause: 1h}
  # Nobody is suspended by a rule: an admin decides.
  - if: {gold_accuracy: {below: 0.5, last: 30, least: 20}}
    then: propose-suspension
"""


class RulesUnreadableError(InputError):
    """The operator's file of rules cannot be opened."""

    message = told("Check the path in CROWDLOOM_RULES: “{path}” cannot be read.")


class RulesFileError(InputError):
    """The operator's file of rules has mistakes: all of them, in the order of their lines."""

    message = told("Mend the file of rules first:\n{mistakes}")

    def __init__(self, mistakes: Sequence[FileMistake]) -> None:
        super().__init__(mistakes="\n".join(str(mistake) for mistake in mistakes))
        self.values = {"mistakes": Join([mistake.told for mistake in mistakes], "\n")}


def operators_rules(file: Path | None = None) -> Sequence[Rule]:
    """The rules of all projects: the defaults, but for what the operator's file has rules for.

    Raises RulesUnreadableError, RulesFileError.
    """
    rules = _parsed(RULES.encode())
    if file is None:
        return rules
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise RulesUnreadableError(path=str(file)) from error
    return in_force(_parsed(raw), rules)


def in_force(own: Sequence[Rule] | None, others: Sequence[Rule]) -> Sequence[Rule]:
    """``own`` rules, and of ``others`` those whose action has none among them. An empty list is: no rules at all."""
    if not own:
        return others if own is None else ()
    actions = {rule.then.action for rule in own}
    return (*own, *(rule for rule in others if rule.then.action not in actions))


def _parsed(raw: bytes) -> Sequence[Rule]:
    try:
        read = outline(raw)
    except ProjectFileError as error:
        raise RulesFileError(error.mistakes) from None
    found = list(read.mistakes)
    try:
        book = RuleBook.model_validate(read.data)
    except ValidationError as error:
        raise RulesFileError([*found, *remedies.mistakes(error, read)]) from None
    if found:
        raise RulesFileError(found)
    return book.rules
