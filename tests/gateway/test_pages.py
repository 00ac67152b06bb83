from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

import bot.gateway
from bot.demo import loader

FOLDER = Path(bot.gateway.__file__).parent
Start = Callable[..., httpx.Client]


@pytest.mark.parametrize(
    "path", ["/chat", "/healthz", "/api/openapi.json", "/static/chat.js", "/x"]
)
def test_every_response_carries_the_security_headers(gateway: httpx.Client, path: str) -> None:
    headers = gateway.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in headers


def test_only_configured_origins_may_frame_the_chat(start: Start) -> None:
    gateway = start(frame_ancestors=("https://www.riverside-bank.example",))
    policy = gateway.get("/chat").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.riverside-bank.example")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("query", "accepted", "expected"),
    [
        ("?lang=zh", "en", "zh-CN"),
        ("", "zh-Hans-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("", "fr,en;q=0.5", "en"),
        ("?lang=xx", "", "en"),
    ],
)
def test_the_chat_page_speaks_the_readers_language(
    gateway: httpx.Client, query: str, accepted: str, expected: str
) -> None:
    page = gateway.get(f"/chat{query}", headers={"accept-language": accepted}).text
    assert f'<html lang="{expected}">' in page


@pytest.mark.parametrize("name", ["chat.html", "demo.html"])
def test_a_page_has_no_inline_script_style_or_foreign_address(name: str) -> None:
    page = (FOLDER / "templates" / name).read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


def test_the_chat_sets_text_only_as_text_and_keeps_history_in_the_session() -> None:
    files = [FOLDER / "static" / "chat.js", *(FOLDER / "static" / "chat").glob("*.js")]
    script = "".join(file.read_text(encoding="utf-8") for file in files)
    assert "innerHTML" not in script
    assert "insertAdjacentHTML" not in script
    assert "localStorage" not in script
    assert "document.cookie" not in script


def test_the_chat_page_shows_the_numbers_without_any_script(gateway: httpx.Client) -> None:
    page = gateway.get("/chat?lang=en").text
    assert 'href="tel:10100000000"' in page
    assert 'href="tel:110"' in page
    assert 'role="log"' in page


def test_the_demo_page_exists_only_in_the_demonstration(start: Start) -> None:
    answer = start().get("/")
    assert answer.status_code == 404
    assert "do" in answer.json()["error"]


def test_the_demo_page_signs_in_the_customer_that_was_chosen(start: Start) -> None:
    gateway = start(demo=True)
    page = gateway.get("/?lang=zh&who=C-1001").text
    token = re.search(r"#customer=([\w.-]+)", page)
    assert token is not None
    body = {"customer_token": token[1]}
    assert gateway.post("/api/chat/conversations", json=body).json()["identified"] is True
    assert page.count("data-ask=") == 3


def test_the_demo_page_signs_nobody_else(start: Start) -> None:
    page = start(demo=True).get("/?who=C-1002").text
    assert "#customer=" not in page


def test_the_demo_customers_exist_in_the_demo_data() -> None:
    customers = (loader.DEMO_DIR / "customers.csv").read_text(encoding="utf-8-sig")
    for block in _strings().values():
        for code in block["demo"]["customers"]:
            assert f"\n{code}," in customers


@pytest.mark.parametrize("path", ["/chat?lang=en", "/chat?lang=zh", "/?lang=en", "/?lang=zh"])
def test_no_page_shows_a_program_instead_of_a_word(start: Start, path: str) -> None:
    page = start(demo=True).get(path).text
    assert "built-in" not in page
    assert "{bank}" not in page
    assert "{hotline}" not in page


def test_every_language_has_the_same_words() -> None:
    blocks = list(_strings().values())
    assert len({_shape(block) for block in blocks}) == 1


def _strings() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "strings.yml").read_text(encoding="utf-8"))
    return loaded


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_shape(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_shape, value)) + "]"
    return "text" + "".join(sorted(re.findall(r"\{\w+\}", value if "{bank}" not in value else "")))
