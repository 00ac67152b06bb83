"""Whatever a stranger sends, the gateway answers it: no 5xx, and the headers are always there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from chat_steps import open_chat
from gateway_servers import StandInForRasa, free_port, plain_server, running
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from bot.casework.database import make_engine, migrate, session_factory
from bot.demo import load_demo
from bot.gateway.app import create_app
from bot.gateway.server import make_server
from bot.settings import Settings

MANY = "1000000/minute"
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
HEADERS = (
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "content-security-policy",
    "cache-control",
)
PATHS = (
    *("/api/chat/conversations", "/api/chat/messages", "/api/check", "/healthz", "/readyz", "/"),
    *("/chat", "/demo", "/card/x", "/acknowledge/x", "/packet/x", "/report/x", "/note/x"),
    *("/static/chat.js", "/static/../app.py", "/api/openapi.json", "/nothing"),
)
TEXTS = st.text(max_size=60)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
FIELDS = st.sampled_from(
    ("text", "language", "conversation", "customer_token", "card_token", "after", "extra")
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """One real gateway with the stand-in at Rasa's port and limits that never hold."""
    changed = Settings(
        _env_file=None,
        var_dir=Path(tmp_path_factory.mktemp("fuzz")),
        port=free_port(),
        rasa_port=free_port(),
        demo=True,
        **dict.fromkeys(
            ("limit_address", "limit_conversation", "limit_bank", "limit_total", "limit_polls"),
            MANY,
        ),
        limit_polls_address=MANY,
    )
    migrate(changed.effective_database_url)
    engine = make_engine(changed.effective_database_url)
    with session_factory(engine).begin() as session:
        load_demo(session)
    engine.dispose()
    app = create_app(changed, now=lambda: datetime.now(UTC))
    base = f"http://127.0.0.1:{changed.port}"
    with (
        running(plain_server(StandInForRasa().app, changed.rasa_port)),
        running(make_server(app, changed)),
        httpx.Client(base_url=base, timeout=15, trust_env=False) as client,
    ):
        yield client


def test_what_the_description_allows_is_answered_as_described(gateway: httpx.Client) -> None:
    schema = schemathesis.openapi.from_url(f"{gateway.base_url}/api/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 5
    for operation in operations:

        @FEW
        @given(case=operation.as_strategy())
        def answered(case: Any) -> None:
            case.validate_response(
                case.call(),
                checks=[not_a_server_error, content_type_conformance, response_schema_conformance],
            )

        answered()


@FEW
@given(path=st.sampled_from(PATHS), body=ANY_JSON)
def test_any_json_is_answered(gateway: httpx.Client, path: str, body: Any) -> None:
    raw = json.dumps(body).encode()
    answer = gateway.post(path, content=raw, headers={"content-type": "application/json"})
    judge(answer)


@FEW
@given(path=st.sampled_from(PATHS[:3]), fields=st.dictionaries(FIELDS, SCALARS, max_size=5))
def test_any_values_of_known_fields_are_answered(
    gateway: httpx.Client, path: str, fields: dict[str, Any]
) -> None:
    body = json.dumps({"conversation": open_chat(gateway), "text": "hello", **fields})
    judge(gateway.post(path, content=body.encode(), headers={"content-type": "application/json"}))


@FEW
@given(
    method=st.sampled_from(("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")),
    path=st.sampled_from(PATHS),
    body=st.binary(max_size=200),
    kind=st.sampled_from(("application/json", "text/plain", "multipart/form-data", "", "x")),
    query=st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=3),
)
def test_any_request_is_answered(
    gateway: httpx.Client, method: str, path: str, body: bytes, kind: str, query: dict[str, str]
) -> None:
    judge(gateway.request(method, path, content=body, params=query, headers={"content-type": kind}))


@FEW
@given(
    text=st.text(min_size=1, max_size=200),
    language=st.sampled_from((None, "en", "zh", "zz", "zh-TW")),
)
def test_any_words_are_answered_or_refused_readably(
    gateway: httpx.Client, text: str, language: str | None
) -> None:
    body = {"conversation": open_chat(gateway), "text": text, "language": language}
    answer = gateway.post("/api/chat/messages", json=body)
    assert answer.status_code in (200, 422), answer.text
    judge(answer)


@FEW
@given(
    token=st.text(
        alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=1200
    ),
    after=st.integers() | st.text(max_size=10),
)
def test_any_token_that_is_not_ours_reads_nothing(
    gateway: httpx.Client, token: str, after: int | str
) -> None:
    headers = {"authorization": f"Bearer {token}"}
    answer = gateway.get("/api/chat/messages", params={"after": str(after)}, headers=headers)
    assert answer.status_code in (401, 422), answer.text
    judge(answer)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_security_headers(gateway: httpx.Client, path: str) -> None:
    judge(gateway.get(path))


def test_the_description_names_every_address_of_the_api(gateway: httpx.Client) -> None:
    described = gateway.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert {"/api/chat/conversations", "/api/chat/messages", "/api/check"} <= set(
        described["paths"]
    )
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description") or operation.get("summary"), (method, path)


def judge(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    missing = [name for name in HEADERS if name not in answer.headers]
    assert missing == [], answer.request.url
