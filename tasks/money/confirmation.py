"""A file of confirmations: which payouts were paid, line by line, and the last line that says the file is whole.

It is a batch's file with the columns ``status`` (paid or failed) and ``why`` added, or those that are needed alone:
``payout_id,amount,status`` and perhaps ``why``. The last line is ``control,<payouts>,<total>``; where it is the batch's
own it ends with the hash of the batch.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from db.errors import told
from tasks.money.batch import CONTROL
from tasks.money.payout import PayoutError
from tasks.words import Text, _

NEEDED = ("payout_id", "amount", "status")
"""Columns that a file of confirmations must have."""
_STATES = frozenset({"paid", "failed"})
_MOST_OF_WHY = 200
_MOST_OF_LINE = 65_536
_LARGEST = 2**63


class ConfirmationError(PayoutError):
    """A file of confirmations cannot be taken."""


class NoConfirmationsError(ConfirmationError):
    """It has no header, or no lines."""

    message = told("Send the batch’s own file with a column “status” added: {needed} must stand in its first line.")


class NoFileError(ConfirmationError):
    """There is none at that path."""

    message = told("Check the path: “{file}” cannot be read.")


class ConfirmationLineError(ConfirmationError):
    """A line is wrong."""

    message = told("Mend line {line} and send it again: {wrong}. Nothing was taken.")


class ConfirmationEncodingError(ConfirmationError):
    """Bytes of another encoding."""

    message = told("Save the file as “CSV UTF-8” and send it again: it has another encoding. Nothing was taken.")


class NoControlError(ConfirmationError):
    """The last line is missing."""

    message = told(
        "End the file with “control,{payouts},{total}”: without its last line it may be cut off. Nothing was taken."
    )


class WrongControlError(ConfirmationError):
    """The last line does not fit the others."""

    message = told(
        "Look at the last line: it says {payouts} and {total}, and the lines have {found} and {sum}. Nothing was taken."
    )


class OtherBatchError(ConfirmationError):
    """The hash in the last line is another."""

    message = told("Look at the last line: its control sum is that of other payouts. Nothing was taken.")


@dataclass(frozen=True, slots=True)
class Line:
    """What a file says of one payout."""

    number: int
    payout: int
    amount: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Control:
    """What it says of itself."""

    payouts: str
    total: str
    control: str


def is_one(file: Path) -> bool:
    """Whether a file is meant as confirmations: its header begins with the number of a payout."""
    try:
        with file.open(encoding="utf-8-sig", errors="replace") as stream:
            return stream.readline(_MOST_OF_LINE).lstrip('" ').startswith(NEEDED[0])
    except OSError:
        return False


def lines(file: Path) -> Iterator[Line | Control]:
    """The lines of a file one by one, blank ones left out.

    Raises NoFileError, NoConfirmationsError, ConfirmationEncodingError, ConfirmationLineError.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            yield from _read(iter(lambda: stream.readline(_MOST_OF_LINE), ""))
    except UnicodeDecodeError as error:
        raise ConfirmationEncodingError from error
    except OSError as error:
        raise NoFileError(file=file.name) from error
    except csv.Error as error:
        raise NoConfirmationsError(needed=", ".join(NEEDED)) from error


def _read(source: Iterator[str]) -> Iterator[Line | Control]:
    header = next(source, "")
    separator = ";" if ";" in header and "," not in header else ","
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]
    if not set(NEEDED) <= set(names):
        raise NoConfirmationsError(needed=", ".join(NEEDED))
    table = csv.reader(source, delimiter=separator)
    ended = False
    for cells in table:
        number = table.line_num + 1
        row = [cell.strip() for cell in cells]
        if not any(row):
            continue
        if ended:
            raise wrong_line(number, _("the line “control” is the last"))
        ended = row[0] == CONTROL
        yield Control(*(row + [""] * 4)[1:4]) if ended else _line(number, dict(zip(names, row, strict=False)))


def _line(number: int, cells: Mapping[str, str]) -> Line:
    raw, state = cells.get("payout_id", ""), cells.get("status", "").lower()
    if not (raw.isascii() and raw.isdecimal() and 0 < int(raw[:20]) < _LARGEST):
        raise wrong_line(number, _("there is no payout “{number}”", number=raw[:40]))
    if state not in _STATES:
        raise wrong_line(number, _("“status” is paid or failed, and not “{found}”", found=state[:40]))
    return Line(number, int(raw), cells.get("amount", ""), state, " ".join(cells.get("why", "").split())[:_MOST_OF_WHY])


def wrong_line(number: int, wrong: Text) -> ConfirmationLineError:
    """What is wrong with a line."""
    return ConfirmationLineError(line=number, wrong=wrong)
