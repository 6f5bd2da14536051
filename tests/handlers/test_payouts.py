"""What the screen of payouts says of a batch whose making was cut short."""

from __future__ import annotations

from bot.translate import Translator
from db.queries.payouts import Batch
from handlers.admin import payouts
from tests.conftest import NOON


def test_a_batch_that_is_not_whole_can_be_finished() -> None:
    words = Translator(lambda: NOON).words
    begun = Batch(3, "KRW", NOON, None, 2, 300, "", 0)
    whole = begun._replace(control="its hash")
    assert [words(payouts._file(one), "en") for one in (begun, whole)] == ["Finish No. 3", "File No. 3 again"]
    assert words(payouts._made(begun), "en").endswith("₩300 · being put together")
    assert words(payouts._made(whole), "en").endswith("₩300 · 0 of 2 payouts settled")
    assert words(payouts._file(begun), "ko") == "3번 마무리하기"
