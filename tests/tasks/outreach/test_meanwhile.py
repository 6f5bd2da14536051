"""Two people write at the same broadcast: the second is told, and nothing of the first is lost."""

from __future__ import annotations

import pytest

from db.session import Database
from tasks.outreach import broadcast as service
from tasks.outreach.audience import Audience
from tasks.outreach.broadcast import MeanwhileError
from tasks.privacy.audit import SHELL
from tasks.projects.catalog import Catalog
from tests.conftest import NOON
from tests.support.outreach import a_draft


def test_only_what_was_seen_is_changed_and_sent(database: Database) -> None:
    made, first, second = a_draft(), a_draft(audience=Audience(gate=2)), a_draft(audience=Audience(gate=3))
    number = database.run(lambda tx: service.draft(tx, SHELL, made, NOON)).result()
    seen = service.mark(made)
    database.run(lambda tx: service.change(tx, SHELL, number, first, NOON, seen=seen)).result()
    for late in (
        lambda tx: service.change(tx, SHELL, number, second, NOON, seen=seen),
        lambda tx: service.send(tx, Catalog(), SHELL, number, NOON, seen=seen),
        lambda tx: service.wait(tx, number, seen=seen),
    ):
        with pytest.raises(MeanwhileError):
            database.run(late).result()
    found = database.run(lambda tx: service.standing(tx, number)).result()
    assert (found.draft, found.state) == (first, "draft")
    database.run(lambda tx: service.send(tx, Catalog(), SHELL, number, NOON, seen=service.mark(first))).result()


def test_a_mark_is_of_all_there_is() -> None:
    every = {
        service.mark(a_draft(**changed))
        for changed in ({}, {"audience": Audience(gate=2)}, {"project": 7}, {"project": 7, "places": 3})
    }
    assert len(every) == 4
    assert service.mark(a_draft()) == service.mark(a_draft())
