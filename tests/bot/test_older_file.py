"""A project file that comes back older than what stands: both are shown, and somebody says which is to stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.session import Database
from tasks.privacy.audit import SHELL
from tasks.projects import editing
from tasks.projects.catalog import Catalog
from tests.bot.test_new import boss, press, sends
from tests.conftest import Clock
from tests.support.bots import ANIMALS, add_project


def _somebody_else_limits_the_day(database: Database, now: int) -> None:
    catalog = Catalog()

    def turn(tx: object) -> None:
        known = catalog.by_key(tx, "animals")  # type: ignore[arg-type]
        spec = editing.read(known, "limits.per_day", "50", "en")
        editing.apply(tx, catalog, SHELL, known, spec, now)  # type: ignore[arg-type]

    database.run(turn).result()


@pytest.mark.parametrize("mine", [True, False])
async def test_an_older_file(mine: bool, sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:  # noqa: FBT001 - both ways
    add_project(sqlite_database, ANIMALS, [{"id": "t1", "caption": "one"}], clock())
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        await ann.says("/project animals")
        await press(ann, "Edit")
        await press(ann, "Send me the file")
        name, raw = ann.seen.documents[-1]
        assert raw.startswith(b"# revision 1\n")
        _somebody_else_limits_the_day(sqlite_database, clock())
        await sends(ann, tmp_path, name, raw.decode().replace("Look closely.", "Look twice."))
        await press(ann, "Change only the project file")
        await press(ann, "Import")
        assert "Somebody else has changed it since you began:" in ann.screen.text
        assert "limits" in ann.screen.text
        await press(ann, "Take mine" if mine else "Keep theirs")
        known = sqlite_database.run(lambda tx: Catalog().by_key(tx, "animals")).result()
        assert known.spec.instructions["en"] == ("Look twice." if mine else "Look closely.")
        assert known.spec.limits.per_day == (None if mine else 50)
