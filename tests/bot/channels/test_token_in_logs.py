"""The token in an address of the Bot API is hidden in logs."""

from __future__ import annotations

from bot.log import redact


def test_a_token_within_an_address_is_hidden() -> None:
    token = "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqr"
    said = redact(f"cannot write request body for https://api.telegram.org/bot{token}/sendMessage")
    assert token.partition(":")[2] not in said
