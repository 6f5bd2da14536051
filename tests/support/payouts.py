"""People with money that is payable, and files about their payouts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from db.session import Database, Tx
from db.tables import Person
from tasks.money import ledger, payout
from tasks.money.ledger import Cause
from tests.conftest import NOON


def people(database: Database, many: int, channel: str = "test") -> list[int]:
    """Somebody new, so many times."""

    def join(tx: Tx) -> list[int]:
        rows = [Person(channel=channel, external_id=f"user-{n}", joined_at=NOON) for n in range(many)]
        tx.orm.add_all(rows)
        tx.orm.flush()
        return [row.id for row in rows if row.id is not None]

    return database.run(join).result()


def earns(database: Database, person: int, amount: int, currency: str = "KRW", key: str = "") -> None:
    """So much is payable to them, as a bonus."""

    def turn(tx: Tx) -> None:
        house, to = ledger.of_house(tx, None, currency), ledger.of_person(tx, "payable", person, currency)
        ledger.post(tx, house, to, amount, Cause("bonus", f"bonus:{person}:{currency}:{key}", person), NOON)

    database.run(turn).result()


def asks(database: Database, person: int, currency: str = "KRW", to: str = "my bank, 123", now: int = NOON) -> None:
    """They ask for all of it."""
    database.run(lambda tx: payout.request(tx, person, currency, to, {}, now)).result()


def requested(database: Database, amounts: Sequence[int], currency: str = "KRW") -> list[int]:
    """Each amount is asked for by somebody new."""
    found = people(database, len(amounts))
    for person, amount in zip(found, amounts, strict=True):
        earns(database, person, amount, currency)
        asks(database, person, currency, f"bank {person}")
    return found


def balances(database: Database, person: int) -> dict[str, int]:
    """What is in their accounts, by kind; empty ones left out."""
    sql = f"SELECT kind, balance FROM account WHERE person_id = {person} AND balance <> 0"  # noqa: S608 - a test's own words
    return database.run(lambda tx: {row[0]: row[1] for row in tx.connection.exec_driver_sql(sql)}).result()


def total(database: Database) -> int:
    """Of all accounts: always 0."""
    sql = "SELECT COALESCE(SUM(balance), 0) FROM account"
    return database.run(lambda tx: int(tx.connection.exec_driver_sql(sql).scalar_one())).result()


def confirmation(file: Path, rows: Sequence[str], control: str, header: str = "payout_id,amount,status,why") -> Path:
    """A file of confirmations."""
    file.write_text("\n".join([header, *rows, *([control] if control else [])]) + "\n", encoding="utf-8")
    return file
