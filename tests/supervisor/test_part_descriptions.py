"""What each part is told, and what it is not told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import ModelError
from bot.settings import Settings
from bot.supervisor import all_parts, newest_model, settings_environment
from bot.supervisor import parts as descriptions
from bot.supervisor.run import welcome


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "20260101-000000.tar.gz").touch()
    return Settings(
        models_dir=tmp_path,
        var_dir=tmp_path,
        port=9000,
        rasa_port=9001,
        actions_port=9002,
        demo=True,
        secret_key="one secret",
        bank_key="another secret",
        frame_ancestors=("https://bank.example",),
    )


@pytest.fixture
def parts(settings, monkeypatch, tmp_path):
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(descriptions, "ENGINE_PYTHON", python)
    return {part.name: part for part in all_parts(settings)}


def test_rasa_and_the_action_server_come_before_those_who_need_them(parts):
    assert list(parts) == ["rasa", "actions", "gateway", "worker"]


def test_rasa_listens_on_the_loopback_interface_only(parts):
    command = parts["rasa"].command

    assert command[command.index("--interface") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "9001"


def test_rasas_own_interface_is_locked_with_a_key_of_its_own(parts):
    assert parts["rasa"].command[-1].startswith("--auth-token=")
    assert parts["rasa"].probes[1].startswith("http://127.0.0.1:9001/status?token=")
    assert "token" not in repr(parts["rasa"].probes[0])


def test_rasa_is_not_told_our_keys(parts):
    assert not {"one secret", "another secret"} & set(parts["rasa"].env.values())
    assert {"one secret", "another secret"} <= set(parts["gateway"].env.values())


def test_rasa_is_told_where_the_action_server_is_and_to_be_quiet(parts):
    env = parts["rasa"].env

    assert env["SECONDVOICE_ACTIONS_PORT"] == "9002"
    assert env["RASA_TELEMETRY_ENABLED"] == "false"


def test_every_part_reads_the_same_settings_as_the_supervisor(settings, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name, value in settings_environment(settings).items():
        if name.startswith("SECONDVOICE_"):
            monkeypatch.setenv(name, value)

    assert Settings() == settings


def test_relative_folders_are_made_absolute_because_parts_start_elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    env = settings_environment(Settings(var_dir=Path("data")))

    assert env["SECONDVOICE_VAR_DIR"] == str(tmp_path / "data")


def test_the_model_that_was_trained_last_is_served(tmp_path):
    for age, name in ((10, "b"), (30, "c"), (20, "a")):
        model = tmp_path / f"{name}.tar.gz"
        model.touch()
        os.utime(model, (1_000_000 - age, 1_000_000 - age))

    assert newest_model(tmp_path) == tmp_path / "b.tar.gz"


def test_missing_model_says_what_to_do(tmp_path):
    with pytest.raises(ModelError, match="make train"):
        newest_model(tmp_path)


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")],  # noqa: S104
)
def test_welcome_names_an_address_that_a_browser_can_open(settings, host, address):
    text = str(welcome(settings.model_copy(update={"host": host})))

    assert f"http://{address}:9000/\n" in text
    assert "sue me" in text
    assert "信用卡" in text


def test_welcome_names_the_chat_page_where_there_is_no_demo_page(settings):
    assert ":9000/chat\n" in str(welcome(settings.model_copy(update={"demo": False})))


def test_telegram_is_a_part_where_it_is_polled_with_a_token_that_rasa_is_not_told(
    settings, monkeypatch, tmp_path
):
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(descriptions, "ENGINE_PYTHON", python)
    with_token = settings.model_copy(
        update={"telegram_token": "123:a token", "telegram_webhook_secret": "a third secret"}
    )

    polled = {part.name: part for part in all_parts(with_token)}
    called = all_parts(with_token.model_copy(update={"telegram_mode": "webhook"}))

    assert polled["telegram"].command[-1] == "bot.gateway.telegram"
    assert polled["telegram"].env["SECONDVOICE_TELEGRAM_TOKEN"] == "123:a token"
    assert not {"123:a token", "a third secret"} & set(polled["rasa"].env.values())
    assert "telegram" not in [part.name for part in called]


def test_amounts_among_the_settings_are_written_out_as_they_are(settings):
    env = settings_environment(settings)

    assert env["SECONDVOICE_TIER_ON_CALL_ABOVE"] == "500000"
