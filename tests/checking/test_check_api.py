"""The check API: limits as for the chat, nothing kept, problems that people can read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.gateway.app import create_app
from bot.gateway.server import make_server
from bot.settings import Settings
from tests.checking.check_texts import SEED, SEED_ZH
from tests.gateway.gateway_servers import free_port, running

Start = Callable[..., httpx.Client]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a gateway with changed settings; nobody is at Rasa's port and no database exists."""
    with ExitStack() as stack:

        def start_gateway(**changes: Any) -> httpx.Client:
            settings = Settings(
                _env_file=None,
                var_dir=tmp_path,
                port=free_port(),
                rasa_port=free_port(),
                **changes,
            )
            stack.enter_context(running(make_server(create_app(settings), settings)))
            base_url = f"http://127.0.0.1:{settings.port}"
            return stack.enter_context(httpx.Client(base_url=base_url, timeout=15, trust_env=False))

        yield start_gateway


@pytest.fixture
def gateway(start: Start) -> httpx.Client:
    return start()


def check(gateway: httpx.Client, text: str, **more: Any) -> httpx.Response:
    return gateway.post("/api/check", json={"text": text, **more})


def test_scam_is_named_with_its_reasons_quoted_without_rasa_or_a_database(
    gateway: httpx.Client,
) -> None:
    answer = check(gateway, SEED)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["level"] == "scam"
    assert told["stage"]["script"] == told["scripts"][0]["id"]
    assert told["next"]
    assert len(told["red_flags"]) > 1
    for flag in told["red_flags"]:
        assert flag["quote"] == SEED[flag["start"] : flag["end"]]


@pytest.mark.parametrize(("language", "lang"), [(None, "en"), ("zh", "zh"), ("zh-CN", "zh")])
def test_reasons_are_given_in_the_language_wished_for(
    gateway: httpx.Client, language: str | None, lang: str
) -> None:
    told = check(gateway, SEED, language=language).json()
    assert told["lang"] == lang
    assert told["next"].isascii() is (lang == "en")


def test_language_that_we_do_not_speak_leaves_the_language_of_the_text(
    gateway: httpx.Client,
) -> None:
    assert check(gateway, SEED_ZH, language="xx").json()["lang"] == "zh"


def test_offsets_are_those_of_the_text_sent_whatever_surrounds_it(gateway: httpx.Client) -> None:
    text = f" \r\n\t\x07🙂\u200b{SEED_ZH}  "
    told = check(gateway, text).json()
    assert told["red_flags"]
    for flag in told["red_flags"]:
        assert flag["quote"] == text[flag["start"] : flag["end"]]


@pytest.mark.parametrize(
    ("text", "secret", "token"),
    [
        (
            "They say I owe 4111111111111111 on my card",
            "4111111111111111",
            "[card …1111]",
        ),
        ("他让我把验证码482199报给他，今天就要", "482199", "[code]"),
    ],
)
def test_secrets_are_masked_in_quotes_and_offsets_stay(
    gateway: httpx.Client, text: str, secret: str, token: str
) -> None:
    answer = check(gateway, text)
    assert secret not in answer.text
    masked = [flag for flag in answer.json()["red_flags"] if token in flag["quote"]]
    assert masked
    for flag in masked:
        said = text[flag["start"] : flag["end"]]
        assert flag["quote"] == said.replace(secret, token)


def test_half_a_surrogate_pair_comes_back_as_a_mark_of_the_same_length(
    gateway: httpx.Client,
) -> None:
    headers = {"content-type": "application/json"}
    body = '{"text": "他说\\ud800今天就起诉我，我欠了\\ud800\\ud80038万"}'
    answer = gateway.post("/api/check", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    for flag in answer.json()["red_flags"]:
        assert len(flag["quote"]) == flag["end"] - flag["start"]


def test_text_is_in_no_log(gateway: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        check(gateway, f"{SEED} zanzibar")
    assert "text checked level=scam lang=en" in caplog.text
    assert "zanzibar" not in caplog.text
    assert "380,000" not in caplog.text


def test_text_is_in_no_file(start: Start, tmp_path: Path) -> None:
    check(start(), f"{SEED} zanzibar")
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in kept if b"zanzibar" in path.read_bytes()] == []


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\x00"])
def test_empty_text_is_refused_readably(gateway: httpx.Client, text: str) -> None:
    answer = check(gateway, text, language="zh")
    assert answer.status_code == 422
    assert answer.json()["error"]["what"] == "消息是空的。"


def test_text_of_4000_characters_is_taken_and_one_more_is_not(gateway: httpx.Client) -> None:
    assert check(gateway, "钱" * 4000).status_code == 200
    refused = check(gateway, "钱" * 4001)
    assert refused.status_code == 422
    assert "4000" in refused.json()["error"]["do"]


def test_body_above_32_kilobytes_is_refused_before_parsing(gateway: httpx.Client) -> None:
    assert check(gateway, "x" * 33_000).status_code == 413


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "text"),
        ({"text": 5}, "text"),
        ({"text": None}, "text"),
        ({"text": "hi", "id": 7}, "id"),
        ([], "body"),
    ],
)
def test_field_that_is_wrong_is_named_and_its_value_is_not_repeated(
    gateway: httpx.Client, body: Any, named: str
) -> None:
    answer = gateway.post("/api/check", json=body)
    assert answer.status_code == 422
    assert named in answer.json()["error"]["what"]
    assert set(answer.json()["error"]) == {"what", "do"}


def test_asking_by_another_method_is_refused(gateway: httpx.Client) -> None:
    assert gateway.get("/api/check").status_code == 405


def test_one_address_may_not_ask_without_end_and_is_counselled_still(start: Start) -> None:
    gateway = start(limit_address="2/minute")
    answers = [check(gateway, SEED) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert "110" in answers[-1].json()["messages"][0]["text"]


def test_checks_and_conversations_of_one_address_are_counted_together(start: Start) -> None:
    gateway = start(limit_address="2/minute")
    assert gateway.post("/api/chat/conversations", json={}).status_code == 201
    assert [check(gateway, SEED).status_code for _ in range(2)] == [200, 429]


def test_process_still_answers_while_long_texts_are_checked(gateway: httpx.Client) -> None:
    long = (SEED_ZH * 200)[:4000]
    with ThreadPoolExecutor(9) as pool:
        checks = [pool.submit(check, gateway, long) for _ in range(8)]
        alive = pool.submit(gateway.get, "/healthz")
        assert alive.result().status_code == 200
        assert {future.result().status_code for future in checks} == {200}


def test_gateway_without_a_trained_recogniser_serves_the_chat_and_says_so(
    start: Start, tmp_path: Path
) -> None:
    gateway = start(models_dir=tmp_path / "nothing")
    answer = check(gateway, SEED)
    assert answer.status_code == 503
    assert set(answer.json()["error"]) == {"what", "do"}
    assert gateway.post("/api/chat/conversations", json={}).status_code == 201


def test_api_describes_the_answer(gateway: httpx.Client) -> None:
    described = gateway.get("/api/openapi.json").json()
    asked = described["paths"]["/api/check"]["post"]
    assert set(asked["responses"]) == {"200", "413", "422", "429", "503"}
    answer = asked["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    fields = described["components"]["schemas"][answer.rsplit("/", 1)[-1]]["properties"]
    assert list(fields) == list(check(gateway, SEED).json())
