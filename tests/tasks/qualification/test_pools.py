"""Pools: enough known answers or a sentence with the numbers, and draws that favour no label."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.session import Database
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog
from tasks.projects.importing import check_data, import_project, quiet
from tasks.projects.media import MediaStore
from tasks.projects.mistakes import english
from tasks.projects.spec import Spec
from tasks.qualification.pools import PoolError, class_of, count, draw, is_right, pools, shortages
from tests.conftest import NOON
from tests.talks.projects import PROJECTS

DISHES: Mapping[str, Any] = {
    "id": "dishes",
    "title": "Spicy?",
    "kind": "choice",
    "labels": [{"key": "spicy", "text": "Spicy"}, {"key": "mild", "text": "Mild"}],
    "show": {"text": "dish"},
    "gold": {"share": 0},
}


def a_spec(kind: str = "animals", **changed: Any) -> Spec:
    return Spec.model_validate({**PROJECTS[kind], **changed})


def said(spec: Spec, practice: int, quiz: Mapping[str, int]) -> list[str]:
    there = count([("practice", "x", practice), *(("quiz", json.dumps(gold), n) for gold, n in quiz.items())])
    return [english(one) for one in shortages(spec, there)]


@pytest.mark.parametrize(
    ("needs", "there", "told"),
    [
        ({"quiz": 10}, {"cat": 7, "dog": 5}, ""),
        ({"quiz": 10}, {"cat": 7, "dog": 3}, "the quiz needs 10 questions, 5 for each of 2 labels: “dog” has 3"),
        ({"quiz": 9}, {"cat": 4, "dog": 4}, "the quiz needs 9 questions, 4 for each of 2 labels: there are 8"),
        ({"quiz": 9}, {"cat": 5, "dog": 4}, ""),
        ({"quiz": 1}, {"dog": 1}, ""),
        ({"quiz": 1}, {}, "the quiz needs 1 questions of as many labels: 0 labels have any"),
    ],
)
def test_what_labels_lack(needs: Mapping[str, Any], there: Mapping[str, int], told: str) -> None:
    assert said(a_spec(qualification=needs), 0, there) == [told] * bool(told)


def test_what_practice_and_other_kinds_lack() -> None:
    needs = {"practice": 3, "quiz": 4}
    assert said(a_spec("moods", qualification=needs), 2, {"1": 9}) == ["practice needs 3 items: there are 2"]
    assert said(a_spec("tags", qualification=needs), 3, {"[]": 3}) == ["the quiz needs 4 questions: there are 3"]
    assert said(a_spec(review={"quiz": 4}), 0, {"cat": 2}) == [
        "the reviewer’s quiz needs 4 questions, 2 for each of 2 labels: “dog” has 0"
    ]


POOL = st.lists(st.tuples(st.sampled_from("abcd")), max_size=40).map(
    lambda classes: [(number, of) for number, (of,) in enumerate(classes)]
)


@given(pool=POOL, wanted=st.integers(0, 12), seed=st.integers(), seen=st.sets(st.integers(0, 40)))
def test_a_draw_is_balanced_and_new(pool: list[tuple[int, str]], wanted: int, seed: int, seen: set[int]) -> None:
    drawn = draw(pool, wanted, seen, random.Random(seed))  # noqa: S311 - drawn by hypothesis
    assert len(drawn) == len(set(drawn)) == min(wanted, len(pool))
    of, left = dict(pool), Counter(one for _number, one in pool)
    asked = Counter(of[number] for number in drawn)
    for one, n in asked.items():
        assert all(asked[other] >= min(n - 1, left[other]) for other in left)
        unseen = [number for number, its in pool if its == one and number not in seen]
        if any(number in seen for number in drawn if of[number] == one):
            assert set(unseen) <= set(drawn)


def test_what_counts_as_right() -> None:
    ratings, animals, tags, texts = (a_spec(name) for name in ("moods", "animals", "tags", "captions"))
    assert is_right(ratings, 4, 5)
    assert not is_right(ratings, 3, 5)
    assert not is_right(a_spec("moods", scale={"min": 1, "max": 4}), 3, 4)
    assert is_right(animals, "cat", "cat")
    assert not is_right(animals, "cat", "dog")
    assert not is_right(tags, ["food"], ["food", "place"])
    assert is_right(texts, "Two  words", "two words")
    assert (class_of(animals, '"cat"'), class_of(tags, '["food"]')) == ('"cat"', "")


# --------------------------------------------------------------------------- files

ROWS = [("spicy", "hot") if n % 2 else ("mild", "") for n in range(1, 13)]
NEEDS: Mapping[str, Any] = {"practice": 2, "quiz": 4}


class Files:
    """A project file and its data."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.catalog, self.media = Catalog(), MediaStore(folder / "media")

    def data(self, rows: list[tuple[str, str]], first: int = 1, split: str = "") -> Path:
        """A data file of these rows (known answer, why)."""
        file = self.folder / f"data-{first}-{len(rows)}.csv"
        lines = [f"d{n},dish {n},{gold},{why},{split}" for n, (gold, why) in enumerate(rows, first)]
        file.write_text("\n".join(["id,dish,gold,why,split", *lines]), encoding="utf-8")
        return file

    def add(self, spec: Spec, data: Path | None, *, dry_run: bool = False) -> None:
        """Import."""
        import_project(self.database, self.catalog, spec, data, self.media, NOON, quiet, dry_run=dry_run)

    def splits(self) -> Counter[str]:
        """How many tasks there are of each split."""

        def read(tx: Any) -> Counter[str]:
            rows = tx.connection.exec_driver_sql("SELECT split FROM task").fetchall()
            return Counter(row[0] for row in rows)

        return self.database.run(read).result()


