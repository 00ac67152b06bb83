"""One contract for every method: it delivers or raises DeliveryError, and it tells no secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from bot.casework.contacts import contact_for
from bot.casework.database import make_engine, session_factory
from bot.errors import ConfigurationError, DeliveryError
from bot.notify import ConsoleNotifier, Message, Methods, Notifier, method_name
from bot.notify.webhook import Webhook
from tests.casework.builders import EVENING, WEB
from tests.casework.databases import SqliteFiles
from tests.notify.receiver import Answer, Receiver, receiving

MESSAGE = Message(
    dedupe_key="escalation:1:paid:M-01:abc",
    recipient=WEB,
    subject="SV-7F3K2Q：钱已转出",
    text="客户：陈伟\n“今晚八点\r\n2024-03-14 INFO forged line”",
    body={"text": "…", "acknowledge_url": "https://bank.example/a?token=hunter2"},
)


METHODS = ["console", "chat", "webhook:operations", "json://127.0.0.1"]
REMOTE = METHODS[2:]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def notifier_of(
    method: str, receiver: Receiver, *, sessions: sessionmaker[Session] | None = None
) -> Notifier:
    """The real notifier of a method; what it sends over the network goes to the receiver."""
    webhook = Webhook(
        name="operations",
        url=f"{receiver.url}/?token=hunter2",
        key="k" * 32,
        networks=(ip_network("127.0.0.0/8"),),
    )
    if method.startswith("json:"):
        method = f"{receiver.url.replace('http:', 'json:')}/?+X-Token=hunter2"
    return Methods(sessions=sessions, webhooks={"operations": webhook})(method)


@pytest.fixture(params=METHODS)
def notifier(
    request: pytest.FixtureRequest, receiver: Receiver, tmp_path: Path
) -> Iterator[Notifier]:
    """Every method, with a real receiver; the next one joins here."""
    engine = make_engine(SqliteFiles(tmp_path).bank())
    sessions = session_factory(engine)
    with sessions.begin() as session:
        contact_for(session, WEB, language="zh", now=EVENING)
    yield notifier_of(request.param, receiver, sessions=sessions)
    engine.dispose()


def test_a_message_is_delivered(notifier: Notifier) -> None:
    notifier.send(MESSAGE)


def test_the_log_holds_neither_links_nor_the_customers_name_nor_his_words(
    notifier: Notifier, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        notifier.send(MESSAGE)
    for secret in ("hunter2", "陈伟", "今晚八点"):
        assert secret not in caplog.text


@pytest.mark.parametrize("method", REMOTE)
def test_a_refusal_is_a_delivery_error_that_tells_no_secret(
    method: str, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answer = lambda _: Answer(status=503, body=b"hunter2")
    with (
        caplog.at_level(logging.INFO),
        pytest.raises(DeliveryError, match="answered 503") as caught,
    ):
        notifier_of(method, receiver).send(MESSAGE)
    for told in (str(caught.value), caplog.text):
        for secret in ("hunter2", "127.0.0.1", "陈伟"):
            assert secret not in told


@pytest.mark.parametrize("method", REMOTE)
def test_a_receiver_that_wants_us_to_slow_down_is_obeyed(method: str, receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(status=429, headers={"Retry-After": "30"})
    with pytest.raises(DeliveryError) as caught:
        notifier_of(method, receiver).send(MESSAGE)
    assert caught.value.retry_after == 30


@pytest.mark.parametrize("method", REMOTE)
def test_the_dedupe_key_travels_with_the_message(method: str, receiver: Receiver) -> None:
    notifier_of(method, receiver).send(MESSAGE)
    [request] = receiver.received
    assert request.headers["idempotency-key"] == MESSAGE.dedupe_key


def test_the_console_says_who_is_told_about_which_case(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="secondvoice.notify"):
        ConsoleNotifier().send(MESSAGE)
    assert caplog.messages == ["to web:c1: SV-7F3K2Q：钱已转出"]


def test_the_demo_console_shows_the_text_on_one_line_which_nobody_can_forge(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="secondvoice.notify"):
        Methods(show_text=True)("console").send(MESSAGE)
    [line] = caplog.messages
    assert "客户：陈伟" in line
    assert len(line.splitlines()) == 1
    assert "hunter2" not in line


def test_an_unknown_method_is_refused_without_showing_its_password() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Methods()("pigeon://loft:hunter2@roof")
    assert '"pigeon"' in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_only_the_scheme_of_a_method_is_shown() -> None:
    assert method_name("mailto://a:hunter2@b") == "mailto"
    assert method_name("console") == "console"


def test_the_same_method_has_one_notifier_so_that_connections_are_kept() -> None:
    methods = Methods()
    assert methods("console") is methods("console")


@pytest.mark.parametrize(
    ("method", "problem"),
    [
        ("pigeon://loft:hunter2@roof", r"\(pigeon\) is no URL that Apprise can read"),
        ("mailto://hunter2", r"\(mailto\) is no URL that Apprise can read"),
        ("syslog://hunter2", r"\(syslog\) reaches nobody but the machine"),
        ("webhook:hunter2", r"names a webhook that is not in the file of webhooks \(none\)"),
        ("hunter2", r"is neither console, webhook:<name> nor a URL"),
        (
            "mailto://u:hunter2@bank.example/" + "/".join(f"{n}@bank.example" for n in range(9)),
            r"\(mailto\) has more than 5 targets",
        ),
    ],
)
def test_a_method_that_cannot_work_is_refused_before_anybody_relies_on_it(
    method: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        Methods().check(method)
    if not method.startswith("webhook:"):
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "method",
    [
        "console",
        "chat",
        "mailto://user:word@bank.example?to=m01@bank.example",
        "wecombot://abcdefghijk",
        "dingtalk://token@10100000000",
        "tgram://123456789:abcdefg_hijklmnop/12315544",
        "json://hooks.bank.example/path",
    ],
)
def test_a_method_that_can_work_is_accepted(method: str) -> None:
    Methods().check(method)
