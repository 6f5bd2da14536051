"""Migrations walk up and down on both databases, and end where the models are."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pytest_alembic.tests import (  # noqa: F401 - tests of pytest-alembic, hung here by name
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

import db.tables  # noqa: F401 - so that the metadata knows them
from db.migrations.upgrade import config, current, head, upgrade


def test_the_head_is_the_newest_revision(alembic_engine: Engine) -> None:
    assert ScriptDirectory.from_config(config(alembic_engine)).get_current_head() == head()


def test_an_upgrade_ends_at_the_models(alembic_engine: Engine) -> None:
    assert current(alembic_engine) is None
    upgrade(alembic_engine)
    assert current(alembic_engine) == head()
    with alembic_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_second_upgrade_changes_nothing(alembic_engine: Engine) -> None:
    upgrade(alembic_engine)
    before = sorted(inspect(alembic_engine).get_table_names())
    upgrade(alembic_engine)
    assert sorted(inspect(alembic_engine).get_table_names()) == before
