"""Rows that wait between being checked and being written: on disk, so that a data file may be of any length."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from tasks.projects.items import Prepared

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -32768;
    CREATE TABLE staged (
        place INTEGER PRIMARY KEY, number INTEGER, row TEXT UNIQUE, digest TEXT, item TEXT, pictures TEXT, split TEXT,
        gold TEXT, why TEXT, prior TEXT, rank INTEGER, known INTEGER DEFAULT 0
    );
    BEGIN;
"""
_ADD = """
    INSERT OR IGNORE INTO staged (number, row, digest, item, pictures, split, gold, why, prior, rank)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CHUNK = """
    SELECT number, row, digest, item, pictures, split, gold, why, prior, place FROM staged
    WHERE place > ? AND known = ? ORDER BY place LIMIT ?
"""
_CHOOSE = """
    UPDATE staged SET split = 'gold' WHERE place IN (
        SELECT place FROM staged WHERE split = '' AND gold IS NOT NULL ORDER BY rank, row LIMIT ?)
"""
_FILL = """
    UPDATE staged SET split = ? WHERE place IN (
        SELECT place FROM (
            SELECT place, rank, row, ? AND why IS NULL AS last,
                   ROW_NUMBER() OVER (PARTITION BY gold ORDER BY ? AND why IS NULL, rank, row) AS nth
            FROM staged WHERE split = '' AND gold IS NOT NULL)
        ORDER BY last, nth, rank, row LIMIT ?)
"""
"""Each known answer as often as the others, as far as it goes; where it matters, those with an explanation first."""


class Twice(NamedTuple):
    """A row whose id an earlier one has."""

    number: int
    before: int
    row: str


class Staging:
    """A database of its own in a temporary file that has no name and goes with it. For one thread."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(_TABLES)

    def add(self, rows: Sequence[Prepared]) -> list[Twice]:
        """Keep rows; those whose id was there already are left out and told."""
        before = self._db.total_changes
        self._db.executemany(_ADD, ((*row, _rank(row)) for row in rows))
        if self._db.total_changes - before == len(rows):
            return []
        return [twice for row in rows if (twice := self._twice(row))]

    def _twice(self, row: Prepared) -> Twice | None:
        (first,) = self._db.execute("SELECT number FROM staged WHERE row = ?", (row.row,)).fetchone()
        return None if first == row.number else Twice(row.number, first, row.row)

    def mark_known(self, rows: Iterable[str]) -> None:
        """These were imported before."""
        self._db.execute(
            "UPDATE staged SET known = 1 WHERE row IN (SELECT value FROM json_each(?))", (json.dumps(list(rows)),)
        )

    def share_out(self, share: float, practice: int = 0, quiz: int = 0) -> None:
        """Use rows with a known answer that the file marks for nothing; the rest is work.

        First for so many practice tasks and quiz questions as are asked for, then as gold tasks until they are that
        part of all. Which ones is decided by their ids, so that the same file always gives the same.
        """
        for split, wanted in (("practice", practice), ("quiz", quiz)):
            lacking = wanted - self._count(f"split = '{split}'")
            if lacking > 0:
                explained = split == "practice"
                self._db.execute(_FILL, (split, explained, explained, lacking))
        gold = int(share * self.count()) - self._count("split = 'gold'")
        self._db.execute(_CHOOSE, (max(0, gold),))
        self._db.execute("UPDATE staged SET split = 'work' WHERE split = ''")

    def count(self, *, known: bool | None = None) -> int:
        """How many rows, of those imported before or not."""
        return self._count("1" if known is None else f"known = {int(known)}")

    def splits(self, *, known: bool) -> dict[str, int]:
        """How many rows by split, of those imported before or not."""
        found = self._db.execute("SELECT split, COUNT(*) FROM staged WHERE known = ? GROUP BY 1", (int(known),))
        return dict(found.fetchall())

    def pools(self, *, known: bool | None = None) -> list[tuple[str, str, int]]:
        """Rows for practice and quizzes by (split, known answer): how many, of those imported before or not."""
        which = "1" if known is None else f"known = {int(known)}"
        found = self._db.execute(
            f"SELECT split, gold, COUNT(*) FROM staged WHERE {which} AND split IN ('practice', 'quiz') GROUP BY 1, 2"  # noqa: S608 - ours
        )
        return found.fetchall()

    def _count(self, where: str) -> int:
        (count,) = self._db.execute(f"SELECT COUNT(*) FROM staged WHERE {where}").fetchone()  # noqa: S608 - ours
        return int(count)

    def chunks(self, size: int, *, known: bool) -> Iterator[list[Prepared]]:
        """The rows in the order of the file."""
        place = 0
        while found := self._db.execute(_CHUNK, (place, int(known), size)).fetchall():
            place = found[-1][-1]
            yield [Prepared(*row[:-1]) for row in found]

    def close(self) -> None:
        """Forget all."""
        self._db.close()


def _rank(row: Prepared) -> int:
    if row.split or row.gold is None:
        return 0
    return int.from_bytes(sha256(row.row.encode()).digest()[:7])
