"""Nothing is lost and nothing doubled: not when Telegram, the database or the process goes away."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from gateway_servers import StandInForRasa, plain_server, running
from sqlalchemy import select

from bot.bank import load_bank
from bot.casework.models import Contact, ReceivedMessage
from bot.counsel.static import safe_answer
from bot.settings import Settings
from bot.supervisor.parts import settings_environment
from tests.gateway.telegram.bot_api import TOKEN, BotApi, failing, refusal
from tests.gateway.telegram.conftest import Begin

BAD_GATEWAY = refusal(502, "Bad Gateway")
Database = Callable[[], Any]


def said(rasa: StandInForRasa) -> list[str]:
    return [body["message"] for body in rasa.received]


@pytest.mark.usefixtures("telegram")
def test_an_update_that_is_brought_twice_is_answered_once(
    api: BotApi, rasa: StandInForRasa
) -> None:
    update = api.say("once")
    api.until_sent(1)
    api.bring_again({**update, "update_id": update["update_id"]})
    api.say("afterwards")
    api.until_sent(2)
    assert said(rasa) == ["once", "afterwards"]


def test_an_update_that_is_brought_again_after_a_restart_is_answered_once(
    begin: Begin, api: BotApi, rasa: StandInForRasa
) -> None:
    api.forgetful = True
    first = begin()
    api.say("once")
    api.until_sent(1)
    first.end()
    begin()
    api.say("afterwards")
    api.until_sent(2)
    assert said(rasa) == ["once", "afterwards"]


@pytest.mark.usefixtures("telegram")
def test_an_answer_that_telegram_does_not_take_is_sent_when_it_does_and_rasa_is_asked_once(
    api: BotApi, rasa: StandInForRasa
) -> None:
    api.faults["sendMessage"] = failing(2, BAD_GATEWAY)
    api.say("first")
    api.say("second")
    api.until_sent(2)
    assert said(rasa) == ["first", "second"]
    assert api.texts() == ["I hear you."] * 2


@pytest.mark.usefixtures("telegram")
def test_a_wait_that_telegram_asks_for_is_kept_and_other_chats_go_on(
    api: BotApi, rasa: StandInForRasa
) -> None:
    asked: list[float] = []

    def slow_down(given: dict[str, Any]) -> Any:
        if given["chat_id"] != "1001" or asked:
            return None
        asked.append(time.monotonic())
        return refusal(429, "Too Many Requests: retry after 2", retry_after=2)

    api.faults["sendMessage"] = slow_down
    rasa.reply = lambda body: [{"text": body["message"]}]
    api.say("held up")
    api.say("behind it")
    api.say("elsewhere", chat=2002)
    calls = api.until_sent(3)
    assert [call.text for call in calls] == ["elsewhere", "held up", "behind it"]
    assert calls[1].at - asked[0] >= 2


@pytest.mark.usefixtures("telegram")
def test_what_telegram_refuses_for_good_holds_nothing_up(api: BotApi, rasa: StandInForRasa) -> None:
    rasa.reply = lambda body: [{"text": body["message"]}]
    api.faults["sendMessage"] = lambda given: (
        refusal(400, "Bad Request: strange") if given["text"] == "strange" else None
    )
    api.say("strange")
    api.say("plain")
    assert api.until_sent(1)[0].text == "plain"


@pytest.mark.usefixtures("telegram")
def test_a_contact_that_telegram_refuses_is_said_in_words(
    api: BotApi, rasa: StandInForRasa
) -> None:
    from tests.gateway.telegram.test_telegram_talk import CARD

    api.faults["sendContact"] = lambda _: refusal(400, "Bad Request: PHONE_NUMBER_INVALID")
    rasa.reply = lambda _: [{"text": "Here."}, {"custom": {"card": CARD}}]
    api.say("who is my manager")
    assert api.until_sent(3)[1].text == "Zhou Min\n+8610100000011"


@pytest.mark.usefixtures("telegram")
def test_who_has_blocked_us_is_noted_and_who_writes_again_is_reachable(
    api: BotApi, database: Database
) -> None:
    api.faults["sendMessage"] = failing(1, refusal(403, "Forbidden: bot was blocked by the user"))
    api.say("goodbye")
    api.until(lambda: blocked(database) is not None)
    api.say("here I am again")
    api.until_sent(1)
    assert blocked(database) is None


@pytest.mark.usefixtures("telegram")
def test_blocking_and_unblocking_are_noted_as_telegram_tells_them(
    api: BotApi, database: Database
) -> None:
    api.say("hello")
    api.until_sent(1)
    api.block()
    api.until(lambda: blocked(database) is not None)
    api.block(status="member")
    api.until(lambda: blocked(database) is None)
    assert len(api.sent()) == 1


def test_telegram_may_be_away_at_the_start_and_in_between(begin: Begin, api: BotApi) -> None:
    api.faults["getMe"] = failing(1, BAD_GATEWAY)
    api.faults["getUpdates"] = failing(2, BAD_GATEWAY)
    begin()
    api.say("are you there")
    assert api.until_sent(1, chat=1001)[0].text == "I hear you."


def test_a_wrong_token_ends_nothing_and_is_never_told(
    begin: Begin, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    running = begin(telegram_token="987654321:WRONGWRONGWRONG")
    api.until(lambda: "refuses the token" in caplog.text)
    running.end()
    assert "WRONGWRONG" not in caplog.text


def test_while_nothing_can_be_kept_the_customer_has_the_numbers_and_is_answered_afterwards(
    begin: Begin, api: BotApi, settings: Settings, rasa: StandInForRasa
) -> None:
    begin()
    api.say("before")
    api.until_sent(1)
    with without_table(settings, "received_messages"):
        api.say("in between")
        safe = safe_answer("en", load_bank(settings.bank_file))
        api.until(lambda: api.texts() == ["I hear you.", safe])
        time.sleep(1.5)
        assert len(api.sent()) == 2, "He is told once."
    assert api.until_sent(3)[2].text == "I hear you."
    assert said(rasa) == ["before", "in between"]


def test_an_answer_that_cannot_be_sent_for_a_day_is_given_up_and_holds_nothing_up(
    begin: Begin, api: BotApi, database: Database
) -> None:
    clock = [datetime.now(UTC)]
    begin(now=lambda: clock[0])
    api.faults["sendMessage"] = lambda _: BAD_GATEWAY
    api.say("lost")
    api.until(lambda: attempts(database))
    clock[0] += timedelta(hours=25)
    api.until(lambda: not attempts(database))
    del api.faults["sendMessage"]
    api.say("now")
    api.until_sent(1)
    assert api.texts() == ["I hear you."]


def test_keys_of_answered_messages_are_forgotten_after_some_days(
    begin: Begin, api: BotApi, database: Database
) -> None:
    clock = [datetime.now(UTC)]
    first = begin(now=lambda: clock[0])
    api.say("long ago")
    api.until_sent(1)
    first.end()
    clock[0] += timedelta(days=4)
    begin(now=lambda: clock[0])

    def kept() -> int:
        with database() as session:
            return len(session.scalars(select(ReceivedMessage)).all())

    api.until(lambda: kept() == 0)


def test_killed_at_any_moment_every_message_is_answered_once_and_in_order(
    with_token: Settings, api: BotApi, rasa: StandInForRasa
) -> None:
    """A part that had arrived when it was killed, unnoted, may come twice; nothing is missing."""
    rasa.reply = lambda body: [{"text": body["message"]}]
    rasa.delay = 0.05
    with running(plain_server(rasa.app, with_token.rasa_port)):
        for number in range(12):
            api.say(f"m{number:02}", chat=3000 + number % 3)
        for kill_after in (1, 5, 9):
            with process(with_token) as one:
                api.until(lambda after=kill_after: len(api.sent()) >= after, seconds=30)
                one.send_signal(signal.SIGKILL)
        with process(with_token):
            api.until(lambda: len(set(api.texts())) == 12, seconds=30)
    for chat in range(3):
        texts = api.texts(chat=3000 + chat)
        assert texts == sorted(texts)
    assert len(api.texts()) <= 12 + 3, "At most what was under way at each kill comes twice."


def test_the_process_ends_when_it_is_told_to(with_token: Settings, api: BotApi) -> None:
    with process(with_token) as one:
        api.until(lambda: api.polled, seconds=30)
        one.terminate()
        assert one.wait(15) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"telegram_token": ""}, "SECONDVOICE_TELEGRAM_TOKEN is not set"),
        ({"telegram_mode": "webhook"}, "the gateway itself answers"),
    ],
)
def test_the_process_says_what_is_missing(
    with_token: Settings, changes: dict[str, Any], words: str
) -> None:
    with process(with_token.model_copy(update=changes)) as one:
        _, told = one.communicate(timeout=30)
    assert one.returncode == 2
    assert words in told
    assert TOKEN not in told


@contextmanager
def process(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Telegram as the supervisor starts it."""
    command = [sys.executable, "-m", "bot.gateway.telegram"]
    env = settings_environment(settings) | {"PATH": os.environ["PATH"]}
    one = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        yield one
    finally:
        if one.poll() is None:
            one.kill()
        one.wait()
        if one.stderr:
            one.stderr.close()


@contextmanager
def without_table(settings: Settings, table: str) -> Iterator[None]:
    """Break the store for as long as the block lasts."""
    path = settings.var_dir / "secondvoice.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma legacy_alter_table = on")
        connection.execute(f'alter table "{table}" rename to "{table}_away"')
        try:
            yield
        finally:
            connection.execute(f'alter table "{table}_away" rename to "{table}"')


def blocked(database: Database) -> datetime | None:
    with database() as session:
        contact = session.scalar(select(Contact).where(Contact.address == "telegram:1001"))
        return contact.blocked if contact else None


def attempts(database: Database) -> int:
    """How often the answer that waits has been tried."""
    with database() as session:
        waiting = select(ReceivedMessage.attempts).where(ReceivedMessage.done.is_(None))
        return session.scalar(waiting) or 0
