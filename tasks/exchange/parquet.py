"""Parquet, for whoever goes on with columns: typed, compressed, a row group for each piece."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

_GROUP = 50_000


class ParquetWriter:
    """Rows to a Parquet file. Columns outside ``text`` have the type of ``NUMBERS``, or are text too."""

    def __init__(self, path: Path, columns: Sequence[str], text: Collection[str]) -> None:
        import pyarrow as pa  # noqa: PLC0415 - slow to load, and only this format needs it
        from pyarrow import parquet  # noqa: PLC0415 - as above

        types = {"float": pa.float64(), "int": pa.int64(), "bool": pa.bool_()}
        fields: list[tuple[str, Any]] = [
            (name, pa.string() if name in text else types.get(TYPES.get(name, ""), pa.string())) for name in columns
        ]
        self._schema = pa.schema(fields)
        self._table = pa.Table.from_arrays
        self._array = pa.array
        self._file = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._held: list[Sequence[Any]] = []

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows; a group is written when it is full."""
        self._held.extend(rows)
        if len(self._held) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        columns = list(zip(*self._held, strict=True)) or [()] * len(self._schema)
        arrays = [self._array(cells, field.type) for cells, field in zip(columns, self._schema, strict=True)]
        self._file.write_table(self._table(arrays, schema=self._schema))
        self._held.clear()

    def close(self) -> None:
        """Nothing more comes."""
        if self._held:
            self._flush()
        self._file.close()


TYPES = {
    "confidence": "float",
    "answers": "int",
    "seconds": "float",
    "gold_correct": "bool",
    "rejected": "bool",
    "position": "int",
    "changes": "int",
    "instructions": "int",
    "undone": "int",
    "reported": "bool",
    "seconds_to_first_tap": "float",
    "seconds_of_work": "float",
    "seconds_to_delivery": "float",
    **dict.fromkeys(("sitting", "in_sitting", "hour", "media", "edits", "retries"), "int"),
    "value": "float",
    "low": "float",
    "high": "float",
}
"""Columns of the exports that are no text."""
