"""Column types that mean the same on SQLite and PostgreSQL."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer

Big = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit number; on SQLite plain INTEGER, so that a lone primary key numbers itself."""


def millis(*, nullable: bool = False, **options: Any) -> Column[int]:
    """A point in time, milliseconds since 1970 UTC."""
    return Column(Big, nullable=nullable, **options)


def key(refers_to: str | None = None) -> Column[int]:
    """A part of a composite key, or a key that another table gives."""
    references = [ForeignKey(refers_to)] if refers_to else []
    return Column(Big, *references, primary_key=True, autoincrement=False)
