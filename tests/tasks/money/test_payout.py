"""Asking to be paid out; batches that hold each payout once; confirmations that fit, or change nothing."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from bot.translate import Translator
from db.queries.payouts import Batch
from db.session import Database
from tasks import notices
from tasks.exchange.complete import UnwritableError
from tasks.money import batch, payout
from tasks.money.batch import BatchChangedError, NothingRequestedError, UnknownBatchError
from tasks.money.confirmation import ConfirmationError
from tasks.money.confirming import Confirmed, confirm
from tasks.money.payout import (
    AddressError,
    AlreadyRequestedError,
    BelowMinimumError,
    NothingPayableError,
    TooLateToCancelError,
)
from tasks.privacy.audit import SHELL
from tasks.privacy.erase import forget
from tasks.words import error_words
from tests.conftest import NOON
from tests.support.payouts import asks, balances, confirmation, earns, people, requested, total

TRANSLATOR = Translator(lambda: NOON)


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def _export(database: Database, out: Path, currency: str = "KRW") -> Batch:
    return batch.export(database, SHELL, currency, out, NOON, _quiet)


def _confirm(database: Database, file: Path) -> Confirmed:
    return confirm(database, SHELL, file, NOON, _quiet)


def _erase(database: Database, person: int) -> None:
    database.run(lambda tx: forget(tx, person, NOON, random.Random(1))).result()  # noqa: S311 - a test's chance


# --------------------------------------------------------------------------- asking


def test_all_that_is_payable_is_asked_for_and_can_be_taken_back(database: Database) -> None:
    (person,) = people(database, 1)
    earns(database, person, 12_400)
    asks(database, person, to="  my\tbank,\n 123 ")
    assert balances(database, person) == {"requested": 12_400}
    earns(database, person, 30, key="later")
    with pytest.raises(AlreadyRequestedError):
        asks(database, person)
    (found,) = database.run(lambda tx: payout.open_of(tx, person)).result()
    assert found.address == "my bank, 123"
    database.run(lambda tx: payout.cancel(tx, person, found.id, NOON)).result()
    assert balances(database, person) == {"payable": 12_430}
    with pytest.raises(TooLateToCancelError):
        database.run(lambda tx: payout.cancel(tx, person, found.id, NOON)).result()
    assert database.run(lambda tx: payout.last_address(tx, person)).result() == "my bank, 123"
    assert total(database) == 0


def test_one_request_for_each_currency(database: Database) -> None:
    (person,) = people(database, 1)
    for currency in ("KRW", "EUR"):
        earns(database, person, 700, currency)
        asks(database, person, currency)
    assert balances(database, person) == {"requested": 700}
    assert len(database.run(lambda tx: payout.open_of(tx, person)).result()) == 2


def test_nobody_takes_back_what_is_anothers(database: Database) -> None:
    one, other = requested(database, [500, 700])
    (found,) = database.run(lambda tx: payout.open_of(tx, one)).result()
    with pytest.raises(TooLateToCancelError):
        database.run(lambda tx: payout.cancel(tx, other, found.id, NOON)).result()


def test_what_is_too_little_or_no_money_is_not_paid_out(sqlite_database: Database) -> None:
    (person,) = people(sqlite_database, 1)
    with pytest.raises(NothingPayableError):
        asks(sqlite_database, person)
    earns(sqlite_database, person, 4_999)
    earns(sqlite_database, person, 9_999, "points")
    with pytest.raises(NothingPayableError):
        asks(sqlite_database, person, "points")

    def request(least: int) -> int:
        return sqlite_database.run(lambda tx: payout.request(tx, person, "KRW", "bank", {"KRW": least}, NOON)).result()

    with pytest.raises(BelowMinimumError) as raised:
        request(5_000)
    assert TRANSLATOR.words(error_words(raised.value), "en") == "Earn ₩1 more first: payouts begin at ₩5,000."
    assert balances(sqlite_database, person) == {"payable": 9_999}
    assert request(4_999) == 4_999


@pytest.mark.parametrize("words", ["", "ab", " a \u200b b\n"[:3], "x" * 201])
def test_an_address_that_nobody_could_pay_to(sqlite_database: Database, words: str) -> None:
    (person,) = people(sqlite_database, 1)
    earns(sqlite_database, person, 10)
    with pytest.raises(AddressError):
        asks(sqlite_database, person, to=words)
    assert balances(sqlite_database, person) == {"payable": 10}


def test_only_the_last_address_is_kept(database: Database) -> None:
    (person,) = people(database, 1)
    for key in ("one", "two"):
        earns(database, person, 10, key=key)
        asks(database, person, to=f"bank {key}")
        (found,) = database.run(lambda tx: payout.open_of(tx, person)).result()
        database.run(lambda tx, n=found.id: payout.cancel(tx, person, n, NOON)).result()  # type: ignore[misc]
    sql = "SELECT address FROM payout ORDER BY id"
    kept = database.run(lambda tx: [row[0] for row in tx.connection.exec_driver_sql(sql)]).result()
    assert kept == ["", "bank two"]


# --------------------------------------------------------------------------- batches


def test_a_batch_is_a_file_with_a_control_sum_that_a_shell_can_check(database: Database, tmp_path: Path) -> None:
    one, other = requested(database, [12_400, 600])
    out = tmp_path / "batch.csv"
    made = _export(database, out)
    text = out.read_text("utf-8")
    lines = text.splitlines()
    assert lines[0] == "payout_id,worker,channel,user,address,amount,currency"
    assert lines[1].endswith(f",{one},test,user-0,bank {one},12400,KRW")
    assert lines[2].endswith(f",{other},test,user-1,bank {other},600,KRW")
    above = text[: text.index("control,")]
    assert lines[3] == f"control,2,13000,{sha256(above.encode()).hexdigest()}"
    assert (made.payouts, made.total, made.settled) == (2, 13_000, 0)
    with pytest.raises(NothingRequestedError):
        _export(database, tmp_path / "second.csv")
    assert not (tmp_path / "second.csv").exists()


def test_amounts_have_the_digits_of_their_currency_and_formulas_do_nothing(database: Database, tmp_path: Path) -> None:
    (person,) = people(database, 1)
    earns(database, person, 1_205, "EUR")
    asks(database, person, "EUR", '=HYPERLINK("x"), 3')
    _export(database, tmp_path / "eur.csv", "EUR")
    line = (tmp_path / "eur.csv").read_text("utf-8").splitlines()[1]
    assert line.endswith(""","'=HYPERLINK(""x""), 3",12.05,EUR""")


def test_a_file_that_could_not_be_written_is_written_again(database: Database, tmp_path: Path) -> None:
    requested(database, [100, 200])
    with pytest.raises(UnwritableError):
        _export(database, tmp_path / "no" / "batch.csv")
    (made,) = database.run(batch.batches).result()
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    for out in (first, second):
        assert batch.again(database, made.id, out, _quiet) == made
    assert first.read_bytes() == second.read_bytes()
    assert sorted(tmp_path.glob("*.csv*")) == [first, second]
    with pytest.raises(UnknownBatchError):
        batch.again(database, made.id + 1, tmp_path / "x.csv", _quiet)


def test_a_batch_that_was_cut_short_is_completed_by_the_same_command(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_TAKEN_AT_ONCE", 2)
    requested(database, [100, 200, 300, 400, 500])
    begun = database.run(lambda tx: batch.begin(tx, SHELL, "KRW", NOON)).result()
    assert (begun.payouts, begun.total, begun.control) == (2, 300, "")
    first = confirmation(tmp_path / "early.csv", ["1,100,paid,"], "control,1,100")
    with pytest.raises(ConfirmationError) as raised:
        _confirm(database, first)
    assert "was never handed out" in TRANSLATOR.words(error_words(raised.value), "en")
    made = _export(database, tmp_path / "batch.csv")
    assert (made.id, made.payouts, made.total) == (begun.id, 5, 1_500)
    assert len(_numbers(tmp_path / "batch.csv")) == 5
    with pytest.raises(NothingRequestedError):
        _export(database, tmp_path / "second.csv")
    assert batch.again(database, made.id, tmp_path / "again.csv", _quiet) == made


def test_a_batch_is_sealed_only_as_it_was_summed_up(database: Database, tmp_path: Path) -> None:
    requested(database, [100])
    begun = database.run(lambda tx: batch.begin(tx, SHELL, "KRW", NOON)).result()
    (late,) = people(database, 1, "late")
    earns(database, late, 700)
    asks(database, late)
    assert database.run(lambda tx: batch.go_on(tx, begun.id)).result() == 1
    assert not database.run(lambda tx: batch.seal(tx, begun.id, 1, "of one")).result()
    sealed = batch.again(database, begun.id, tmp_path / "batch.csv", _quiet)
    assert (sealed.payouts, sealed.total) == (2, 800)
    assert database.run(lambda tx: batch.go_on(tx, begun.id)).result() == 0
    assert not database.run(lambda tx: batch.seal(tx, begun.id, 2, "other")).result()


def test_two_who_hand_out_at_once_have_each_payout_in_one_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_TAKEN_AT_ONCE", 3)
    requested(database, [100 + n for n in range(20)])

    def hand_out(n: int) -> int:
        try:
            return _export(database, tmp_path / f"{n}.csv").id
        except NothingRequestedError:
            return 0

    with ThreadPoolExecutor(3) as threads:
        made = list(threads.map(hand_out, range(3)))
    files = {number: _numbers(tmp_path / f"{n}.csv") for n, number in enumerate(made) if number}
    assert len(files) == sum(map(bool, made)), "nobody else has the same batch"
    assert sorted(int(number) for file in files.values() for number in file) == list(range(1, 21))


def test_a_file_that_would_not_be_the_same_is_not_written(database: Database, tmp_path: Path) -> None:
    person, _other = requested(database, [100, 200])
    made = _export(database, tmp_path / "batch.csv")
    _erase(database, person)
    with pytest.raises(BatchChangedError):
        batch.again(database, made.id, tmp_path / "again.csv", _quiet)
    assert [file.name for file in tmp_path.glob("*.csv*")] == ["batch.csv"]


def test_what_is_handed_out_cannot_be_taken_back(database: Database, tmp_path: Path) -> None:
    (person,) = requested(database, [100])
    (found,) = database.run(lambda tx: payout.open_of(tx, person)).result()
    _export(database, tmp_path / "batch.csv")
    with pytest.raises(TooLateToCancelError):
        database.run(lambda tx: payout.cancel(tx, person, found.id, NOON)).result()
    assert balances(database, person) == {"requested": 100}


# --------------------------------------------------------------------------- confirmations


def _numbers(out: Path) -> list[str]:
    return [line.split(",")[0] for line in out.read_text("utf-8").splitlines()[1:-1]]


def _told(database: Database, person: int) -> list[str]:
    return [TRANSLATOR.words(words, "en") for words in database.run(lambda tx: notices.take(tx, person)).result()]


def test_the_batch_with_a_status_settles_all_of_it_once(database: Database, tmp_path: Path) -> None:
    one, other = requested(database, [12_400, 600])
    out = tmp_path / "batch.csv"
    made = _export(database, out)
    header, first, second, control = out.read_text("utf-8").splitlines()
    file = tmp_path / "done.csv"
    rows = [f"{header},status,why", f"{first},paid,", f"{second},failed,no such account", f"{control},,,,,"]
    file.write_text("\ufeff" + "\r\n".join(rows) + "\r\n", "utf-8")
    assert _confirm(database, file) == Confirmed(1, 1, 0)
    assert balances(database, one) == {"paid": 12_400}
    assert balances(database, other) == {"payable": 600}
    assert _told(database, one) == ["💸 ₩12,400 has been paid out to you."]
    assert _told(database, other) == [
        "Look at where your payout goes, and ask again in /wallet: ₩600 did not arrive. The reason: no such account"
    ]
    assert database.run(batch.batches).result()[0].settled == 2
    assert _confirm(database, file) == Confirmed(0, 0, 2), "the same file again changes nothing"
    assert (balances(database, one), _told(database, one)) == ({"paid": 12_400}, [])
    assert database.run(batch.batches).result()[0].settled == made.payouts
    assert total(database) == 0


def test_some_lines_now_and_the_rest_later(database: Database, tmp_path: Path) -> None:
    requested(database, [100, 200, 300])
    _export(database, tmp_path / "batch.csv")
    one, other, third = _numbers(tmp_path / "batch.csv")
    file = confirmation(tmp_path / "a.csv", [f"{one},100,paid,"], "control,1,100")
    assert _confirm(database, file) == Confirmed(1, 0, 0)
    rows = [f"{one},100,paid,", f"{other},200,Paid,", f"{third},300,failed,"]
    assert _confirm(database, confirmation(tmp_path / "b.csv", rows, "control,3,600")) == Confirmed(1, 1, 1)


_WRONG = {
    "wrong sum": (["{one},100,paid,", "{two},200,paid,"], "control,2,301", "2 and 301, and the lines have 2 and 300"),
    "wrong count": (["{one},100,paid,"], "control,2,100", "says 2 and 100, and the lines have 1 and 100"),
    "no last line": (["{one},100,paid,"], "", "End the file with “control,1,100”"),
    "of another batch": (["{one},100,paid,"], "control,1,100,abc", "its control sum is that of other payouts"),
    "unknown": (["{one},100,paid,", "99,5,paid,"], "control,2,105", "Mend line 3 and send it again: there is no"),
    "no number": (["x,5,paid,"], "control,1,5", "Mend line 2 and send it again: there is no payout “x”"),
    "twice": (["{one},100,paid,", "{one},100,paid,"], "control,2,200", "payout {one} stands in it twice"),
    "both ways": (["{one},100,paid,", "{one},100,failed,"], "control,2,200", "payout {one} stands in it twice"),
    "another amount": (["{one},101,paid,"], "control,1,101", "payout {one} is 100, and not “101”"),
    "comma": (['{one},"1,5",paid,'], "control,1,1", "payout {one} is 100, and not “1,5”"),
    "exponent": (["{one},1e2,paid,"], "control,1,100", "payout {one} is 100, and not “1e2”"),
    "negative": (["{one},-100,paid,"], "control,1,100", "payout {one} is 100, and not “-100”"),
    "digits": (["{one},100.00,paid,"], "control,1,100", "payout {one} is 100, and not “100.00”"),
    "not handed out": (["{late},50,paid,"], "control,1,50", "payout {late} was never handed out"),
    "no status": (["{one},100,,"], "control,1,100", "“status” is paid or failed, and not “”"),
    "other status": (["{one},100,maybe,"], "control,1,100", "“status” is paid or failed, and not “maybe”"),
    "after the end": (["control,1,100", "{one},100,paid,"], "", "the line “control” is the last"),
    "nothing": ([], "control,0,0", "Send the batch’s own file"),
    "already paid": (["{paid},300,failed,"], "control,1,300", "payout {paid} is settled already, as paid"),
}  # fmt: skip


@pytest.mark.parametrize("what", _WRONG)
def test_a_mistake_in_any_line_changes_nothing(database: Database, tmp_path: Path, what: str) -> None:
    rows, control, said = _WRONG[what]
    requested(database, [100, 200, 300])
    _export(database, tmp_path / "batch.csv")
    one, two, paid = _numbers(tmp_path / "batch.csv")
    _confirm(database, confirmation(tmp_path / "first.csv", [f"{paid},300,paid,"], "control,1,300"))
    (late_person,) = people(database, 1, "late")
    earns(database, late_person, 50)
    asks(database, late_person)
    names = {"one": one, "two": two, "paid": paid, "late": str(int(paid) + 1)}
    file = confirmation(tmp_path / "wrong.csv", [row.format(**names) for row in rows], control)

    def states() -> list[tuple[object, ...]]:
        sql = "SELECT id, state FROM payout ORDER BY id"
        return database.run(lambda tx: [tuple(row) for row in tx.connection.exec_driver_sql(sql)]).result()

    before = states()
    with pytest.raises(ConfirmationError) as raised:
        _confirm(database, file)
    assert said.format(**names) in TRANSLATOR.words(error_words(raised.value), "en")
    assert states() == before
    assert TRANSLATOR.words(error_words(raised.value), "ko")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "payout_id, amount, status must stand"),
        (b"a,b\n1,2\n", "payout_id, amount, status must stand"),
        ("payout_id,amount,status,why\n1,1,paid,계좌\n".encode("cp949"), "CSV UTF-8"),
        (b'payout_id,amount,status\n"1,1,paid\n', "Mend line 2"),
        (b"\x00\x01" * 50_000, "must stand"),
    ],
)
def test_what_is_no_file_of_confirmations(sqlite_database: Database, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(ConfirmationError) as raised:
        _confirm(sqlite_database, file)
    assert said in TRANSLATOR.words(error_words(raised.value), "en")


def test_semicolons_as_some_spreadsheets_write(sqlite_database: Database, tmp_path: Path) -> None:
    requested(sqlite_database, [100])
    _export(sqlite_database, tmp_path / "batch.csv")
    (one,) = _numbers(tmp_path / "batch.csv")
    file = tmp_path / "x.csv"
    file.write_text(f"payout_id;amount;status\n{one};100;paid\n\ncontrol;1;100\n", "utf-8")
    assert _confirm(sqlite_database, file) == Confirmed(1, 0, 0)


def test_settled_payouts_are_told_together(sqlite_database: Database, tmp_path: Path) -> None:
    (person,) = people(sqlite_database, 1)
    for round_ in range(4):
        earns(sqlite_database, person, 100, key=str(round_))
        asks(sqlite_database, person)
        out = tmp_path / f"{round_}.csv"
        _export(sqlite_database, out)
        rows = [f"{number},100,paid," for number in _numbers(out)]
        _confirm(sqlite_database, confirmation(tmp_path / "done.csv", rows, "control,1,100"))
    assert _told(sqlite_database, person) == ["4 payouts of yours are settled: /wallet"]
