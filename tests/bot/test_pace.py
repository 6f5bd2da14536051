"""The sending budget: never more than so many in any second, in the order of asking, and a 429 for its chat alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.pace import Pace, unasked


class Ticks:
    """Seconds that pass only when somebody sleeps; ``late`` is added to each sleep."""

    def __init__(self, late: float = 0.0) -> None:
        self.now = 100.0
        self._late = late

    def __call__(self) -> float:
        """This moment."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        until = self.now + seconds + self._late
        await asyncio.sleep(0)
        self.now = max(self.now, until)


class FloodError(Exception):
    """A library's 429."""


def _five(error: Exception) -> float | None:
    return 5.0 if isinstance(error, FloodError) else None


def _most_in_a_second(moments: list[float]) -> int:
    return max(sum(1 for other in moments if start <= other < start + 1.0) for start in moments)


@pytest.mark.parametrize(("per_second", "most"), [(28, 28), (1, 1), (2.5, 2), (0.5, 1)])
@pytest.mark.parametrize("late", [0.0, 0.013])
async def test_no_second_has_more_than_the_budget(per_second: float, most: int, late: float) -> None:
    ticks = Ticks(late)
    pace = Pace(ticks, per_second, ticks.sleep)
    moments: list[float] = []

    async def send() -> None:
        moments.append(ticks())

    with unasked():
        calls = [pace.run(str(number), send, _five) for number in range(int(per_second * 5) or 3)]
        await asyncio.gather(*calls)
    assert _most_in_a_second(moments) <= most
    expected = (len(moments) - most) / per_second
    assert moments[-1] - moments[0] <= expected * 1.3 + 1, "and it does not dawdle either"


async def test_a_rate_below_one_a_second_spaces_its_calls() -> None:
    ticks = Ticks()
    pace = Pace(ticks, 0.5, ticks.sleep)
    moments: list[float] = []

    async def send() -> None:
        moments.append(ticks())

    with unasked():
        for _ in range(3):
            await pace.run("1", send, _five)
    assert moments == [100.0, 102.0, 104.0]


async def test_first_come_first_served() -> None:
    ticks = Ticks()
    pace = Pace(ticks, 2, ticks.sleep)
    order: list[int] = []

    def sends(number: int) -> Callable[[], asyncio.Future[None]]:
        async def send() -> None:
            order.append(number)

        return lambda: asyncio.ensure_future(send())

    with unasked():
        await asyncio.gather(*(pace.run(str(number), sends(number), _five) for number in range(9)))
    assert order == list(range(9))


async def test_an_answer_does_not_wait_behind_a_campaign() -> None:
    ticks = Ticks()
    pace = Pace(ticks, 1, ticks.sleep)
    done: list[str] = []

    async def send(what: str) -> None:
        done.append(what)

    with unasked():
        campaign = [asyncio.create_task(pace.run(f"{n}", lambda: send("news"), _five)) for n in range(5)]
    await pace.run("9", lambda: send("answer"), _five)
    assert done[0] == "answer"
    await asyncio.gather(*campaign)
    assert done == ["answer"] + ["news"] * 5


async def test_a_429_holds_up_its_chat_alone() -> None:
    ticks = Ticks()
    pace = Pace(ticks, 28, ticks.sleep)
    at: dict[str, float] = {}
    refusals = {"1": 1}

    async def send(chat: str) -> None:
        if refusals.get(chat):
            refusals[chat] -= 1
            raise FloodError
        at[chat] = ticks()

    with unasked():
        first = asyncio.create_task(pace.run("1", lambda: send("1"), _five))
        await asyncio.sleep(0)
        assert pace.rest("1") == 5.0
        assert pace.rest("2") == 0.0
        await pace.run("2", lambda: send("2"), _five)
        await first
    assert at == {"2": 100.0, "1": 105.0}
    assert pace.rest("1") == 0.0


async def test_an_answer_that_is_refused_is_told_at_once() -> None:
    ticks = Ticks()
    pace = Pace(ticks, 28, ticks.sleep)

    async def send() -> None:
        raise FloodError

    with pytest.raises(FloodError):
        await pace.run("1", send, _five)
    assert pace.rest("1") == 5.0
    assert ticks.now == 100.0


async def test_other_errors_are_not_repeated() -> None:
    ticks = Ticks()
    pace = Pace(ticks, 28, ticks.sleep)
    calls = 0

    async def send() -> None:
        nonlocal calls
        calls += 1
        raise LookupError

    with unasked(), pytest.raises(LookupError):
        await pace.run("1", send, _five)
    assert calls == 1


async def test_a_wait_of_hours_is_told_and_not_slept() -> None:
    ticks = Ticks()
    pace = Pace(ticks, 28, ticks.sleep)

    async def send() -> None:
        raise FloodError

    with unasked(), pytest.raises(FloodError):
        await pace.run("1", send, lambda _: 7200.0)
    assert ticks.now == 100.0


async def test_what_arrives_late_crowds_nobody() -> None:
    """Some calls take a while on their way out: in no second more arrive than the budget allows."""
    ticks = Ticks()
    pace = Pace(ticks, 10, ticks.sleep)
    arrived: list[float] = []

    async def send(late: float) -> None:
        await ticks.sleep(late)
        arrived.append(ticks())

    with unasked():
        for number in range(100):
            await pace.run(str(number), lambda late=0.08 if number % 7 == 3 else 0.01: send(late), _five)  # type: ignore[misc]
    assert _most_in_a_second(arrived) <= 10
    assert arrived[-1] - arrived[0] < 90 / 10 * 1.15, "one call in seven was late"
