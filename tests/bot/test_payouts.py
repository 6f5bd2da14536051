"""Payouts by chat: handed out as a file, confirmed by sending it back, told to whom it is about."""

from __future__ import annotations

from pathlib import Path

from db.session import Database
from handlers.talk import Sent
from tests.conftest import Clock
from tests.support.bots import Talker, a_bot
from tests.support.payouts import balances, earns, people


async def _asks(ann: Talker, database: Database, amount: int) -> int:
    await ann.says("/start")
    sql = f"SELECT id FROM person WHERE external_id = '{ann.user}'"  # noqa: S608 - a test's own words
    number = database.run(lambda tx: int(tx.connection.exec_driver_sql(sql).scalar_one())).result()
    earns(database, number, amount)
    await ann.says("/wallet")
    await ann.presses(f"Pay out ₩{amount:,}")
    await ann.says("My Bank 123")
    await ann.presses(f"Ask for ₩{amount:,}")
    return number


async def test_from_asking_to_paid(database: Database, clock: Clock, tmp_path: Path) -> None:
    async with a_bot(database, clock, tmp_path / "files") as (bot, channel):
        ann, ben, boss = (Talker(bot, channel, name, clock) for name in ("ann", "ben", "admin"))
        one, other = await _asks(ann, database, 12_400), await _asks(ben, database, 600)
        await boss.says("/payouts")
        assert "2 people ask for ₩13,000" in boss.screen.text
        await boss.presses("Hand out ₩13,000")
        assert "Hand out ₩13,000 to 2 people?" in boss.screen.text
        await boss.presses("Hand it out")
        await bot.conversations.settle()
        ((name, content),) = boss.seen.documents
        assert name == "payouts-1-KRW.csv"
        assert "0 of 2 payouts settled" in boss.screen.text
        assert not list((tmp_path / "files" / "out").iterdir()), "addresses are not left lying about"
        await ann.says("/wallet")
        assert "On its way: ₩12,400" in ann.screen.text
        assert not any("Take back" in key.label for row in ann.screen.buttons for key in row)

        header, first, second, control = content.decode().splitlines()
        lines = [f"{header},status,why", f"{first},paid,", f"{second},failed,no such account", control]
        await _sends(boss, tmp_path / "done.csv", "\n".join(lines))
        assert "1 payout is paid · 1 has failed and can be asked for again" in _read(boss)
        assert not list((tmp_path / "files" / "in").iterdir())
        assert (balances(database, one), balances(database, other)) == ({"paid": 12_400}, {"payable": 600})
        await ann.says("/me")
        assert "💸 ₩12,400 has been paid out to you." in _read(ann)
        await ben.says("/me")
        assert "₩600 did not arrive. The reason: no such account" in _read(ben)

        await _sends(boss, tmp_path / "done.csv", "\n".join(lines))
        assert "Nothing has changed" in _read(boss)
        await _sends(boss, tmp_path / "bad.csv", "payout_id,amount,status\n1,5,paid\ncontrol,1,5\n")
        assert "Mend line 2 and send it again: payout 1 is 12400, and not “5”. Nothing was taken." in boss.screen.text


async def test_the_file_of_a_batch_is_sent_again(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with a_bot(sqlite_database, clock, tmp_path / "files") as (bot, channel):
        ann, boss = (Talker(bot, channel, name, clock) for name in ("ann", "admin"))
        await _asks(ann, sqlite_database, 600)
        await boss.says("/payouts")
        for key in ("Hand out ₩600", "Hand it out", "File No. 1 again"):
            await boss.presses(key)
            await bot.conversations.settle()
        (_one, first), (_other, second) = boss.seen.documents
        assert first == second


async def test_nobody_else_hands_out_or_confirms(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    people(sqlite_database, 1)
    async with a_bot(sqlite_database, clock, tmp_path / "files") as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.says("/start")
        await ann.says("/payouts")
        assert "/payouts is not one of them" in "\n".join([*ann.seen.toasts, ann.screen.text])
        await _sends(ann, tmp_path / "done.csv", "payout_id,amount,status\n1,5,paid\ncontrol,1,5\n")
        assert (tmp_path / "done.csv").exists()


async def _sends(who: Talker, file: Path, content: str) -> None:
    file.write_text(content, "utf-8")  # noqa: ASYNC240 - a small file of a test
    await who.hears(Sent("document", file.name, str(file)))
    await who.bot.conversations.settle()


def _read(who: Talker) -> str:
    return "\n".join(message.text for message in who.seen.messages.values())
