"""Editing a field: read as a file is, refused where answers depend on it, and nothing where another was quicker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from db.session import Database, Tx
from tasks.privacy.audit import Actor
from tasks.projects import editing, funding
from tasks.projects.catalog import Catalog, Known
from tasks.projects.errors import FixedAfterLaunchError
from tasks.projects.mistakes import ProjectFileError, english
from tests.conftest import NOON
from tests.support.bots import ANIMALS, add_project

_PAID = {**ANIMALS, "overlap": {"min": 2, "max": 3, "confidence": 0.9},
         "reward": {"answer": "20", "currency": "KRW", "budget": "30000"}}  # fmt: skip
ONE, OTHER = Actor(None, "test"), Actor(None, "web")


@pytest.fixture
def catalog(database: Database) -> Catalog:
    add_project(database, _PAID, [{"id": "t1", "caption": "one"}], NOON, "draft")
    return Catalog()


def _run(database: Database, work: Callable[[Tx], Any]) -> Any:
    return database.run(work).result()


def _known(database: Database, catalog: Catalog) -> Known:
    known: Known = _run(database, lambda tx: catalog.by_key(tx, "animals"))
    return known


def test_each_field_is_read_as_of_a_file(database: Database, catalog: Catalog) -> None:
    known = _known(database, catalog)
    assert editing.read(known, "title", " Cats ", "en").title == {"en": "Cats", "ko": "어떤 동물일까요?"}
    assert editing.read(known, "overlap.max", "5", "en").overlap.max == 5
    assert editing.read(known, "limits.per_day", "7", "en").limits.per_day == 7
    assert editing.read(known, "instructions", "-", "en").instructions == {}
    due = editing.read(known, "schedule.deadline", "2026-12-10T18:00+09:00", "en").schedule.deadline
    assert due is not None
    assert editing.written(known, "title", "ko") == "어떤 동물일까요?"


@pytest.mark.parametrize(
    ("field", "said"),
    [("title", "-"), ("overlap.max", "1"), ("overlap.max", "many"), ("limits.per_day", "-3"),
     ("title", "x" * 5_000)],
)  # fmt: skip
def test_what_no_file_may_say(database: Database, catalog: Catalog, field: str, said: str) -> None:
    with pytest.raises(ProjectFileError) as error:
        editing.read(_known(database, catalog), field, said, "en")
    told = editing.mistakes_of(error.value)
    assert told
    assert not any(english(words).startswith(field) for words in told)


def test_a_time_is_that_of_the_clock_of_whoever_writes(database: Database, catalog: Catalog) -> None:
    known = _known(database, catalog)
    for said in ("2026-12-10 18:00", "2026-12-10T18:00", "2026-12-10T09:00Z", "2026-12-10T18:00+09:00"):
        spec = editing.read(known, "schedule.deadline", said, "en", "Asia/Seoul")
        assert spec.schedule.deadline is not None
        assert spec.schedule.deadline.timestamp() == 1_796_893_200
        due = replace(known, spec=spec)
        assert editing.written(due, "schedule.deadline", "en", "Asia/Seoul") == "2026-12-10 18:00"
        assert editing.written(due, "schedule.deadline", "en") == "2026-12-10 09:00"
    for said in ("tomorrow", "2026-13-40 18:00", "18:00"):
        with pytest.raises(editing.MomentError):
            editing.read(known, "schedule.deadline", said, "en", "Asia/Seoul")


def test_who_comes_second_changes_nothing_and_learns_what_was_changed(database: Database, catalog: Catalog) -> None:
    known = _known(database, catalog)
    first, second = editing.read(known, "title", "Cats", "en"), editing.read(known, "limits.per_day", "7", "en")
    assert _run(database, lambda tx: editing.apply(tx, catalog, ONE, known, first, NOON)).revision == 2
    assert _run(database, lambda tx: editing.apply(tx, catalog, OTHER, known, second, NOON + 1)) is None
    _run(database, lambda tx: funding.change(tx, catalog, "animals", "40000", NOON + 2))
    now = _known(database, catalog)
    assert now.spec.limits.per_day == known.spec.limits.per_day
    changed = _run(database, lambda tx: editing.changed_since(tx, now, known.revision))
    assert [(one.key, one.at) for one in changed] == [("budget", NOON + 2), ("title.en", NOON)]
    assert _run(database, lambda tx: editing.changed_since(tx, now, now.revision)) == []


def test_what_answers_depend_on_stays_after_the_launch(database: Database, catalog: Catalog) -> None:
    from tasks.projects import lifecycle  # noqa: PLC0415 - needed here alone

    _run(database, lambda tx: lifecycle.launch(tx, catalog, "animals", NOON))
    known = _known(database, catalog)
    assert "overlap.max" not in editing.fields(known)
    with pytest.raises(FixedAfterLaunchError):
        editing.read(known, "overlap.max", "5", "en")


def test_a_file_says_of_which_revision_it_is(database: Database, catalog: Catalog) -> None:
    known = _known(database, catalog)
    text = editing.marked("id: animals\n", known)
    assert editing.mark_of(text.encode()) == 1
    assert editing.mark_of(b"id: animals\ntitle: '# revision 3'\n") is None
