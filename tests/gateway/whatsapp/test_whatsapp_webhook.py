"""The webhook: only Meta is heard, what it brings is kept before it is told so."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from gateway_servers import StandInForRasa, plain_server, running

from bot.bank import load_bank
from bot.counsel.static import safe_answer
from bot.errors import ConfigurationError
from bot.gateway.app import create_app
from bot.gateway.server import make_server
from bot.gateway.whatsapp.service import WEBHOOK_PATH
from bot.settings import Settings
from tests.gateway.telegram.test_telegram_outages import without_table
from tests.gateway.whatsapp.cloud_api import CHEN, CloudApi, payload, signature
from tests.gateway.whatsapp.conftest import Begin

QUESTION = {"hub.mode": "subscribe", "hub.verify_token": "verify me", "hub.challenge": "1158201444"}


def test_the_address_is_proven_to_who_knows_the_verify_token(whatsapp: httpx.Client) -> None:
    answer = whatsapp.get(WEBHOOK_PATH, params=QUESTION)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "verify m"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "é"},
        {"hub.mode": "unsubscribe"},
    ],
)
def test_nobody_else_is_answered(whatsapp: httpx.Client, change: dict[str, str]) -> None:
    answer = whatsapp.get(WEBHOOK_PATH, params={**QUESTION, **change})
    assert (answer.status_code, answer.text) == (403, "")


def test_a_verify_token_that_nobody_set_is_made_and_kept(begin: Begin, settings: Settings) -> None:
    client = begin(whatsapp_verify_token="")
    assert client.get(WEBHOOK_PATH, params={**QUESTION, "hub.verify_token": ""}).status_code == 403
    kept = (settings.var_dir / "whatsapp_verify_token.txt").read_text().strip()
    asked = {**QUESTION, "hub.verify_token": kept}
    assert client.get(WEBHOOK_PATH, params=asked).status_code == 200


@pytest.mark.usefixtures("whatsapp")
@pytest.mark.parametrize("headers", [{}, {"X-Hub-Signature-256": "sha256="}])
def test_a_wrong_signature_is_refused(
    api: CloudApi, rasa: StandInForRasa, headers: dict[str, str]
) -> None:
    content = payload(messages=[api.say("forged")])
    assert api.post(content, secret="another secret").status_code == 401
    body = json.dumps(content).encode()
    unsigned = httpx.post(api.webhook, content=body, headers=headers, trust_env=False)
    assert unsigned.status_code == 401
    signed_otherwise = {"X-Hub-Signature-256": signature(body + b" ")}
    changed = httpx.post(api.webhook, content=body, headers=signed_otherwise, trust_env=False)
    assert changed.status_code == 401
    assert rasa.received == []


@pytest.mark.usefixtures("whatsapp")
def test_the_signature_is_looked_at_before_anything_is_read(api: CloudApi) -> None:
    assert api.post(b"{no json", secret="another secret").status_code == 401
    assert api.post(b"{no json").status_code == 200, "Brought again it would be no better."


@pytest.mark.usefixtures("whatsapp")
def test_a_message_is_answered_once_however_often_it_is_brought(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    message = api.say("they want my money")
    assert [api.call(message).status_code for _ in range(3)] == [200, 200, 200]
    api.until_sent(1)
    api.call(
        message,
    )
    api.call(api.say("ok then"))
    api.until_sent(2)
    assert [body["message"] for body in rasa.received] == ["they want my money", "ok then"]


def test_a_message_that_is_brought_again_after_a_restart_is_answered_once(
    settings: Settings, whatsapp_settings: dict[str, Any], api: CloudApi, rasa: StandInForRasa
) -> None:
    changed = settings.model_copy(update=whatsapp_settings)
    api.webhook = f"http://127.0.0.1:{changed.port}{WEBHOOK_PATH}"
    message = api.say("once")
    with running(plain_server(rasa.app, changed.rasa_port)):
        with running(make_server(create_app(changed), changed)):
            api.call(message)
            api.until_sent(1)
        with running(make_server(create_app(changed), changed)):
            api.call(
                message,
            )
            api.call(api.say("afterwards"))
            api.until_sent(2)
    assert [body["message"] for body in rasa.received] == ["once", "afterwards"]


@pytest.mark.usefixtures("whatsapp")
def test_several_messages_in_one_call_are_answered_in_order(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    api.call(api.say("first"), api.say("second"), api.say("other", sender="8610100002002"))
    api.until_sent(3)
    said = [body["message"] for body in rasa.received if body["sender"] == f"whatsapp:{CHEN}"]
    assert said == ["first", "second"]


@pytest.mark.usefixtures("whatsapp")
@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        "x",
        {"entry": {}},
        {"entry": [{"changes": [{"value": None}, 3]}]},
        payload(messages=[{}]),
        payload(messages=[{"from": "8610100001001", "type": "text"}]),
        payload(messages=[{"from": "../x", "id": "wamid.1", "timestamp": "1", "type": "text"}]),
        payload(statuses=[{"status": "failed", "errors": "x"}, {"status": "read"}]),
        payload(errors=[{"code": 130429}]),
    ],
)
def test_what_cannot_be_read_is_not_asked_for_again_and_holds_up_nothing(
    api: CloudApi, content: Any
) -> None:
    assert api.post(content).status_code == 200
    api.call(api.say("and then"))
    assert api.until_sent(1)[0].text == "I hear you."


@pytest.mark.usefixtures("whatsapp")
def test_messages_to_another_number_of_the_bank_are_left_to_others(
    api: CloudApi, rasa: StandInForRasa
) -> None:
    assert api.post(payload(number="99", messages=[api.say("not ours")])).status_code == 200
    api.call(api.say("ours"))
    api.until_sent(1)
    assert [body["message"] for body in rasa.received] == ["ours"]


@pytest.mark.usefixtures("whatsapp")
def test_what_meta_bundles_may_be_larger_than_what_people_send(api: CloudApi) -> None:
    many = [api.say("骗" * 300, sender=f"86101{number:08}") for number in range(200)]
    assert len(json.dumps(payload(messages=many))) > 300_000
    assert api.call(*many).status_code == 200


def test_while_nothing_can_be_kept_the_customer_has_the_numbers_once_and_the_answer_later(
    begin: Begin, api: CloudApi, settings: Settings
) -> None:
    begin()
    message = api.say("hold on")
    with without_table(settings, "received_messages"):
        assert [api.call(message).status_code for _ in range(3)] == [503] * 3
        safe = safe_answer("zh", load_bank(settings.bank_file))
        assert api.texts() == [safe]
    assert api.call(message).status_code == 200
    assert [one.text for one in api.until_sent(2)] == [safe, "I hear you."]


def test_without_a_token_there_is_no_such_address(start: Callable[..., httpx.Client]) -> None:
    client = start()
    assert client.post(WEBHOOK_PATH, json={}).status_code == 404
    assert client.get(WEBHOOK_PATH, params=QUESTION).status_code == 404


@pytest.mark.parametrize("missing", ["whatsapp_app_secret", "whatsapp_phone_number_id"])
def test_half_a_configuration_is_refused_at_the_start(
    settings: Settings, whatsapp_settings: dict[str, Any], missing: str
) -> None:
    wrong = settings.model_copy(update={**whatsapp_settings, missing: ""})
    with pytest.raises(ConfigurationError, match=f"SECONDVOICE_{missing.upper()} is not set"):
        create_app(wrong)
