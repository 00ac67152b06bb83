"""Nothing is lost and nothing doubled while Meta is away, slow or refuses."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from gateway_servers import StandInForRasa

from bot.settings import Settings
from tests.gateway.telegram.test_telegram_talk import CARD, waiting_rows
from tests.gateway.whatsapp.cloud_api import CHEN, TOKEN, CloudApi, failing, refusal
from tests.gateway.whatsapp.conftest import Begin


@pytest.mark.usefixtures("whatsapp")
def test_an_answer_that_meta_does_not_take_is_sent_when_it_does_and_rasa_is_asked_once(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    api.fault = failing(2, refusal(131000, status=500))
    api.call(api.say("first"), api.say("second"))
    api.until_sent(2)
    assert [body["message"] for body in rasa.received] == ["first", "second"]


@pytest.mark.usefixtures("whatsapp")
def test_a_wait_that_meta_asks_for_is_kept_and_other_chats_go_on(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    asked: list[float] = []

    def slow_down(given: dict[str, Any]) -> Any:
        if given.get("to") != CHEN or asked:
            return None
        asked.append(time.monotonic())
        return refusal(130429, status=429, headers={"Retry-After": "2"})

    api.fault = slow_down
    rasa.reply = lambda body: [{"text": body["message"]}]
    api.call(api.say("held up"), api.say("behind it"), api.say("elsewhere", sender="15550100001"))
    sent = api.until_sent(3)
    assert [one.text for one in sent] == ["elsewhere", "held up", "behind it"]
    assert sent[1].at - asked[0] >= 2


@pytest.mark.usefixtures("whatsapp")
def test_buttons_and_a_contact_that_are_refused_are_said_in_words(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    api.fault = lambda given: refusal(131009) if given.get("type", "text") != "text" else None
    rasa.reply = lambda _: [
        {"text": "Here."},
        {"text": "On the phone?", "buttons": [{"title": "Yes"}], "custom": {"card": CARD}},
    ]
    api.call(api.say("who is my manager"))
    texts = [one.text for one in api.until_sent(4)]
    assert texts[2] == "Zhou Min\n+8610100000011"
    assert texts[3].endswith("• Yes")


@pytest.mark.usefixtures("whatsapp")
def test_what_meta_refuses_for_good_holds_nothing_up(api: CloudApi, rasa: StandInForRasa) -> None:
    rasa.reply = lambda body: [{"text": body["message"]}]
    api.fault = lambda given: (
        refusal(131026) if given.get("text", {}).get("body") == "strange" else None
    )
    api.call(api.say("strange"), api.say("plain"))
    assert api.until_sent(1)[0].text == "plain"


def test_a_wrong_token_ends_nothing_and_is_never_told(
    begin: Begin, api: CloudApi, caplog: pytest.LogCaptureFixture
) -> None:
    begin(whatsapp_token="WRONGWRONGWRONG")
    api.call(api.say("hello"))
    api.until(lambda: "refuses the token" in caplog.text)
    assert "WRONGWRONG" not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.usefixtures("whatsapp")
def test_what_meta_brings_a_day_late_is_heard_and_is_not_answered_in_vain(
    api: CloudApi, rasa: StandInForRasa, settings: Settings
) -> None:
    late = str(int((datetime.now(UTC) - timedelta(hours=25)).timestamp()))
    api.call(api.say("I have paid them", timestamp=late))
    api.until(lambda: rasa.received)
    api.until(lambda: not waiting_rows(settings))
    assert api.sent() == []
