"""Alembic's entry: the tables are those of ``db.tables``, the database is the caller's."""

from alembic import context
from sqlalchemy import Engine
from sqlmodel import SQLModel

import db.tables  # noqa: F401 - so that the metadata knows them

engine: Engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
