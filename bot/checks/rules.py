"""The check of the operator's file of rules."""

from __future__ import annotations

from pathlib import Path

from bot.checks.finding import Finding, good, wrong
from db.errors import InputError
from tasks.rules.defaults import operators_rules
from tasks.words import _, _n, error_words


def rules(file: Path | None) -> Finding:
    """Whether it can be read and understood; without one the defaults hold."""
    about = _("Rules")
    if file is None:
        return good(about, _("the defaults: no file is set"))
    try:
        found = operators_rules(file)
    except InputError as error:
        return wrong(about, error_words(error))
    return good(about, _n("{n} rule holds", "{n} rules hold", len(found)))
