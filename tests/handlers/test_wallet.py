"""The wallet's screens: what is too little, what is no money, long lists, and what is nobody else's business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bot.translate import Translator
from db.session import Database, Tx
from handlers.all import all_flows
from handlers.flow import Desk, Visit
from handlers.talk import Screen, Show, Turn
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.people import Who
from tasks.privacy.consent import VERSION
from tasks.projects.catalog import Known
from tests.conftest import NOON, Clock
from tests.property.rig import Rig, a_rig, chance
from tests.support.payouts import earns

TRANSLATOR = Translator(lambda: NOON)
_PAID: Mapping[str, Any] = {"reward": {"answer": "20", "currency": "KRW"}}
_DAY = 86_400_000


@dataclass
class Home:
    """Somebody at their wallet."""

    rig: Rig
    minimums: Mapping[str, int]

    def shows(self, does: Callable[[Visit], Turn], who: int = 0) -> tuple[str, list[str]]:
        """The screen's text, and its keys."""
        person = self.rig.workers[who]
        rng = chance(1)
        desk = Desk(self.rig.catalog, rng, {}, str, TRANSLATOR.words, lambda *_to: "", minimums=self.minimums)

        def turn(tx: Tx, _known: Known) -> Screen:
            visit = Visit(tx, desk, Who(person, "en", "", "worker", VERSION, "test"), NOON, "wallet", {})
            return next(one.screen for one in does(visit).actions if isinstance(one, Show))

        screen = self.rig.run(turn)
        text = "\n".join(TRANSLATOR.words(line.words, "en") for line in screen.lines)
        return text, [TRANSLATOR.words(key.words, "en") for row in screen.keys for key in row]

    def press(self, verb: str, value: object = None, who: int = 0) -> tuple[str, list[str]]:
        """What a key of the wallet shows."""
        hear = all_flows().by_name["wallet"].presses[verb]
        return self.shows(lambda visit: hear(visit, value), who)

    def works(self, now: int, who: int = 0) -> None:
        """An answer."""

        def turn(tx: Tx, known: Known) -> None:
            found = offer(tx, known, self.rig.workers[who], now, chance(1))
            assert not isinstance(found, NoWork)
            answering.submit(tx, known, self.rig.workers[who], found.task, "cat", now)

        self.rig.run(turn)


def _home(database: Database, minimums: Mapping[str, int] | None = None, **changed: Any) -> Home:
    return Home(a_rig(database, NOON, 2, 20, 0, {**_PAID, **changed}), minimums or {})


def test_what_is_too_little_says_how_much_is_missing(sqlite_database: Database) -> None:
    home = _home(sqlite_database, {"KRW": 5_000})
    earns(sqlite_database, home.rig.workers[0], 4_800)
    text, keys = home.press("show")
    assert "Payable: ₩4,800\nPayouts begin at ₩5,000: ₩200 to go" in text
    assert keys == ["By day", "To the projects"]
    earns(sqlite_database, home.rig.workers[0], 200, key="more")
    text, keys = home.press("show")
    assert "begin at" not in text
    assert keys[0] == "Pay out ₩5,000"


def test_points_are_counted_and_not_paid_out(sqlite_database: Database) -> None:
    home = _home(sqlite_database)
    earns(sqlite_database, home.rig.workers[0], 1_200, "points")
    earns(sqlite_database, home.rig.workers[0], 1_250, "EUR")
    text, keys = home.press("show")
    assert "Payable: €12.50\nCollected: 1,200 points" in text
    assert keys == ["Pay out €12.50", "By day", "To the projects"]


def test_days_and_lines_go_on_on_further_pages(sqlite_database: Database, clock: Clock) -> None:
    home = _home(sqlite_database)
    for day in range(9):
        home.works(clock() - day * _DAY)
    text, keys = home.press("days", 0)
    assert text.splitlines()[1] == "Today, Sep 21: +₩20"
    dates = ["Today, Sep 21", "Yesterday, Sep 20", *(f"Sep {day}" for day in range(19, 14, -1))]
    assert keys == [*dates, "Earlier days", "Wallet"]
    midnight = (clock() - 6 * _DAY) // _DAY * _DAY
    assert home.press("days", midnight)[1] == ["Sep 14", "Sep 13", "Wallet"]
    for _time in range(9):
        home.works(clock() - 20 * _DAY)
    since = (clock() - 20 * _DAY) // _DAY * _DAY
    keys = home.press("day", [since, since + _DAY, 0])[1]
    assert (len(keys), keys[8:]) == (11, ["Further lines", "By day", "Wallet"])
    assert home.press("day", [since, since, 0])[0].startswith("By day"), "a day without lines leads back"


def test_an_item_that_is_protected_is_not_shown_again(sqlite_database: Database, clock: Clock) -> None:
    home = _home(sqlite_database, privacy={"protect": True})
    home.works(clock())
    day = [0, 2**53 - 1, 0]
    assert home.press("day", day)[1][0] == "+₩20 · Which animal?"
    text, _keys = home.press("line", _first(sqlite_database))
    assert text.startswith("Which animal?\nYour answer: Cat\n₩20 · on hold until")


@pytest.mark.parametrize("posting", [0, 1, 10**9])
def test_a_line_of_somebody_else_leads_to_ones_own_wallet(
    sqlite_database: Database, clock: Clock, posting: int
) -> None:
    home = _home(sqlite_database)
    home.works(clock())
    text, _keys = home.press("line", posting and _first(sqlite_database) * posting, who=1)
    assert text.startswith("Your wallet is empty so far.")


def _first(database: Database) -> int:
    sql = "SELECT MIN(id) FROM posting WHERE reason = 'answer'"
    return database.run(lambda tx: int(tx.connection.exec_driver_sql(sql).scalar_one())).result()
