"""Cells that a spreadsheet would run: written with an apostrophe before them, read again without it.

A spreadsheet takes a cell that begins with one of ``= + - @``, a tab or a line end for a formula (OWASP, "CSV
Injection"). What begins with apostrophes and then such a sign gets one more, so that what is read is what was written.
Numbers stay as they are.
"""

import re
from typing import Any

FORMULA = "'*[=+\\-@\t\r\n]"
"""How such a cell begins; also for RE2."""
NUMBER = "'*[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?"
"""What is none of them all the same; also for RE2."""
_FIRST = frozenset("'=+-@\t\r\n")
_FORMULA, _NUMBER = re.compile(FORMULA), re.compile(NUMBER)


def harmless(cell: Any) -> Any:
    """The cell as a file may hold it."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in _FIRST and _runs(cell) else cell


def as_it_was(cell: str) -> str:
    """A cell of a file, as it was before it was made harmless."""
    return cell[1:] if cell[:1] == "'" and _runs(cell) else cell


def _runs(cell: str) -> bool:
    return bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell)
