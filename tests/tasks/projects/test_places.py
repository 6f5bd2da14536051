"""The shuffled order: one place a task, the same each time, and shuffled."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tasks.projects.places import places


@given(st.text(max_size=20))
def test_no_two_tasks_share_a_place(seed: str) -> None:
    place = places(seed)
    found = [place(number) for number in range(1, 2001)]
    assert len(set(found)) == len(found)
    assert all(0 < each <= 1 << 40 for each in found)


def test_the_order_depends_on_the_project_alone() -> None:
    assert places("a")(7) == places("a")(7)
    assert places("a")(7) != places("b")(7)


def test_the_order_of_the_file_is_not_seen_in_it() -> None:
    place, n = places("birds"), 10_000
    order = sorted(range(n), key=place)
    rises = sum(one < other for one, other in pairwise(order))
    assert abs(rises / n - 0.5) < 0.02
    first_half = sum(number < n // 2 for number in order[: n // 2])
    assert abs(first_half / (n // 2) - 0.5) < 0.03
