"""Every example is right, and there is one for each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.exchange.formats import READERS
from tasks.kinds import KINDS
from tasks.projects.importing import check_data
from tasks.projects.reading import read_project

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = sorted(file for file in EXAMPLES.rglob("*") if file.suffix in {".yaml", ".json"})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_example_has_no_mistakes(file: Path) -> None:
    spec = read_project(file)
    data = next(file.with_suffix(suffix) for suffix in [*READERS, ".zip"] if file.with_suffix(suffix).exists())
    checked = check_data(spec, data)
    assert [str(mistake) for mistake in checked.mistakes] == []
    assert checked.rows >= 10


def test_there_is_one_for_each_kind() -> None:
    assert {read_project(file).kind for file in FILES} == set(KINDS)
    assert {file.parent.name for file in FILES} >= set(KINDS)