@pytest.fixture
def files(sqlite_database: Database, tmp_path: Path) -> Files:
    return Files(sqlite_database, tmp_path)


def test_known_answers_fill_the_pools_first(files: Files) -> None:
    spec = Spec.model_validate({**DISHES, "qualification": NEEDS, "gold": {"share": 0.2}})
    files.add(spec, files.data([*ROWS, ("", ""), ("", "")]))
    assert files.splits() == {"practice": 2, "quiz": 4, "gold": 2, "work": 6}
    found = files.database.run(lambda tx: pools(tx, 1)).result()
    assert found["quiz"] == {'"spicy"': 2, '"mild"': 2}
    assert found["practice"] == {'"spicy"': 2}, "those with an explanation come first"


def test_too_few_are_refused_before_anything_is_written(files: Files) -> None:
    spec = Spec.model_validate({**DISHES, "qualification": {"quiz": 10}})
    data = files.data([("spicy", "")] * 7 + [("mild", "")] * 3)
    told = "the quiz needs 10 questions, 5 for each of 2 labels: “mild” has 3"
    for dry_run in (True, False):
        with pytest.raises(PoolError, match=told):
            files.add(spec, data, dry_run=dry_run)
    assert files.splits() == {}
    assert [mistake.reason for mistake in check_data(spec, data).mistakes] == [told]


def test_a_change_of_what_is_asked_is_held_against_what_there_is(files: Files) -> None:
    files.add(Spec.model_validate(DISHES), files.data(ROWS))
    files.database.run(lambda tx: lifecycle.launch(tx, files.catalog, "dishes", NOON)).result()
    asking = Spec.model_validate({**DISHES, "qualification": {"quiz": 4}})
    with pytest.raises(PoolError):
        files.add(asking, None)
    files.add(asking, files.data([("spicy", ""), ("mild", "")] * 2, first=21, split="quiz"))
    assert files.splits()["quiz"] == 4
    files.add(asking, None)


def test_a_draft_is_dealt_anew_when_it_asks_for_more(files: Files) -> None:
    files.add(Spec.model_validate(DISHES), files.data(ROWS))
    assert files.splits() == {"work": 12}
    files.add(Spec.model_validate({**DISHES, "qualification": NEEDS}), files.data(ROWS))
    assert files.splits() == {"work": 6, "practice": 2, "quiz": 4}


def test_a_draft_with_too_few_is_not_launched(files: Files) -> None:
    spec = Spec.model_validate({**DISHES, "qualification": {"practice": 1}})
    files.add(spec, files.data([("spicy", ""), ("", "")]))
    files.database.run(lambda tx: tx.connection.exec_driver_sql("UPDATE task SET split = 'work'").rowcount).result()
    with pytest.raises(PoolError, match="practice needs 1 items: there are 0"):
        files.database.run(lambda tx: lifecycle.launch(tx, files.catalog, "dishes", NOON)).result()
