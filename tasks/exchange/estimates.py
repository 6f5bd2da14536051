"""Columns of numbers and names to a file, as fast as they can be read: estimates of millions of tasks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from tasks.exchange.columns import Strings
from tasks.exchange.complete import complete
from tasks.exchange.harmless import FORMULA, NUMBER

_DIGITS = 6
_AT_ONCE = 200_000
_SEPARATORS = {".tsv": "\t", ".tab": "\t"}

Bytes = bytes | memoryview
Columns = Mapping[str, Any]
"""By name: strings of pyarrow, or arrays of floats or of integers; all of the same length."""


def write_columns(out: Path, columns: Columns) -> None:
    """Write a table: Parquet, JSON Lines or TSV if ``out`` ends so, else CSV. Raises UnwritableError."""
    table = pa.table({name: _column(cells) for name, cells in columns.items()})
    with complete(out) as part:
        if out.suffix == ".parquet":
            parquet.write_table(table, part, compression="zstd")
            return
        pieces = _json_lines(table) if out.suffix == ".jsonl" else _separated(table, _SEPARATORS.get(out.suffix, ","))
        with part.open("wb") as file:
            file.writelines(pieces)


def _column(cells: Any) -> Any:
    if isinstance(cells, np.ndarray) and np.issubdtype(cells.dtype, np.floating):
        cells = cells.round(_DIGITS)
    return pa.array(cells)


def _json_lines(table: pa.Table) -> Iterator[Bytes]:
    for batch in table.to_batches(_AT_ONCE):
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in batch.to_pylist()).encode()


def _separated(table: pa.Table, separator: str) -> Iterator[Bytes]:
    """Lines of text, a few thousand at once: a join of string columns lies in memory as the file wants it."""
    yield (separator.join(table.column_names) + "\n").encode()
    for batch in table.to_batches(_AT_ONCE):
        cells = [_text(column, separator) for column in batch.columns]
        lines: Strings = pc.binary_join_element_wise(*cells, separator)
        ended: Strings = pc.binary_join_element_wise(lines, "", "\n")
        first, last = ended.offset, ended.offset + len(ended)
        ends = np.frombuffer(ended.buffers()[1], np.int32)
        yield memoryview(ended.buffers()[2])[ends[first] : ends[last]]


def _text(column: Any, separator: str) -> Strings:
    """Cells as a table of text has them: in quotes where they need that."""
    text: Strings = column.cast(pa.string()).fill_null("")
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return text
    runs: Any = pc.and_not(pc.match_substring_regex(text, f"^{FORMULA}"), pc.match_substring_regex(text, f"^{NUMBER}$"))
    if pc.any(runs).as_py():
        text = pc.if_else(runs, pc.binary_join_element_wise("'", text, ""), text)
    unsafe: Any = pc.match_substring_regex(text, f'["\r\n{separator}]')
    if not pc.any(unsafe).as_py():
        return text
    doubled: Any = pc.replace_substring(text, '"', '""')
    quoted: Any = pc.binary_join_element_wise('"', doubled, '"', "")
    return pc.if_else(unsafe, quoted, text)
