"""Settings: what is read, what is refused and how, which names are strange."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SecretSettingError, SettingError, Settings, load_settings, unknown_settings
from tasks.limits import Limits

TOKEN = "123456789:" + "A" * 35


def test_without_any_everything_has_its_default() -> None:
    settings = load_settings(None)
    assert settings.bot_token is None
    assert settings.database_url == "sqlite:///var/crowdloom.db"
    assert settings.address == ("127.0.0.1", 8080)
    assert settings.sends_per_second == 28


def test_every_setting_has_its_sentence_and_says_what_it_expects() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
        assert isinstance(field.json_schema_extra, dict), name
        assert field.json_schema_extra["expected"], name


def test_every_setting_stands_in_the_operators_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operators.md").read_text("utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in guide


def test_admins_are_numbers_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROWDLOOM_ADMINS", " 1001, 1002,")
    assert load_settings(None).admins == (1001, 1002)


def test_the_least_that_is_paid_out_is_in_minor_units(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(None).payout_minimum == {}
    monkeypatch.setenv("CROWDLOOM_PAYOUT_MINIMUM", " KRW=5000, EUR = 10.50")
    assert load_settings(None).payout_minimum == {"KRW": 5_000, "EUR": 1_050}


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        (None, Limits(1_000)),
        ("people=1000,KRW=1000000", Limits(1_000, {"KRW": 1_000_000})),
        (" EUR = 10.50 ", Limits(None, {"EUR": 1_050})),
        ("people=, KRW=", Limits(None)),
        ("people=0", Limits(0)),
    ],
)
def test_when_a_second_admin_is_asked(written: str | None, limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    if written is not None:
        monkeypatch.setenv("CROWDLOOM_SECOND_ADMIN", written)
    assert load_settings(None).second_admin == limits


@pytest.mark.parametrize("written", ["1000", "people=-1", "people=1, people=2", "XXY=5", "KRW=1.5", "people=many"])
def test_what_asks_no_second_admin(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROWDLOOM_SECOND_ADMIN", written)
    with pytest.raises(SettingError):
        load_settings(None)


def test_a_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("CROWDLOOM_LISTEN=[::1]:9000\nCROWDLOOM_LOG_FORMAT=json\nOTHER=1\n")
    monkeypatch.setenv("CROWDLOOM_LOG_FORMAT", "text")
    settings = load_settings(tmp_path / ".env")
    assert settings.address == ("::1", 9000)
    assert settings.log_format == "text"


def test_an_empty_variable_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROWDLOOM_WEBHOOK_URL", "")
    monkeypatch.setenv("CROWDLOOM_BOT_TOKEN", "")
    settings = load_settings(None)
    assert settings.webhook_url is None
    assert settings.bot_token is None


def test_postgres_addresses_are_understood_as_people_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROWDLOOM_DATABASE_URL", "postgres://u:p@h/d")
    assert load_settings(None).database_url == "postgresql://u:p@h/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMINS", "1,boss"),
        ("API_URL", "api.telegram.org"),
        ("BOT_LIBRARY", "telebot"),
        ("DATABASE_URL", "mysql://u@h/x"),
        ("LISTEN", "127.0.0.1"),
        ("LISTEN", "127.0.0.1:70000"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("PAYOUT_MINIMUM", "5000"),
        ("PAYOUT_MINIMUM", "KRW=1.5"),
        ("PAYOUT_MINIMUM", "KRW=-5"),
        ("PAYOUT_MINIMUM", "KRW=5,KRW=6"),
        ("PAYOUT_MINIMUM", "XYZ=5"),
        ("PAYOUT_MINIMUM", "EUR=1,5"),
        ("SENDS_PER_SECOND", "0"),
        ("WEBHOOK_URL", "http://plain.example/"),
    ],
)
def test_a_bad_value_is_one_sentence_with_name_remedy_and_value(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CROWDLOOM_{name}", value)
    with pytest.raises(SettingError) as caught:
        load_settings(None)
    said = str(caught.value)
    assert said.startswith(f"Set CROWDLOOM_{name} to ")
    assert value.rpartition(",")[2] in said
    assert "\n" not in said


@pytest.mark.parametrize(("name", "value"), [("BOT_TOKEN", "my secret"), ("WEBHOOK_SECRET", "short")])
def test_a_bad_secret_is_told_without_its_value(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CROWDLOOM_{name}", value)
    with pytest.raises(SecretSettingError) as caught:
        load_settings(None)
    assert value not in str(caught.value)


def test_a_password_in_a_bad_address_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROWDLOOM_DATABASE_URL", "mysql://me:hunter2@h/x")
    with pytest.raises(SettingError) as caught:
        load_settings(None)
    assert "hunter2" not in str(caught.value)


def test_secrets_do_not_show_in_what_python_prints() -> None:
    settings = load_settings(None, bot_token=TOKEN)
    assert TOKEN not in repr(settings) + str(settings.model_dump())


def test_a_strange_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("CROWDLOOM_ADMNIS=1\nPOSTGRES_PASSWORD=x\n")
    environ = {"CROWDLOOM_BOT_TOKN": "x", "CROWDLOOM_QQQQ": "x", "CROWDLOOM_LISTEN": "x", "CROWDLOOM_BOOTSTRAP": "off"}
    assert unknown_settings(environ, file) == [
        ("CROWDLOOM_ADMNIS", "CROWDLOOM_ADMINS"),
        ("CROWDLOOM_BOT_TOKN", "CROWDLOOM_BOT_TOKEN"),
        ("CROWDLOOM_QQQQ", ""),
    ]
