"""Real people's ratings of real items, answered through the product: how right, at how many answers an item.

``python -m bench.people DATA.csv PEOPLE.jsonl`` with files of your own: rows with ``id``, a text and ``gold``
(positive, neutral, negative); for each id the ratings −4 … 4 that people gave it. Simulated person number k answers
an item with the sign of its k-th rating. Made-up ratings by default. The reference is the majority of five.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.house import database_in
from db.session import Database, Tx
from db.statement import Statement
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.consensus.revise import revise
from tasks.privacy.consent import VERSION
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog, progress
from tasks.projects.importing import import_project
from tasks.projects.media import MediaStore
from tasks.projects.spec import Spec

COLUMNS = ("people", "tasks", "right", "majority of 5", "agreed", "answers a task", "of 5")
_LABELS = ("negative", "neutral", "positive")
_PEOPLE, _SITTING, _A_PASS_EVERY = 20, 10, 200
_OVERLAPS: tuple[object, ...] = (
    3,
    5,
    {"min": 2, "max": 5, "confidence": 0.9},
    {"min": 2, "max": 5, "confidence": 0.95},
    {"min": 1, "max": 7, "confidence": 0.95},
)

Ratings = Mapping[str, Sequence[int]]


class _Person(NamedTuple):
    id: int


class _Done(NamedTuple):
    row: str
    label: str | None
    gold: str
    answers: int


_JOIN = Statement(
    """
    INSERT INTO person (channel, external_id, language, zone, role, consent, joined_at)
    VALUES ('bench', :key, 'en', 'UTC', 'worker', :consent, 0) RETURNING id
    """,
    _Person,
)
_DONE = Statement(
    "SELECT row, label, gold, answers FROM task WHERE project_id = :project AND split = 'work' AND gold IS NOT NULL",
    _Done,
)


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """Each overlap on the same made-up items and people."""
    rows, ratings = _made_up(60 if short else 600, Random(4))
    for overlap in _OVERLAPS[-2:-1] if short else _OVERLAPS:
        yield _worked(rows, ratings, overlap)


def _made_up(items: int, rng: Random) -> tuple[list[dict[str, str]], Ratings]:
    """Items with a mood, some near nothing; people feel it with an error of their own, as real ones do."""
    moods = [rng.gauss(0, 2) for _ in range(items)]
    errors = [rng.uniform(0.5, 2.0) for _ in range(_PEOPLE)]
    ratings = {str(n): [round(mood + rng.gauss(0, error)) for error in errors] for n, mood in enumerate(moods)}
    golds = [_label(mood, 0.8) for mood in moods]
    return [{"id": str(n), "text": f"item {n}", "gold": gold} for n, gold in enumerate(golds)], ratings


def _label(rating: float, least: float) -> str:
    return _LABELS[1 + (rating >= least) - (rating <= -least)]


def _worked(rows: Sequence[Mapping[str, str]], ratings: Ratings, overlap: object) -> tuple[str, ...]:
    """One project from its files to its results."""
    spec = Spec.model_validate(
        {
            "id": "moods",
            "title": "Moods",
            "kind": "choice",
            "labels": [{"key": key, "text": key} for key in _LABELS],
            "show": {"text": next(column for column in rows[0] if column not in {"id", "gold"})},
            "overlap": overlap,
            "gold": {"share": 0.1},
        }
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database, catalog = database_in(folder), Catalog()
        try:
            _import(database, catalog, spec, rows, folder)
            _answers(database, catalog, ratings, Random(1))
            known = database.run(catalog.all).result()[0]
            counts = database.run(lambda tx: progress(tx, known.id)).result()
            done = database.run(lambda tx: tx.all(_DONE, project=known.id)).result()
        finally:
            database.close()
    each = sum(task.answers for task in done) / len(done)
    return (
        _named(overlap),
        str(_PEOPLE),
        str(len(done)),
        f"{sum(task.label == task.gold for task in done) / len(done):.1%}",
        f"{_majority(done, ratings, Random(2)):.1%}",
        f"{counts.agreed / counts.tasks:.1%}",
        f"{each:.2f}",
        f"{each / 5:.2f}",
    )


def _named(overlap: object) -> str:
    if isinstance(overlap, dict):
        return f"{overlap['min']} to {overlap['max']}, {overlap['confidence']}"
    return str(overlap)


def _import(database: Database, catalog: Catalog, spec: Spec, rows: Sequence[Mapping[str, str]], folder: Path) -> None:
    data = folder / "data.csv"
    with data.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    import_project(database, catalog, spec, data, MediaStore(str(folder / "media")), 0, lambda _done, _total: None)
    database.run(partial(lifecycle.launch, catalog=catalog, key=spec.id, now=0)).result()


def _answers(database: Database, catalog: Catalog, ratings: Ratings, rng: Random) -> None:
    """People sit down in any order, until nobody finds work any more."""
    people = [database.run(partial(_join, k=k)).result() for k in range(_PEOPLE)]
    left, now, since = list(range(_PEOPLE)), 1_000, 0
    while left:
        k = rng.choice(left)
        for _ in range(_SITTING):
            now += 5_000
            if not _answer(database, catalog, people[k], k, ratings, now, rng):
                left.remove(k)
                break
            since += 1
        if since >= _A_PASS_EVERY:
            since = 0
            revise(database, catalog, 1, partial(int, now))


def _join(tx: Tx, k: int) -> int:
    joined = tx.one(_JOIN, key=f"p{k}", consent=VERSION)
    assert joined is not None  # noqa: S101 - just made
    return joined.id


def _answer(database: Database, catalog: Catalog, person: int, k: int, ratings: Ratings, now: int, rng: Random) -> bool:
    def turn(tx: Tx) -> bool:
        known = catalog.get(tx, 1)
        found = offer(tx, known, person, now, rng)
        if isinstance(found, NoWork):
            return False
        said = ratings[_row(tx, found.task)]
        if k >= len(said):
            answering.skip(tx, known, person, found.task, "unsure", now)
        else:
            answering.submit(tx, known, person, found.task, _label(said[k], 1), now + 4_000)
        return True

    return database.run(turn).result()


class _Row(NamedTuple):
    row: str


_ROW = Statement("SELECT row FROM task WHERE project_id = 1 AND id = :task", _Row)


def _row(tx: Tx, task: int) -> str:
    found = tx.one(_ROW, task=task)
    assert found is not None  # noqa: S101 - it was just dealt
    return found.row


def _majority(done: Sequence[_Done], ratings: Ratings, rng: Random) -> float:
    """Five people's votes on each item; ties to the first."""
    right = 0
    for task in done:
        said = ratings[task.row]
        votes = Counter(_label(rating, 1) for rating in rng.sample(list(said), min(5, len(said))))
        right += json.dumps(votes.most_common(1)[0][0]) == task.gold
    return right / len(done)


def main() -> None:
    """Files of one's own."""
    with Path(sys.argv[1]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    said = [json.loads(line) for line in Path(sys.argv[2]).read_text("utf-8").splitlines()]
    ratings = {one["id"]: one["ratings"] for one in said}
    print("overlap", *COLUMNS, sep="\t")
    for overlap in _OVERLAPS:
        print(*_worked(rows, ratings, overlap), sep="\t", flush=True)


if __name__ == "__main__":
    main()
