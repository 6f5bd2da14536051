"""Finding projects, and their life: draft, live, paused, live, closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.queries import projects
from db.session import Database, Tx
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog, Known, progress
from tasks.projects.errors import (
    AlreadyClosedError,
    AlreadyLiveError,
    AlreadyPausedError,
    ClosedForGoodError,
    MistypedProjectError,
    NothingToDoError,
    NotLaunchedError,
    TransitionError,
    UnknownProjectError,
)
from tasks.projects.spec import Spec

Move = Callable[[Tx, Catalog, str, int], Known]


def begin(database: Database, key: str, tasks: int = 3) -> int:
    """A draft of that many tasks; its number."""
    file = Spec.model_validate({"id": key, "title": key, "kind": "text"}).model_dump_json()

    def work(tx: Tx) -> int:
        tx.run(projects.BEGIN, key=key, spec=file, now=1, owner=None)
        head = tx.one(projects.HEAD_BY_KEY, key=key)
        assert head
        tx.run(projects.COUNT_TASKS, project=head.id, tasks=tasks)
        return head.id

    return database.run(work).result()


def moved(database: Database, catalog: Catalog, move: Move, key: str = "birds") -> str:
    return database.run(lambda tx: move(tx, catalog, key, 9)).result().state


def test_a_project_is_found_by_number_and_key(database: Database) -> None:
    catalog, number = Catalog(), begin(database, "birds")
    known = database.run(lambda tx: catalog.get(tx, number)).result()
    assert (known.key, known.state, known.spec.title) == ("birds", "draft", {"": "birds"})
    assert database.run(lambda tx: catalog.by_key(tx, "birds")).result() == known
    assert database.run(lambda tx: catalog.find(tx, "bees")).result() is None


def test_a_mistyped_key_names_the_nearest(database: Database) -> None:
    begin(database, "birds")
    with pytest.raises(MistypedProjectError, match="Did you mean “birds”"):
        database.run(lambda tx: Catalog().by_key(tx, "brids")).result()
    with pytest.raises(UnknownProjectError, match="project list"):
        database.run(lambda tx: Catalog().by_key(tx, "zzzzzz")).result()


def test_a_file_is_parsed_once_a_revision(database: Database) -> None:
    catalog, number = Catalog(), begin(database, "birds")
    first = database.run(lambda tx: catalog.get(tx, number)).result()
    assert database.run(lambda tx: catalog.get(tx, number)).result().spec is first.spec
    file = first.spec.model_copy(update={"title": {"": "New"}}).model_dump_json()
    database.run(lambda tx: tx.run(projects.REVISE, id=number, spec=file)).result()
    again = database.run(lambda tx: catalog.get(tx, number)).result()
    assert (again.revision, again.spec.title) == (2, {"": "New"})


def test_the_whole_life(database: Database) -> None:
    catalog = Catalog()
    begin(database, "birds")
    moves = (lifecycle.launch, lifecycle.pause, lifecycle.launch, lifecycle.close)
    assert [moved(database, catalog, move) for move in moves] == ["live", "paused", "live", "closed"]


def test_live_projects_are_listed_apart(database: Database) -> None:
    catalog = Catalog()
    begin(database, "birds")
    begin(database, "bees")
    moved(database, catalog, lifecycle.launch, "bees")
    assert [known.key for known in database.run(catalog.all).result()] == ["birds", "bees"]
    assert [known.key for known in database.run(catalog.live).result()] == ["bees"]


@pytest.mark.parametrize(
    ("before", "move", "error"),
    [
        ([], lifecycle.pause, NotLaunchedError),
        ([], lifecycle.close, NotLaunchedError),
        ([lifecycle.launch], lifecycle.launch, AlreadyLiveError),
        ([lifecycle.launch, lifecycle.pause], lifecycle.pause, AlreadyPausedError),
        ([lifecycle.launch, lifecycle.close], lifecycle.launch, ClosedForGoodError),
        ([lifecycle.launch, lifecycle.close], lifecycle.pause, AlreadyClosedError),
        ([lifecycle.launch, lifecycle.close], lifecycle.close, AlreadyClosedError),
    ],
)
def test_a_wrong_step_has_its_own_sentence(
    sqlite_database: Database, before: list[Move], move: Move, error: type[TransitionError]
) -> None:
    catalog = Catalog()
    begin(sqlite_database, "birds")
    for step in before:
        moved(sqlite_database, catalog, step)
    with pytest.raises(error):
        moved(sqlite_database, catalog, move)


def test_an_empty_project_is_not_launched(sqlite_database: Database) -> None:
    begin(sqlite_database, "birds", tasks=0)
    with pytest.raises(NothingToDoError, match="Add data"):
        moved(sqlite_database, Catalog(), lifecycle.launch)


def test_counts_are_summed_over_shards(database: Database) -> None:
    number = begin(database, "birds", tasks=5)
    counts = database.run(lambda tx: progress(tx, number)).result()
    assert (counts.tasks, counts.answers) == (5, 0)
    assert type(counts.tasks) is int
