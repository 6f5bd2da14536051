"""Messages within Telegram's limits, whatever is in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channel import Button, Message, Span
from bot.channels.fitting import fit, keyboard, shorten, units

TEXTS = st.text(st.sampled_from("aé한🙂👩🏽\u200d\u0301\n "), max_size=60)


@given(TEXTS, st.integers(1, 70))
def test_a_shortened_text_fits_and_begins_as_it_did(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert units(short) <= limit
    assert short == text if units(text) <= limit else text.startswith(short[:-1]) and short[-1] == "…"
    short.encode()


@given(TEXTS, st.integers(1, 70), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=130))
def test_entities_stay_within_the_text(text: str, limit: int, spans: list[tuple[int, int]]) -> None:
    said, entities = fit(Message(text, [Span("bold", *span) for span in spans]), limit)
    assert said.strip("\n \u200d")
    assert len(entities) <= 100
    for entity in entities:
        assert entity["length"] > 0
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(said)


def test_styles_have_telegrams_names() -> None:
    _, entities = fit(Message("abc", [Span("bold", 0, 1), Span("italic", 1, 1), Span("quote", 2, 1)]), 10)
    assert [entity["type"] for entity in entities] == ["bold", "italic", "blockquote"]


def test_no_keys_are_no_keyboard() -> None:
    assert keyboard(Message("q")) is None
    assert keyboard(Message("q", buttons=((),))) is None
    found = keyboard(Message("q", buttons=((Button("A", "1"),), (), (Button(" ", "2"),))))
    assert found == {"inline_keyboard": [[{"text": "A", "callback_data": "1"}], [{"text": "…", "callback_data": "2"}]]}
