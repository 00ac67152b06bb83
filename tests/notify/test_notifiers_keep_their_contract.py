"""One contract for every method: it delivers or raises DeliveryError, and it tells no secrets."""

from __future__ import annotations

import logging

import pytest

from bot.errors import ConfigurationError
from bot.notify import ConsoleNotifier, Message, Notifier, method_name, notifier_for

MESSAGE = Message(
    dedupe_key="escalation:1:paid:M-01:abc",
    recipient="M-01",
    subject="SV-7F3K2Q：钱已转出",
    text="客户：陈伟\n“今晚八点\r\n2024-03-14 INFO forged line”",
    body={"text": "…", "acknowledge_url": "https://bank.example/a?token=hunter2"},
)


@pytest.fixture(params=["console"])
def notifier(request: pytest.FixtureRequest) -> Notifier:
    """Every method that can be tried without a network; the next one joins here."""
    return notifier_for(request.param)


def test_a_message_is_delivered(notifier: Notifier) -> None:
    notifier.send(MESSAGE)


def test_the_log_holds_neither_links_nor_the_customers_name_nor_his_words(
    notifier: Notifier, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="secondvoice.notify"):
        notifier.send(MESSAGE)
    for secret in ("hunter2", "陈伟", "今晚八点"):
        assert secret not in caplog.text


def test_the_console_says_who_is_told_about_which_case(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="secondvoice.notify"):
        ConsoleNotifier().send(MESSAGE)
    assert caplog.messages == ["to M-01: SV-7F3K2Q：钱已转出"]


def test_the_demo_console_shows_the_text_on_one_line_which_nobody_can_forge(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="secondvoice.notify"):
        notifier_for("console", show_text=True).send(MESSAGE)
    [line] = caplog.messages
    assert "客户：陈伟" in line
    assert len(line.splitlines()) == 1
    assert "hunter2" not in line


def test_an_unknown_method_is_refused_without_showing_its_password() -> None:
    with pytest.raises(ConfigurationError) as caught:
        notifier_for("pigeon://loft:hunter2@roof")
    assert '"pigeon"' in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_only_the_scheme_of_a_method_is_shown() -> None:
    assert method_name("mailto://a:hunter2@b") == "mailto"
    assert method_name("console") == "console"
